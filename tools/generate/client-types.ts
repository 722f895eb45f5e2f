import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const document = new URL("../../core/api/openapi.json", import.meta.url);
export const clientTypesFile = fileURLToPath(new URL("../../client/src/schema.ts", import.meta.url));

/** The types of the client: the committed OpenAPI document as TypeScript. */
export async function clientTypesText(): Promise<string> {
  const types = astToString(await openapiTS(document));
  return `// Made of core/api/openapi.json by npm run openapi.\n\n${types}`;
}
