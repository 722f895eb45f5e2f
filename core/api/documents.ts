import { DATA_HEADERS, PAGE_HEADERS } from "../problem.ts";
import { docsPage } from "./docs-page.ts";
import { etagOf } from "./etag.ts";
import openapi from "./openapi.json" with { type: "json" };

/** A document that changes with a release only. */
export interface StaticDocument {
  body: string;
  headers: Record<string, string>;
}

/**
 * The OpenAPI document, generated at build, and a page to read and try it; each with and without the API's prefix.
 * Each is made when it is first asked for, so that no isolate pays for it at its start.
 */
export function documents(): [path: string, document: () => StaticDocument][] {
  const json = once(() => ofBody(JSON.stringify(openapi), { ...DATA_HEADERS, "Content-Type": "application/json" }));
  const page = once(() =>
    ofBody(docsPage.html, {
      ...PAGE_HEADERS,
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": docsPage.contentSecurityPolicy,
    }),
  );
  return [
    ["/openapi.json", json],
    ["/api/v1/openapi.json", json],
    ["/docs", page],
    ["/api/v1/docs", page],
  ];
}

function ofBody(body: string, headers: Record<string, string>): StaticDocument {
  return { body, headers: { ...headers, ETag: etagOf(body) } };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
