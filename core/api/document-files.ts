import { docsPage } from "./docs-page.ts";
import type { DocumentFile } from "./documents.ts";
import { JSON_TYPE } from "./facades/facade.ts";
import { v1Document, v2Document } from "./facades/frankfurter-openapi.ts";
import { GUIDE_SECURITY_POLICY, guidePages } from "./guide-page.ts";
import openapi from "./openapi.json" with { type: "json" };

/**
 * What the documents hold. The origin makes them on first use; the edge reads them from its assets, into which the build
 * writes them, because in its bundle they would be a fifth of it.
 */

const PAGE_TYPE = "text/html; charset=utf-8";

const DOCUMENTS: ReadonlyMap<string, () => DocumentFile> = new Map([
  ["openapi.json", () => ({ body: JSON.stringify(openapi), contentType: "application/json" })],
  [
    "docs",
    () => ({ body: docsPage.html, contentType: PAGE_TYPE, contentSecurityPolicy: docsPage.contentSecurityPolicy }),
  ],
  ["frankfurter/v1", () => ({ body: JSON.stringify(v1Document()), contentType: JSON_TYPE })],
  ["frankfurter/v2", () => ({ body: JSON.stringify(v2Document()), contentType: JSON_TYPE })],
  ...guidePages().map(([path, html]): [string, () => DocumentFile] => [
    path.slice(1),
    () => ({ body: html(), contentType: PAGE_TYPE, contentSecurityPolicy: GUIDE_SECURITY_POLICY }),
  ]),
]);

/** The document of a name; undefined if there is none. */
export async function readDocument(name: string): Promise<DocumentFile | undefined> {
  return DOCUMENTS.get(name)?.();
}

/** All documents by their names. */
export function documentFiles(): [name: string, file: DocumentFile][] {
  return Array.from(DOCUMENTS, ([name, make]) => [name, make()]);
}
