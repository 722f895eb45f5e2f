import { COMMON_HEADERS, DATA_HEADERS } from "../problem.ts";
import { docsPage } from "./docs-page.ts";
import { etagOf } from "./etag.ts";
import openapi from "./openapi.json" with { type: "json" };

/** A document that changes with a release only. */
export interface StaticDocument {
  body: () => string;
  headers: Record<string, string>;
}

/** The OpenAPI document, generated at build, and a page to read and try it; each with and without the API's prefix. */
export function documents(): [path: string, document: StaticDocument][] {
  const description = JSON.stringify(openapi);
  const json: StaticDocument = {
    body: () => description,
    headers: { ...DATA_HEADERS, "Content-Type": "application/json", ETag: etagOf(description) },
  };
  const page: StaticDocument = {
    body: () => docsPage.html,
    headers: {
      ...COMMON_HEADERS,
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": docsPage.contentSecurityPolicy,
      ETag: etagOf(docsPage.html),
    },
  };
  return [
    ["/openapi.json", json],
    ["/api/v1/openapi.json", json],
    ["/docs", page],
    ["/api/v1/docs", page],
  ];
}
