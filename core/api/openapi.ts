import { createRoute, OpenAPIHono, type RouteConfig } from "@hono/zod-openapi";
import { type Endpoint, PREFIX } from "./endpoint.ts";
import { ENDPOINTS } from "./endpoint-list.ts";
import { Components, pascal, type Schema } from "./openapi/components.ts";
import { healthRoute } from "./openapi/health.ts";
import { liveRoutes } from "./openapi/live.ts";
import { type Parameter, shareParameters } from "./openapi/parameters.ts";
import { LOCAL_URL, privateRoute, SECURITY_SCHEMES, tokenRoute } from "./openapi/private.ts";
import {
  HEADERS,
  IDEMPOTENCY_KEY,
  IF_NONE_MATCH,
  LIST_HEADERS,
  problemResponses,
  RATE_HEADERS,
  readReferences,
} from "./openapi/responses.ts";
import { PRIVATE_ENDPOINTS } from "./private/endpoint-list.ts";
import * as fields from "./response-fields.ts";

/** What the document says of one operation. */
export interface DocumentedOperation {
  operationId: string;
  tags: string[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, DocumentedMedia> };
  responses: Record<string, DocumentedResponse>;
  security?: object[];
}

export interface DocumentedResponse {
  $ref?: string;
  description?: string;
  headers?: object;
  content?: Record<string, DocumentedMedia>;
}

export interface DocumentedMedia {
  schema: Schema;
  examples?: Record<string, object>;
}

export interface OpenApiDocument {
  openapi: string;
  servers: { url: string; description: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: Record<string, Record<string, unknown>>;
}

const DESCRIPTION = `Official exchange rates of central banks, exact to the published digit. Rates are decimal strings; dates are determination dates in the provider's time zone.

Currency codes may be in lower case, a path may end in a slash, and \`_\` and \`utm_*\` parameters are ignored; any other unknown parameter is an error. Reading rates takes no key. This document only grows: fields and parameters are added within \`v1\`, none is removed or changes its meaning.`;

/** What each group of operations is about. */
const TAGS: Record<string, string> = {
  Rates: "Current and historical rates, averages and conversion.",
  Analytics: "What the rates of a period add up to.",
  Catalogue: "Currencies, series, providers and their calendars.",
  Events: "What was published, as a log and as it happens.",
  Account: "Access tokens, the account and its keys.",
  Alerts: "Alerts on rates, and what they reported.",
  Webhooks: "Where alerts are delivered, and how deliveries went.",
  Platform: "The state of the platform.",
};

const SERVERS = [{ url: LOCAL_URL, description: "The platform that `npm run dev` starts." }];

/** The OpenAPI 3.1 document of the public API. Generated at build and committed; nothing makes it per request. */
export function openApiDocument(): OpenApiDocument {
  const api = new OpenAPIHono();
  for (const endpoint of ENDPOINTS) api.openAPIRegistry.registerPath(documented(endpoint));
  for (const route of [...liveRoutes(), tokenRoute, ...PRIVATE_ENDPOINTS.map(privateRoute), healthRoute])
    api.openAPIRegistry.registerPath(route);
  api.openAPIRegistry.register("Problem", fields.problem());
  const document = api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Paridad",
      version: "1",
      description: DESCRIPTION,
      contact: { name: "Paridad" },
      // The type is of OpenAPI 3.0, which has no identifiers.
      license: { name: "MIT", identifier: "MIT" } as { name: string },
    },
    servers: SERVERS,
    // Reading takes no credentials; operations that take them say so.
    security: [],
    tags: [],
  }) as unknown as OpenApiDocument;
  return finished(document);
}

/** The document with a name for everything, and with the responses and headers that operations share. */
function finished(document: OpenApiDocument): OpenApiDocument {
  const components = new Components((document.components.schemas ?? {}) as Record<string, Schema>);
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
  for (const operation of operations) {
    const place = pascal(operation.operationId);
    for (const parameter of operation.parameters ?? [])
      parameter.schema = withoutWords(
        components.reference(parameter.schema, place + pascal(parameter.name)),
        parameter,
      );
    const bodies = [
      { name: `${place}Request`, content: operation.requestBody?.content },
      ...Object.values(operation.responses).map(({ content }) => ({ name: `${place}Response`, content })),
    ];
    for (const { name, content = {} } of bodies)
      for (const media of Object.values(content)) media.schema = components.reference(media.schema, name);
  }
  for (const operation of operations) {
    const headers = [
      ...("304" in operation.responses ? [IF_NONE_MATCH] : []),
      ...(isRepeatable(operation) ? [IDEMPOTENCY_KEY] : []),
    ];
    if (headers.length > 0) operation.parameters = [...(operation.parameters ?? []), ...headers];
  }
  const shared = shareParameters(operations);
  const responses = referenced(document.paths, "responses", problemResponses(`${PREFIX}/rates/current`));
  const tags = [...new Set(operations.flatMap(({ tags }) => tags))];
  return {
    ...document,
    tags: tags.map((name) => ({ name, description: TAGS[name] ?? `${name}.` })),
    components: {
      securitySchemes: SECURITY_SCHEMES,
      schemas: sorted(components.schemas),
      parameters: shared,
      headers: referenced([document.paths, responses], "headers", HEADERS),
      responses,
    },
  };
}

/** Whether an `Idempotency-Key` makes it safe to send a request twice. */
function isRepeatable({ responses }: DocumentedOperation): boolean {
  return "422" in responses;
}

/** An endpoint's route with its words, and with the schemas of all its responses. */
function documented(endpoint: Endpoint): RouteConfig {
  const { path, schemas, id, tag, summary, description, returns, response, isList } = endpoint;
  return createRoute({
    method: "get",
    path,
    request: schemas(),
    operationId: id,
    tags: [tag],
    summary,
    description: description ?? returns,
    responses: {
      200: {
        description: isList ? `${returns} ${AS_NDJSON}` : returns,
        headers: isList ? LIST_HEADERS : RATE_HEADERS,
        content: { "application/json": { schema: response() }, ...(isList && AS_LINES) },
      },
      ...readReferences(),
    },
  } as RouteConfig);
}

/** Another form of a list. */
const AS_LINES = {
  "text/csv": { schema: { type: "string", description: "A header, and one line per item of the list (RFC 4180)." } },
} as const;

/** Told in words only: if it is listed, generated clients (orval) take every response for a stream and don't parse its JSON. */
const AS_NDJSON = "With `format=ndjson` it is `application/x-ndjson`: one JSON object per line and item.";

/** The schema of a parameter without a description that the parameter itself has. */
function withoutWords(schema: Schema, { description }: Parameter): Schema {
  if (schema.description !== description) return schema;
  const { description: _, ...rest } = schema;
  return rest;
}

/** Those components of a kind that `user` refers to. */
function referenced<Value>(user: object, kind: string, components: Record<string, Value>): Record<string, Value> {
  const text = JSON.stringify(user);
  return Object.fromEntries(
    Object.entries(components).filter(([name]) => text.includes(`"#/components/${kind}/${name}"`)),
  );
}

function sorted<Value>(named: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)));
}
