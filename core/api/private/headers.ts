import { DATA_HEADERS } from "../headers.ts";

export const MAX_BODY_BYTES = 16 * 1024;

/** Of every response of the private API, its errors included: nobody may keep one. */
export const PRIVATE_HEADERS = {
  ...DATA_HEADERS,
  "Access-Control-Expose-Headers":
    "Content-Disposition, ETag, Idempotent-Replayed, Paridad-Stale, RateLimit, RateLimit-Policy, Retry-After, Traceparent, WWW-Authenticate",
  "Cache-Control": "private, no-store",
} as const;

/** Makes a response one that nobody may keep, whatever it said before. */
export function privately(response: Response): Response {
  for (const [name, value] of Object.entries(PRIVATE_HEADERS)) response.headers.set(name, value);
  for (const name of ["Cache-Tag", "Cloudflare-CDN-Cache-Control"]) response.headers.delete(name);
  return response;
}

/** Of the public keys. */
export const KEYS_HEADERS = {
  ...DATA_HEADERS,
  "Content-Type": "application/jwk-set+json",
  "Cache-Control": "public, max-age=300",
} as const;
