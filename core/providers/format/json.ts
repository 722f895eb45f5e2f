export type Fields = Record<string, unknown>;

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
/** TypeScript's library does not know the third argument yet; Node 22 and workerd do. */
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;

/** JSON with each number as the text that stands in the source, so that 2.0700 keeps its zeros. Undefined if broken. */
export function parseExactJson(text: string): unknown {
  try {
    return parse(text, (_, value, { source }) => (typeof value === "number" ? source : value));
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The text of a field that holds a text or a number, trimmed; undefined if it holds anything else, null included. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value.trim() : undefined;
}
