import type { Schema } from "#core/api/openapi/components.ts";
import type { Parameter } from "#core/api/openapi/parameters.ts";
import type { DocumentedOperation, OpenApiDocument } from "#core/api/openapi.ts";
import { type ExampleApi, exampleApi } from "../example/example-api.ts";

/** Adds to each operation of the document what it really returns, so that no example is out of date. */

/** Requests that say more than the required parameters alone. */
const QUERIES: Record<string, string> = {
  historicalRates: "from=2023-12-27&to=2023-12-29",
  ratesOnDates: "dates=2023-12-29,2023-12-25",
  volatility: "from=2023-01-01&to=2023-12-31",
  bars: "from=2023-11-01&to=2023-12-31",
  change: "from=2023-01-01&to=2023-12-31",
  statistics: "from=2023-01-01&to=2023-12-31",
  latestRates: "quotes=EUR,JPY",
};

/** Where the examples differ from the required parameters' own. */
const PATHS: Record<string, string> = { "/api/v1/calendar/{provider}/{year}": "/api/v1/calendar/banxico/2023" };

/** What `format` says for a media type other than JSON. */
const FORMATS: Record<string, string> = { "text/csv": "csv" };

/** Never ends, and so is not asked for. */
const EVENT_STREAM = "text/event-stream";

/** Of providers that are polled, of which the example has none. */
const WITHOUT_DATA = ["intradayRates", "crossRates"];

const MAX_ITEMS = 3;
const MAX_LINES = 4;

/** The document with the examples. Those of operations that need credentials are made of what their schemas say. */
export async function withExamples(document: OpenApiDocument): Promise<OpenApiDocument> {
  const api = exampleApi();
  const sample = (schema: Schema) => ({
    value: sampleOf(schema, document.components.schemas as Record<string, Schema>),
  });
  for (const [path, item] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(item)) {
      const isPublic = method === "get" && !operation.security && !WITHOUT_DATA.includes(operation.operationId);
      const target = examplePath(document, PATHS[path] ?? path, operation);
      const { requestBody, responses } = operation;
      for (const content of [requestBody?.content, ...Object.values(responses).map(({ content }) => content)])
        for (const [mediaType, media] of Object.entries(content ?? {})) {
          const isReal = isPublic && responses[200]?.content === content && mediaType !== EVENT_STREAM;
          media.examples ??= { example: isReal ? await exampleOf(api, target, mediaType) : sample(media.schema) };
        }
    }
  return document;
}

/** A value that a schema describes, of the examples in it. */
function sampleOf(schema: Schema, schemas: Record<string, Schema>): unknown {
  const { $ref, example, default: fallback, properties, items, anyOf, type } = schema;
  const given = example ?? fallback ?? schema.const ?? schema.enum?.[0];
  if (given !== undefined) return given;
  if ($ref !== undefined) return sampleOf(schemas[$ref.split("/").at(-1) ?? ""] ?? {}, schemas);
  if (anyOf?.[0]) return sampleOf(anyOf[0], schemas);
  if (items) return [sampleOf(items, schemas)];
  if (properties) {
    const entries = Object.entries(properties);
    return Object.fromEntries(entries.map(([name, inner]) => [name, sampleOf(inner, schemas)]));
  }
  const [kind] = [type].flat();
  return (
    { integer: 1, number: 1, boolean: true, object: {}, string: SAMPLES[schema.format ?? ""] ?? "text" }[kind ?? ""] ??
    null
  );
}

const SAMPLES: Record<string, string> = {
  date: "2023-12-29",
  "date-time": "2024-01-02T18:00:00Z",
  uri: "https://example.org/paridad",
};

/** The request of an operation's example: its required parameters, or what QUERIES says. */
function examplePath(document: OpenApiDocument, path: string, { operationId, parameters = [] }: DocumentedOperation) {
  const all = parameters.map(({ $ref, ...own }) => ($ref ? shared(document, $ref) : own) as Parameter);
  const required = all.filter(({ required }) => required);
  const text = ({ schema, example }: Parameter & { example?: unknown }) => String(example ?? schema.example ?? "");
  const filled = required
    .filter((parameter) => parameter.in === "path")
    .reduce((target, parameter) => target.replace(`{${parameter.name}}`, text(parameter)), path);
  const query = required.filter((parameter) => parameter.in === "query");
  const own = query.map((parameter) => `${parameter.name}=${text(parameter)}`).join("&");
  const search = QUERIES[operationId] ?? own;
  return search ? `${filled}?${search}` : filled;
}

async function exampleOf(api: ExampleApi, target: string, mediaType: string): Promise<object> {
  const format = FORMATS[mediaType];
  const summary = format ? `${target}${target.includes("?") ? "&" : "?"}format=${format}` : target;
  const response = await api(new Request(`http://localhost${summary}`));
  const body = await response.text();
  if (!response.ok) throw new Error(`${summary} has no example: ${response.status} ${body}`);
  const isJson = mediaType === "application/json";
  return {
    summary,
    value: isJson
      ? shortened(JSON.parse(body))
      : body
          .split(/(?<=\n)/)
          .slice(0, MAX_LINES)
          .join(""),
  };
}

/** The value with its lists cut to the first few items. */
function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(shortened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortened(inner)]));
}

function shared(document: OpenApiDocument, reference: string): unknown {
  return document.components.parameters?.[reference.split("/").at(-1) ?? ""];
}
