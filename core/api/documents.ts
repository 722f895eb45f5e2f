import { cacheHeaders, DOCUMENT_LIFETIMES } from "./caching.ts";
import { docsPage } from "./docs-page.ts";
import { PREFIX } from "./endpoint.ts";
import { etagOf } from "./etag.ts";
import type { FinishedResponse } from "./finished-response.ts";
import { GUIDE_SECURITY_POLICY, guidePages } from "./guide-page.ts";
import type { ApiHost } from "./host.ts";
import openapi from "./openapi.json" with { type: "json" };
import { DATA_HEADERS, PAGE_HEADERS } from "./problem.ts";

/** How long a host reuses a document before it makes it again: its lifetimes count from when it was made. */
const HOT_MS = 60_000;

/** Makes a document's response for a host. */
type Document = (host: Pick<ApiHost, "nowMs" | "publicUrl">) => FinishedResponse;

/**
 * The OpenAPI document, generated at build, and the page to read and try it, each with and without the API's prefix.
 * Each is made on first use, so that no isolate pays for it at its start.
 */
export function documents(): [path: string, document: Document][] {
  const json = documentOf(contract, { ...DATA_HEADERS, "Content-Type": "application/json" });
  const page = documentOf(() => docsPage.html, {
    ...PAGE_HEADERS,
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": docsPage.contentSecurityPolicy,
  });
  return [
    ["/openapi.json", json],
    [`${PREFIX}/openapi.json`, json],
    ["/docs", page],
    [`${PREFIX}/docs`, page],
    ...guidePages().map(([path, html]): [string, Document] => [
      path,
      documentOf(html, {
        ...PAGE_HEADERS,
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": GUIDE_SECURITY_POLICY,
      }),
    ]),
  ];
}

const LOCAL_SERVER = openapi.servers[0]?.url ?? "";

/** The committed contract, served with the URL of the host that serves it. */
function contract(publicUrl: string | undefined): string {
  if (publicUrl === undefined) return JSON.stringify(openapi);
  const url = new URL(publicUrl).origin;
  const here = { servers: [{ url, description: "This deployment." }] };
  const externalDocs = { description: "Documentation and guides", url: `${url}/docs` };
  // What else names the server is where tokens are.
  return JSON.stringify({ ...openapi, ...here, externalDocs }).replaceAll(LOCAL_SERVER, url);
}

function documentOf(make: (publicUrl: string | undefined) => string, headers: Record<string, string>): Document {
  let made: Pick<FinishedResponse, "body" | "headers" | "lifetimes"> | undefined;
  return ({ nowMs, publicUrl }) => {
    if (made === undefined) {
      const body = make(publicUrl);
      const caching = cacheHeaders(DOCUMENT_LIFETIMES);
      made = { body, headers: { ...headers, ETag: etagOf(body), ...caching }, lifetimes: DOCUMENT_LIFETIMES };
    }
    return { ...made, hotUntilMs: nowMs + HOT_MS };
  };
}
