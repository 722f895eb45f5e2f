import { OpenAPIHono, type RouteConfig } from "@hono/zod-openapi";
import { type Endpoint, PREFIX } from "./endpoint.ts";
import { ENDPOINTS } from "./endpoint-list.ts";
import { LIVE_ENDPOINTS } from "./live.ts";
import * as fields from "./response-fields.ts";

/** The OpenAPI 3.1 document of the public API. Generated at build and committed; nothing makes it per request. */
export function openApiDocument(): ReturnType<OpenAPIHono["getOpenAPI31Document"]> {
  const api = new OpenAPIHono();
  for (const endpoint of ENDPOINTS) api.openAPIRegistry.registerPath(documented(endpoint));
  for (const live of Object.values(LIVE_ENDPOINTS)) api.openAPIRegistry.registerPath(documentedLive(live));
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Paridad",
      version: "1",
      description:
        "Exchange rates of Banco de México, exact to the published digit. Rates are decimal strings; dates are determination dates, in Mexico City. Currency codes may be in lower case, a path may end in a slash, and `_` and `utm_*` parameters are ignored; any other unknown parameter is an error. Source of the rates: Banco de México.",
      license: { name: "MIT" },
    },
    servers: [{ url: "/", description: `This host; paths begin with ${PREFIX}.` }],
  });
}

/** An endpoint's route with its words, and with the schemas of all its responses. */
function documented({ route, id, tag, summary, description, returns, response, isList }: Endpoint): RouteConfig {
  return {
    ...route,
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    responses: {
      200: { description: returns, content: { "application/json": { schema: response() }, ...(isList && AS_LINES) } },
      304: { description: "Not modified: the ETag still holds." },
      400: problem("A parameter is invalid; `errors` names each."),
      404: problem("No rate for this request; `detail` gives the available range."),
      429: problem("Too many requests; `Retry-After` says how long to wait."),
      503: problem("No data source can be reached; `Retry-After` says when to retry."),
    },
  };
}

/** The same for a connection that stays open. */
function documentedLive({ route, id, summary, description, returns, status, contentType }: Live): RouteConfig {
  const content = contentType && { [contentType]: { schema: { type: "string" as const } } };
  return {
    ...route,
    operationId: id,
    tags: ["Events"],
    summary,
    description,
    responses: {
      [status]: { description: returns, ...(content && { content }) },
      400: problem("A parameter is invalid; `errors` names each."),
      404: problem("A pair is not served, or the host has no such connections."),
      ...(status === 101 && { 426: problem("The request asks for no WebSocket.") }),
      429: problem("Too many requests; `Retry-After` says how long to wait."),
      503: problem("Too many connections; `Retry-After` says when to retry."),
    },
  };
}

type Live = (typeof LIVE_ENDPOINTS)[keyof typeof LIVE_ENDPOINTS];

/** The other forms of a list. */
const AS_LINES = {
  "text/csv": { schema: { type: "string", description: "A header, and one line per item of the list (RFC 4180)." } },
  "application/x-ndjson": { schema: { type: "string", description: "One JSON object per line and item of the list." } },
} as const;

function problem(description: string) {
  return { description, content: { "application/problem+json": { schema: fields.problem() } } };
}
