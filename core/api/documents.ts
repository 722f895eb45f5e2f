import { cacheHeaders, DOCUMENT_LIFETIMES } from "./caching.ts";
import { PREFIX } from "./endpoint.ts";
import { etagOf } from "./etag.ts";
import type { FinishedResponse } from "./finished-response.ts";
import { DATA_HEADERS, PAGE_HEADERS } from "./headers.ts";
import type { ApiHost } from "./host.ts";

/** Serves the OpenAPI document, the page to read and try it, and the guides (core/api/document-files.ts). */

/** How long a host reuses a document before it makes it again: its lifetimes count from when it was made. */
const HOT_MS = 60_000;

/** A document as the build makes it. */
export interface DocumentFile {
  body: string;
  contentType: string;
  /** Set for pages. */
  contentSecurityPolicy?: string;
}

/** Where documents are served, as patterns of the router, with the start of their names. */
export const DOCUMENT_ROUTES: readonly (readonly [path: string, name: string])[] = [
  ["/openapi.json", "openapi.json"],
  [`${PREFIX}/openapi.json`, "openapi.json"],
  ["/frankfurter/:version{v[12]}/openapi.json", "frankfurter/"],
  ["/docs", "docs"],
  [`${PREFIX}/docs`, "docs"],
  ["/docs/es/:guide{[a-z-]+}", "docs/es/"],
  ["/docs/:guide{[a-z-]+}", "docs/"],
];

type MadeResponse = Pick<FinishedResponse, "body" | "headers" | "lifetimes">;

/**
 * Responds with documents, each made once for a host: they are large, and only a release changes them. undefined: there is
 * none of that name. Throws PagesUnavailable if it can't be read.
 */
export function documentResponses() {
  const made = new Map<string, MadeResponse>();
  return async (
    { document, publicUrl, nowMs }: Pick<ApiHost, "document" | "publicUrl" | "nowMs">,
    name: string,
  ): Promise<FinishedResponse | undefined> => {
    let response = made.get(name);
    if (response === undefined) {
      const file = await document(name);
      if (file === undefined) return undefined;
      response = responseOf(name, file, publicUrl);
      made.set(name, response);
    }
    return { ...response, hotUntilMs: nowMs + HOT_MS };
  };
}

function responseOf(name: string, file: DocumentFile, publicUrl: string | undefined): MadeResponse {
  const { contentType, contentSecurityPolicy } = file;
  const body = name === "openapi.json" ? contractAt(publicUrl, file.body) : file.body;
  const headers = {
    ...(contentSecurityPolicy === undefined
      ? DATA_HEADERS
      : { ...PAGE_HEADERS, "Content-Security-Policy": contentSecurityPolicy }),
    "Content-Type": contentType,
    ETag: etagOf(body),
    ...cacheHeaders(DOCUMENT_LIFETIMES),
  };
  return { body, headers, lifetimes: DOCUMENT_LIFETIMES };
}

/** The committed contract, with the URL of the host that serves it. */
function contractAt(publicUrl: string | undefined, text: string): string {
  if (publicUrl === undefined) return text;
  const url = new URL(publicUrl).origin;
  const contract = JSON.parse(text) as { servers: { url: string }[] };
  const here = { servers: [{ url, description: "This deployment." }] };
  const externalDocs = { description: "Documentation and guides", url: `${url}/docs` };
  const committed = contract.servers[0]?.url ?? url;
  // What else names the server is where tokens are.
  return JSON.stringify({ ...contract, ...here, externalDocs }).replaceAll(committed, url);
}
