import type { Fetch } from "./retry.ts";

export interface ETagOptions {
  /** How many responses are kept, those used last. Default: 100. */
  maxEntries?: number;
  /** Larger bodies are not kept. Default: 1 MB. */
  maxBytes?: number;
}

interface Kept {
  etag: string;
  headers: Headers;
  body: ArrayBuffer;
}

/**
 * Remembers responses by their `ETag` and asks whether they still hold: a 304 becomes the response that is kept. What
 * is private is never kept, nor what a caller revalidates by itself.
 */
export function withETags(fetch: Fetch, { maxEntries = 100, maxBytes = 1_000_000 }: ETagOptions = {}): Fetch {
  const kept = new Map<string, Kept>();
  return async (request) => {
    if (request.method !== "GET" || ["If-None-Match", "Authorization"].some((name) => request.headers.has(name)))
      return fetch(request);
    const key = `${request.url} ${request.headers.get("Accept")}`;
    const known = kept.get(key);
    const response = await fetch(known ? conditional(request, known.etag) : request);
    if (response.status === 304 && known) return revived(response, known);
    const etag = response.headers.get("ETag");
    kept.delete(key);
    if (!response.ok || etag === null || /no-store|private/.test(response.headers.get("Cache-Control") ?? ""))
      return response;
    const body = await response.clone().arrayBuffer();
    if (body.byteLength <= maxBytes) kept.set(key, { etag, headers: response.headers, body });
    if (kept.size > maxEntries) kept.delete(kept.keys().next().value ?? "");
    return response;
  };

  function revived(response: Response, known: Kept): Response {
    const headers = new Headers(known.headers);
    response.headers.forEach((value, name) => {
      headers.set(name, value);
    });
    return new Response(known.body.slice(0), { status: 200, headers });
  }
}

function conditional(request: Request, etag: string): Request {
  const asked = new Request(request);
  asked.headers.set("If-None-Match", etag);
  return asked;
}
