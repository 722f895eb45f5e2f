import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";

/** The published document, as the tests read it: nothing of how it is made. */
export const openapi = JSON.parse(
  readFileSync(new URL("../../../core/api/openapi.json", import.meta.url), "utf8"),
) as OpenApi;

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation> & { get: Operation }>;
  components: { securitySchemes: Record<string, object> };
}

interface Operation {
  operationId: string;
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: "query" | "path"; required?: boolean; schema: object }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
// The default export of a CommonJS module, under NodeNext.
(formats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema({ $id: "openapi", ...(closed(openapi) as object) });

const validators = new Map<string, ValidateFunction>();

/** What is wrong with a body, by the schema of its path, status and media type; nothing where it conforms. */
export function faultsOf(path: string, status: number, mediaType: string, body: unknown): string[] {
  const key = `#/paths/${pointer(path)}/get/responses/${status}/content/${pointer(mediaType)}/schema`;
  const schema = openapi.paths[path]?.get.responses[status]?.content?.[mediaType];
  if (!schema) return [`${path} documents no ${status} of ${mediaType}`];
  const validate = validators.get(key) ?? ajv.compile({ $ref: `openapi${key}` });
  validators.set(key, validate);
  return validate(body) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The schema with every object closed: an answer may hold no member that the document does not name. */
function closed(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const members = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return members.type === "object" && "properties" in members ? { ...members, additionalProperties: false } : members;
}

function pointer(text: string): string {
  return encodeURIComponent(text.replaceAll("~", "~0").replaceAll("/", "~1"));
}
