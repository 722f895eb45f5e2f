import { hashesOf } from "../ops/hash.ts";

/** A strong entity tag from the content itself. */
export function etagOf(body: string): string {
  const [first, second] = hashesOf(body);
  return `"${first}-${second}"`;
}

/** Whether If-None-Match names the tag. Weak comparison, as RFC 9110 §13.1.2 asks for: a proxy may have weakened it. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag) return true;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, "");
  const wanted = opaque(etag);
  return ifNoneMatch.trim() === "*" || ifNoneMatch.split(",").some((tag) => opaque(tag) === wanted);
}

/** The response, or 304 if the client has it. `headers` hold its ETag. */
export function conditional(
  ifNoneMatch: string | undefined,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Response {
  if (!matchesEtag(ifNoneMatch, headers.ETag ?? "")) return new Response(body, { headers });
  const { "Content-Type": _, ...kept } = headers;
  return new Response(null, { status: 304, headers: kept });
}
