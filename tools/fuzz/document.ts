import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { PREFIX } from "#core/api/endpoint.ts";
import openapi from "#core/api/openapi.json" with { type: "json" };

/** The committed OpenAPI document, as the fuzz reads it: what may be requested, and what a response must look like. */

export interface ParameterSchema {
  $ref?: string;
  type: string;
  enum?: readonly string[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  default?: string;
  /** Of a list, whose values are separated by commas. */
  items?: ParameterSchema;
  maxItems?: number;
}

export interface Parameter {
  name: string;
  in: "query" | "path";
  required: boolean;
  schema: ParameterSchema;
}

export interface Operation {
  id: string;
  /** With `{name}` in the place of a path parameter. */
  path: string;
  parameters: readonly Parameter[];
  /** Whether a 200 is what the document says. */
  validate: ValidateFunction;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
// The package's default export is the CommonJS module.
(addFormats as unknown as typeof addFormats.default)(ajv);
ajv.addSchema(openapi, "document");

const pointer = (...steps: string[]) => `document#/${steps.map(escapeStep).join("/")}`;

export const isProblem: ValidateFunction = validatorAt(pointer("components", "schemas", "Problem"));

export const OPERATIONS: readonly Operation[] = readsOfRates().map(({ path, get }) => ({
  id: get.operationId,
  path,
  parameters: (get.parameters ?? []).map(resolved).filter((parameter) => ["query", "path"].includes(parameter.in)),
  validate: validatorAt(pointer("paths", path, "get", "responses", "200", "content", "application/json", "schema")),
}));

interface Described {
  operationId: string;
  parameters?: (Parameter & Reference)[];
  responses: object;
  security?: object[];
}

interface Reference {
  $ref?: string;
}

/** Every operation that anybody may call, without connections that stay open, which have no 304. */
function readsOfRates(): { path: string; get: Described }[] {
  return Object.entries(openapi.paths as unknown as Record<string, { get?: Described }>).flatMap(([path, { get }]) =>
    path.startsWith(PREFIX) && get !== undefined && !get.security && "304" in get.responses ? [{ path, get }] : [],
  );
}

/** Every method and path that needs a token, and the one that gives it. */
export const PRIVATE_TARGETS: readonly { method: string; path: string }[] = Object.entries(openapi.paths).flatMap(
  ([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      "security" in operation ? [{ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, "x") }] : [],
    ),
);

/** A parameter with its schema, in the place of references to them. */
function resolved(parameter: Parameter & Reference): Parameter {
  const { schema, ...rest } = { ...parameter, ...componentAt<Parameter>(parameter) };
  return { ...rest, schema: whole(schema) };
}

function whole(schema: ParameterSchema): ParameterSchema {
  const { items, ...rest } = { ...componentAt<ParameterSchema>(schema), ...schema };
  return items === undefined ? rest : { ...rest, items: whole(items) };
}

function componentAt<Component>({ $ref }: Reference): Component | undefined {
  const [kind = "", name = ""] = $ref?.split("/").slice(-2) ?? [];
  return (openapi.components as unknown as Record<string, Record<string, Component>>)[kind]?.[name];
}

function validatorAt(address: string): ValidateFunction {
  return ajv.compile({ $ref: address });
}

function escapeStep(step: string): string {
  return encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"));
}
