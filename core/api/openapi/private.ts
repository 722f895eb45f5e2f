import { type RouteConfig, z } from "@hono/zod-openapi";
import { SCOPES } from "../../auth/scopes.ts";
import { type PrivateEndpoint, routeOf } from "../private/endpoint.ts";
import { TOKEN_PATH } from "../private/paths.ts";
import { named } from "../response-fields.ts";
import { problemReferences } from "./responses.ts";

/** The operations that need an access token, and the one that issues it. */

/** The platform that `npm run dev` starts; each host puts its own URL in its place (documents.ts). */
export const LOCAL_URL = "http://127.0.0.1:8787";

export const SECURITY_SCHEMES = {
  oauth2: {
    type: "oauth2",
    description: "An access token (RFC 9068) for a key, good for ten minutes.",
    flows: { clientCredentials: { tokenUrl: `${LOCAL_URL}${TOKEN_PATH}`, scopes: SCOPES } },
  },
  key: {
    type: "http",
    scheme: "basic",
    description: "A key: its id as the user name, its secret as the password.",
  },
} as const;

/** A private endpoint's route with its words, and with the schemas of all its responses. */
export function privateRoute(endpoint: PrivateEndpoint): RouteConfig {
  const { id, tag, summary, description, returns, scope, method, status, body, response, params } = endpoint;
  const needs = scope === undefined ? "Needs an access token." : `Needs the scope \`${scope}\`.`;
  const found = response && { content: { "application/json": { schema: response() } } };
  const statuses = [400, 401, 403, ...("id" in params.shape ? [404] : []), ...(body ? [413, 415] : [])];
  return {
    ...routeOf(endpoint),
    operationId: id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
    tags: [tag],
    summary,
    description: `${description ?? returns} ${needs}`,
    security: [{ oauth2: scope === undefined ? [] : [scope] }],
    responses: {
      [status]: { description: returns, ...found },
      ...problemReferences([
        ...statuses,
        ...(method === "get" ? [] : [409]),
        ...(method === "post" ? [422] : []),
        429,
        500,
        503,
      ]),
    },
  } as RouteConfig;
}

const scopes = () => z.string().openapi({ description: "Separated by spaces.", example: "alerts:read alerts:write" });

const tokenFault = () =>
  z
    .object({
      error: z
        .enum([
          "invalid_request",
          "invalid_client",
          "invalid_scope",
          "unsupported_grant_type",
          "temporarily_unavailable",
        ])
        .openapi(named("TokenErrorCode")),
      error_description: z.string().optional(),
    })
    .openapi("TokenError");

/** A refusal with an example of it. */
const tokenError = (error: string, description: string) => ({
  description,
  content: {
    "application/json": {
      schema: tokenFault(),
      examples: { example: { value: { error, error_description: description } } },
    },
  },
});

/** The token endpoint, whose errors are those of RFC 6749 rather than problems. */
export const tokenRoute: RouteConfig = {
  method: "post",
  path: TOKEN_PATH,
  operationId: "requestToken",
  tags: ["Account"],
  summary: "An access token for a key",
  description:
    "OAuth 2.0 client credentials (RFC 6749 §4.4), at most five a minute and key. The key may also be in the body, as `client_id` and `client_secret`.",
  security: [{ key: [] }],
  request: {
    body: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: z
            .object({
              grant_type: z.literal("client_credentials"),
              scope: scopes().optional(),
              client_id: z.string().optional(),
              client_secret: z.string().optional(),
            })
            .openapi("TokenRequest"),
        },
      },
    },
  },
  responses: {
    200: {
      description: "The token, and what it may be used for.",
      content: {
        "application/json": {
          schema: z
            .object({
              access_token: z.string().openapi({ example: "eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9…" }),
              token_type: z.literal("Bearer"),
              expires_in: z.int().openapi({ description: "Seconds.", example: 600 }),
              scope: scopes(),
            })
            .openapi("AccessToken"),
        },
      },
    },
    400: tokenError("invalid_scope", "The request is invalid, or the key does not have the scope."),
    401: tokenError("invalid_client", "There is no such key, or it is no longer in force."),
    429: tokenError("temporarily_unavailable", "Too many tokens for one key; `Retry-After` says how long to wait."),
    ...problemReferences([500, 503]),
  },
};
