/**
 * What the bundle has in place of Zod's way to JSON Schema (wrangler.toml aliases the module to this file): nothing in the worker
 * asks for one, but each schema would keep it in the bundle.
 */

export const createToJSONSchemaMethod = () => absent;
export const createStandardJSONSchemaMethod = () => absent;

function absent(): never {
  throw new Error("JSON Schema is not in the bundle");
}
