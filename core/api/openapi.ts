import type { OpenAPIHono } from "@hono/zod-openapi";
import { publicApi } from "./app.ts";
import { PREFIX } from "./routes.ts";

/** The OpenAPI 3.1 document of the public API. Generated at build and committed; nothing makes it per request. */
export function openApiDocument(): ReturnType<OpenAPIHono["getOpenAPI31Document"]> {
  const api = publicApi(() => {
    throw new Error("the document is made without a request");
  });
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Paridad",
      version: "1",
      description:
        "Exchange rates of Banco de México, exact to the published digit. Rates are decimal strings; dates are those of determination, in Mexico City. Source of the rates: Banco de México.",
      license: { name: "MIT" },
    },
    servers: [{ url: "/", description: `This host; addresses begin with ${PREFIX}.` }],
  });
}
