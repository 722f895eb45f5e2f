import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";

/** The published document, as the tests read it: nothing of how it is made. */
export const openapi = JSON.parse(
  readFileSync(new URL("../../../core/api/openapi.json", import.meta.url), "utf8"),
) as OpenApi;

interface OpenApi {
  openapi: string;
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, { get: Operation }>;
  components: {
    responses: Record<string, { description?: string; headers?: object; content?: Record<string, Media> }>;
    schemas: Record<string, object>;
    parameters: Record<string, object>;
    headers: Record<string, object>;
    securitySchemes: Record<string, object>;
  };
}

interface Media {
  schema: object;
  examples?: Record<string, Example>;
}

interface Parameter {
  name: string;
  in: "query" | "path" | "header";
  required?: boolean;
  schema: object;
}

interface Example {
  summary: string;
  value: unknown;
}

export interface Operation {
  operationId: string;
  description?: string;
  security?: Record<string, string[]>[];
  requestBody?: { content: Record<string, Media> };
  tags: string[];
  parameters?: (Parameter & { $ref?: string })[];
  responses: Record<string, { $ref?: string; description?: string; headers?: object; content?: Record<string, Media> }>;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
// The default export of a CommonJS module, under NodeNext.
(formats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema({ $id: "openapi", ...(closed(openapi) as object) });

/** A parameter in the place of a reference to it. */
export function resolved(parameter: Parameter & { $ref?: string }): Parameter {
  const name = parameter.$ref?.split("/").at(-1);
  return name === undefined ? parameter : (openapi.components.parameters[name] as Parameter);
}

const validators = new Map<string, ValidateFunction>();

/** What is wrong with a body, by the schema of its path, status and media type; nothing where it conforms. */
export function faultsOf(
  path: string,
  status: number | string,
  mediaType: string,
  body: unknown,
  method = "get",
): string[] {
  const response = openapi.paths[path]?.[method as "get"]?.responses[status];
  const shared = response?.$ref?.split("/").at(-1);
  const place = shared ? `components/responses/${shared}` : `paths/${pointer(path)}/${method}/responses/${status}`;
  const key = `#/${place}/content/${pointer(mediaType)}/schema`;
  const schema = (shared ? openapi.components.responses[shared] : response)?.content?.[mediaType];
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
