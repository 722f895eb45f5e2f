import type { Tier } from "../pages/page-source.ts";

/** Where one response came from, and how long that took. */
export interface Diagnostics {
  tier: Tier;
  durationMs: number;
}

/**
 * Whether a request asks for diagnostics: by `Cache-Control: no-cache`. They hold for one request, so a response that
 * shared caches may keep never carries them.
 */
export function wantsDiagnostics(cacheControl: string | null | undefined): boolean {
  return cacheControl != null && /(?:^|[\s,])no-cache(?:$|[\s,=])/i.test(cacheControl);
}

/** Turns a response's headers into those for one request: no cache keeps it, and it says where it came from. */
export function addDiagnostics(headers: Headers, { tier, durationMs }: Diagnostics): void {
  headers.set("Cache-Control", "no-store");
  headers.delete("Cloudflare-CDN-Cache-Control");
  headers.set("Paridad-Tier", tier);
  headers.set("Server-Timing", `${tier};dur=${durationMs}`);
}

/** Whether a shared cache may keep a response with these headers, so that nothing of one request may be among them. */
export function isShareable(headers: Headers): boolean {
  return headers.get("Cache-Control")?.startsWith("public") ?? false;
}
