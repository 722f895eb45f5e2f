import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import openapi from "#core/api/openapi.json" with { type: "json" };

/** The committed OpenAPI document, as the fuzz reads it: what may be requested, and what a response must look like. */

export interface ParameterSchema {
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

/** Without connections that stay open. */
const finite = Object.entries(openapi.paths).filter(([, { get }]) => "304" in get.responses);

export const OPERATIONS: readonly Operation[] = finite.map(([path, { get }]) => ({
  id: get.operationId,
  path,
  parameters: "parameters" in get ? (get.parameters as Parameter[]) : [],
  validate: validatorAt(pointer("paths", path, "get", "responses", "200", "content", "application/json", "schema")),
}));

function validatorAt(address: string): ValidateFunction {
  return ajv.compile({ $ref: address });
}

function escapeStep(step: string): string {
  return encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"));
}
