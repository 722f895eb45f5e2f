/** A strong entity tag from the content itself: 106 bits of two differently seeded multiplicative hashes. */
export function etagOf(body: string): string {
  return `"${hash53(body, 0x9e3779b9)}${hash53(body, 0x85ebca6b)}"`;
}

/** Whether If-None-Match names the tag. Weak comparison, as RFC 9110 §13.1.2 asks for: a proxy may have weakened it. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag) return true;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, "");
  return ifNoneMatch.trim() === "*" || ifNoneMatch.split(",").some((tag) => opaque(tag) === etag);
}

/** The answer, or 304 where the client has it. `headers` hold its ETag. */
export function conditional(ifNoneMatch: string | undefined, body: string, headers: Record<string, string>): Response {
  if (!matchesEtag(ifNoneMatch, headers.ETag ?? "")) return new Response(body, { headers });
  const { "Content-Type": _, ...kept } = headers;
  return new Response(null, { status: 304, headers: kept });
}

function hash53(text: string, seed: number): string {
  let a = seed;
  let b = ~seed;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x27d4eb2f);
    b ^= b >>> 15;
  }
  a = Math.imul(a ^ (b >>> 13), 0xc2b2ae35);
  b = Math.imul(b ^ (a >>> 16), 0x27d4eb2f);
  return (4_294_967_296 * (b & 0x1fffff) + (a >>> 0)).toString(36).padStart(11, "0");
}
