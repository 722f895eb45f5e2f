/** Headers that responses of the platform have in common. */

export const METHODS = "GET, HEAD, OPTIONS";

/** Headers that every response of the platform carries, errors and redirects included. */
export const COMMON_HEADERS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers":
    "Age, CF-Cache-Status, Content-Disposition, ETag, Paridad-Stale, Paridad-Tier, Retry-After, Server-Timing, Traceparent",
  "X-Content-Type-Options": "nosniff",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
} as const;

const NOTHING_ELSE = "default-src 'none'; frame-ancestors 'none'";

/** For HTML pages, which add their own Content-Security-Policy and have links to other sites. */
export const PAGE_HEADERS = { ...COMMON_HEADERS, "Referrer-Policy": "no-referrer" } as const;

/** For responses that hold only data: a browser may load nothing because of them. */
export const DATA_HEADERS = { ...COMMON_HEADERS, "Content-Security-Policy": NOTHING_ELSE } as const;
