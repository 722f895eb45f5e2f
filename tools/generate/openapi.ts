import { fileURLToPath } from "node:url";
import { openApiDocument } from "#core/api/openapi.ts";
import { readCommandLine } from "../../origin/command-line.ts";
import { clientTypesFile, clientTypesText } from "./client-types.ts";
import { withExamples } from "./openapi-examples.ts";
import { writeIfChanged } from "./write.ts";

const file = fileURLToPath(new URL("../../core/api/openapi.json", import.meta.url));

/** The document as it is committed and served. */
export async function openApiText(): Promise<string> {
  return `${JSON.stringify(await withExamples(openApiDocument()), null, 2)}\n`;
}

if (import.meta.main) {
  readCommandLine(
    "Usage: npm run openapi\nWrites core/api/openapi.json, the document that both hosts serve, and client/src/schema.ts, its types for the client. Tests compare them with the routes.",
    {},
  );
  writeIfChanged(file, await openApiText());
  writeIfChanged(clientTypesFile, await clientTypesText());
}
