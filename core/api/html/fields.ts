import openapi from "../openapi.json" with { type: "json" };

/** As much of JSON Schema as the OpenAPI document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  format?: string;
  description?: string;
  default?: unknown;
  example?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  pattern?: string;
}

export interface Field {
  /** Where it is in the response, e.g. `observations[].date`. */
  name: string;
  type: string;
  description?: string;
  example?: string;
}

/** The fields of a response and of the objects and lists in it, in the document's order. */
export function fieldsOf(schema: Schema, within = ""): Field[] {
  const { properties = {}, required = [], anyOf = [] } = resolve(schema);
  if (anyOf.length > 0) return anyOf.flatMap((one) => fieldsOf(one, within));
  return Object.entries(properties).flatMap(([name, property]) => {
    const list = resolve(property).items;
    const { properties: inner, example } = resolve(list ?? property);
    const { description } = resolve(property);
    const field: Field = {
      name: within + name,
      type: typeOf(property) + (required.includes(name) ? "" : ", optional"),
      ...(description && { description }),
      ...(example !== undefined && { example: String(example) }),
    };
    if (!inner) return [field];
    const fields = fieldsOf(list ?? property, `${within}${name}${list ? "[]" : ""}.`);
    return description ? [field, ...fields] : fields;
  });
}

function typeOf(schema: Schema): string {
  const { type, enum: values, format, items } = resolve(schema);
  if (items) return `list of ${typeOf(items)}s`;
  if (values) return values.join(" or ");
  const types = [type ?? "any"].flat().map((name) => (name === "string" && format ? format : name));
  return types.join(" or ");
}

const SCHEMAS = openapi.components.schemas as unknown as Record<string, Schema>;

/** The schema that a reference leads to, with what is said beside the reference. */
export function resolve({ $ref, ...own }: Schema): Schema {
  const name = $ref?.split("/").at(-1);
  if (name !== undefined) return { ...SCHEMAS[name], ...own };
  const [one, other] = own.anyOf ?? [];
  // "It or null" is the thing itself, with another type beside its own.
  if (one === undefined || other?.type !== "null") return own;
  const { anyOf: _, ...said } = own;
  const inner = resolve(one);
  return { ...inner, ...said, type: [inner.type ?? "any", "null"].flat() };
}
