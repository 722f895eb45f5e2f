import { COMMON_HEADERS, METHODS } from "./headers.ts";
import { isPrivatePath } from "./private/paths.ts";
import { pathOf } from "./target.ts";

/** Longer lists are not repeated. */
const MAX_REQUESTED_LENGTH = 1_024;
const TOKEN_LIST = /^[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*$/;
/** For a request that names none: what clients in browsers send with a public read. */
const USUAL_HEADERS = [
  "Accept, Accept-Language, Authorization, Baggage, Cache-Control, Content-Type, If-Modified-Since, If-None-Match",
  "Idempotency-Key, Pragma, Range, Sentry-Trace, Traceparent, Tracestate, X-Request-Id, X-Requested-With",
].join(", ");

const PRIVATE_METHODS = "GET, HEAD, POST, PATCH, DELETE, OPTIONS";

/**
 * The response to OPTIONS, on every path. No response depends on cookies, so that no request header is worth refusing: the
 * headers asked for are allowed.
 */
export function preflightResponse(requested: string | undefined, url: string): Response {
  const list = requested?.trim() ?? "";
  const isAllowed = list.length <= MAX_REQUESTED_LENGTH && TOKEN_LIST.test(list);
  const methods = isPrivatePath(pathOf(url)) ? PRIVATE_METHODS : METHODS;
  return new Response(null, {
    status: 204,
    headers: {
      ...COMMON_HEADERS,
      "Access-Control-Allow-Methods": methods,
      "Access-Control-Allow-Headers": isAllowed ? list : USUAL_HEADERS,
      "Access-Control-Max-Age": "86400",
      "Cache-Control": "no-store",
      Vary: "Access-Control-Request-Headers",
      Allow: methods,
    },
  });
}
