import { fileURLToPath } from "node:url";
import { openApiDocument } from "#core/api/openapi.ts";
import { readCommandLine } from "../../origin/command-line.ts";
import { writeIfChanged } from "./write.ts";

readCommandLine(
  "Usage: npm run openapi\nWrites core/api/openapi.json, the document that both hosts serve. A test compares it with the routes.",
  {},
);
writeIfChanged(
  fileURLToPath(new URL("../../core/api/openapi.json", import.meta.url)),
  `${JSON.stringify(openApiDocument(), null, 2)}\n`,
);
