import { type RouteConfig, z } from "@hono/zod-openapi";
import { SCOPES } from "../../auth/scopes.ts";
import * as fields from "../response-fields.ts";
import { type PrivateEndpoint, routeOf } from "./endpoint.ts";
import { TOKEN_PATH } from "./paths.ts";

/** The private API's part of the OpenAPI document. */

const SCHEME = "oauth2";

export const SECURITY_SCHEMES = {
  [SCHEME]: {
    type: "oauth2",
    description: "An access token (RFC 9068) for an API key, good for ten minutes.",
    flows: { clientCredentials: { tokenUrl: TOKEN_PATH, scopes: SCOPES } },
  },
} as const;

export function documentedPrivate(endpoint: PrivateEndpoint): RouteConfig {
  const { id, tag, scope, summary, description, returns, status, response, method, body } = endpoint;
  const content = response && { "application/json": { schema: response() } };
  const headers = method === "post" ? { headers: IDEMPOTENCY_HEADER } : {};
  const route = routeOf(endpoint);
  return {
    ...route,
    request: { ...route.request, ...headers },
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: [{ [SCHEME]: scope === undefined ? [] : [scope] }],
    responses: {
      [status]: { description: returns, ...(content && { content }) },
      400: problem("A parameter or a field of the body is invalid; `errors` names each."),
      401: problem("There is no valid access token, or its key was revoked."),
      403: problem("The token lacks the scope, or the plan allows no more."),
      404: problem("The account has no such object."),
      ...(body && {
        413: problem("The body has more than 16 kB."),
        415: problem("The body is not JSON."),
      }),
      ...(method === "post" && { 422: problem("The `Idempotency-Key` was sent with another request before.") }),
      429: problem("Too many requests; `Retry-After` says how long to wait."),
      503: problem("The origin can't be reached; `Retry-After` says when to retry."),
    },
  };
}

const IDEMPOTENCY_HEADER = z.object({
  "Idempotency-Key": z.string().optional().openapi({
    description: "The same request with the same key, within 24 hours, has no second effect.",
    example: "6f1c2d9a-alert-usdmxn",
  }),
});

function problem(description: string) {
  return { description, content: { "application/problem+json": { schema: fields.problem() } } };
}

const tokenFields = () =>
  z.object({
    grant_type: z.literal("client_credentials"),
    client_id: z.string().optional().openapi({ description: "The key's id." }),
    client_secret: z.string().optional().openapi({ description: "The key. Or send both as Basic authentication." }),
    scope: z
      .string()
      .optional()
      .openapi({ description: "Separated by spaces. Default: all that the key has.", example: "alerts:read" }),
  });

const tokenErrors = () =>
  z
    .object({ error: z.string(), error_description: z.string() })
    .openapi("TokenError", { description: "RFC 6749 §5.2." });

/** The request for a token, which is RFC 6749's and no endpoint of ours. */
export function documentedTokenRequest(): RouteConfig {
  const schema = tokenFields();
  const refused = (description: string) => ({
    description,
    content: { "application/json": { schema: tokenErrors() } },
  });
  return {
    method: "post",
    path: TOKEN_PATH,
    operationId: "requestToken",
    tags: ["Account"],
    summary: "Request an access token",
    description: "Client credentials (RFC 6749 §4.4), as a form or JSON.",
    security: [],
    request: {
      body: {
        required: true,
        content: { "application/x-www-form-urlencoded": { schema }, "application/json": { schema } },
      },
    },
    responses: {
      200: {
        description: "An access token for `Authorization: Bearer`.",
        content: {
          "application/json": {
            schema: z
              .object({
                access_token: z.string(),
                token_type: z.literal("Bearer"),
                expires_in: z.int().openapi({ description: "Seconds.", example: 600 }),
                scope: z.string().openapi({ example: "alerts:read alerts:write" }),
              })
              .openapi("AccessToken"),
          },
        },
      },
      400: refused("The request is not valid, or asks for a scope that the key lacks."),
      401: refused("There is no such key, or it is no longer in force."),
      429: refused("The key requested too many tokens; `Retry-After` says how long to wait."),
      503: problem("The origin can't be reached; `Retry-After` says when to retry."),
    },
  };
}
