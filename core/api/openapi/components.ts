/**
 * Gives every object, enum and shared kind of text in a document a name of its own under `components`, so that generators
 * make one type of each. `x-component` in a schema says its name, and `x-description` what all its uses have in common;
 * without a name it gets one that says where it is.
 */

/** As much of JSON Schema as the document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  enum?: readonly unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  description?: string;
  example?: unknown;
  default?: unknown;
  [other: string]: unknown;
}

/** What is said of one use of a schema, and stays with it when the schema gets a name. */
const OF_THE_USE = ["description", "example", "examples", "default", "deprecated", "title"] as const;

/** Formats that are one kind of text everywhere. */
const BY_FORMAT: Record<string, string> = { date: "PlainDate", "date-time": "Instant" };

const COMBINATIONS = ["anyOf", "oneOf", "allOf"] as const;

/** The components of a document, to which schemas are moved. */
export class Components {
  readonly schemas: Record<string, Schema> = {};
  /** What each named schema means apart from its words, so that two uses of one are told from two that differ. */
  readonly #meanings = new Map<string, string>();

  constructor(named: Record<string, Schema>) {
    // All names first: an inline schema may equal one that comes later.
    for (const name of Object.keys(named)) this.schemas[name] = {};
    for (const [name, schema] of Object.entries(named)) {
      this.schemas[name] = this.#withNamedParts(schema, name);
      this.#meanings.set(name, meaningOf(this.schemas[name]));
    }
  }

  /** The schema with all that deserves a name replaced by references. `place` names what has none. */
  reference(schema: Schema, place: string): Schema {
    if (schema.$ref !== undefined) return schema;
    const inner = this.#withNamedParts(schema, place);
    const types = [inner.type ?? []].flat();
    const isNullable = types.length > 1 && types.includes("null");
    const core = isNullable ? withoutNull(inner, types) : inner;
    const name = nameOf(core, place);
    if (name === undefined) return withoutMarker(inner);
    const $ref = `#/components/schemas/${this.#add(name, place, definitionOf(core))}`;
    const said = usesOf(inner);
    return isNullable ? { anyOf: [{ $ref }, { type: "null" }], ...said } : { $ref, ...said };
  }

  #withNamedParts(schema: Schema, place: string): Schema {
    const { properties, items, additionalProperties } = schema;
    const whole: Schema = { ...schema };
    if (properties) {
      const entries = Object.entries(properties);
      whole.properties = Object.fromEntries(
        entries.map(([name, inner]) => [name, this.reference(inner, place + pascal(name))]),
      );
    }
    if (items) whole.items = this.reference(items, singular(place));
    if (typeof additionalProperties === "object")
      whole.additionalProperties = this.reference(additionalProperties, singular(place));
    for (const kind of COMBINATIONS) {
      const parts = schema[kind];
      if (parts) whole[kind] = parts.map((part) => this.reference(part, place));
    }
    return simplified(whole);
  }

  /** Adds a definition under a name, or under its place if the name means something else; returns the name. */
  #add(wanted: string, place: string, definition: Schema): string {
    const meaning = meaningOf(definition);
    for (const name of [wanted, place]) {
      const known = this.#meanings.get(name);
      if (known === undefined && !(name in this.schemas)) {
        this.schemas[name] = definition;
        this.#meanings.set(name, meaning);
        return name;
      }
      if (known === meaning) return name;
    }
    throw new Error(`Two schemas are called ${place}; name one by x-component`);
  }
}

/** `null` stands beside the reference, so the named schema has neither the type nor the value. */
function withoutNull(schema: Schema, types: readonly string[]): Schema {
  const type = types.find((each) => each !== "null") as string;
  return { ...schema, type, ...(schema.enum && { enum: schema.enum.filter((value) => value !== null) }) };
}

/** "rate_too_old" and "rateTooOld" are RateTooOld. */
export function pascal(name: string): string {
  return name.replace(/(?:^|[_-])([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
}

/** The name that a schema should have; undefined if it needs none. */
function nameOf(schema: Schema, place: string): string | undefined {
  const marked = schema["x-component"];
  if (typeof marked === "string") return marked;
  if (schema.properties) return place;
  if (schema.enum && schema.enum.length > 1) return place.match(/[A-Z][a-z0-9]*$/)?.[0] ?? place;
  return schema.type === "string" && schema.format !== undefined ? BY_FORMAT[schema.format] : undefined;
}

/** `allOf` of a reference and of words about it, as zod-to-openapi writes it, is a reference with words beside it. */
function simplified(schema: Schema): Schema {
  const { allOf, ...rest } = schema;
  if (!allOf?.every((part) => part.$ref || Object.keys(part).every(isOfTheUse))) return schema;
  if (allOf.filter(({ $ref }) => $ref).length !== 1) return schema;
  return Object.assign({}, ...allOf, rest);
}

function definitionOf(schema: Schema): Schema {
  // The words of an object or an enum are about what it is; those of a kind of text are about one use of it.
  const isUse = (key: string) => key === "default" || (isOfTheUse(key) && !schema.properties && !schema["x-component"]);
  const definition = Object.fromEntries(Object.entries(withoutMarker(schema)).filter(([key]) => !isUse(key)));
  const description = schema["x-description"];
  return typeof description === "string" ? { ...definition, description } : definition;
}

function usesOf(schema: Schema): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => isOfTheUse(key)));
}

function withoutMarker({ "x-component": _, "x-description": __, ...schema }: Schema): Schema {
  return schema;
}

function isOfTheUse(key: string): boolean {
  return (OF_THE_USE as readonly string[]).includes(key);
}

function meaningOf(schema: Schema): string {
  return JSON.stringify(schema, (key, value) => (isOfTheUse(key) && typeof value !== "object" ? undefined : value));
}

function singular(place: string): string {
  if (/ies$/.test(place)) return place.replace(/ies$/, "y");
  return /[^s]s$/.test(place) ? place.slice(0, -1) : `${place}Item`;
}
