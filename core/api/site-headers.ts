import { PAGE_HEADERS } from "./headers.ts";

/** What every file of the dashboard (web/) is sent with, by the edge and by the origin. */
export const SITE_HEADERS = {
  ...PAGE_HEADERS,
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
} as const;

/** Where the current rate is written into the home page, so that it can be read before and without its script. */
export const RATE_PLACE = "<!-- the current rate -->";

/** The names of these files change with what they hold. */
export const HASHED_FILES = "/assets/";
export const HASHED_FILES_CACHE = "public, max-age=31536000, immutable";
