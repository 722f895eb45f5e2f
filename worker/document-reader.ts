import type { DocumentFile } from "#core/api/documents.ts";
import { PagesUnavailable } from "#core/pages/page-source.ts";

const RETRY_AFTER_SECONDS = 5;

/**
 * Reads documents from the deployment's assets, each once per isolate. They are the build's own, and not checked again.
 * Throws PagesUnavailable if they can't be read.
 */
export function documentReader(assets: Fetcher | undefined): (name: string) => Promise<DocumentFile | undefined> {
  const held = new Map<string, DocumentFile>();
  return async (name) => {
    const known = held.get(name);
    if (known !== undefined) return known;
    const response = await assets?.fetch(`https://assets/documents/${name}.json`);
    if (response?.status === 404) return undefined;
    if (!response?.ok) throw new PagesUnavailable(RETRY_AFTER_SECONDS);
    const file = (await response.json()) as DocumentFile;
    held.set(name, file);
    return file;
  };
}
