import { writeFileSync } from "node:fs";
import { openApiDocument } from "#core/api/openapi.ts";

/** `npm run openapi`: writes the document that both hosts serve. A test compares it with the routes. */
writeFileSync(
  new URL("../../core/api/openapi.json", import.meta.url),
  `${JSON.stringify(openApiDocument(), null, 2)}\n`,
);
