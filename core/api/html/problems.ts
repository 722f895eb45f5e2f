import { describe, type Problem } from "../problem.ts";
import { prose } from "./text.ts";

/** An instance and an explanation for each code: the type leaves none out. */
type Explained = { [Code in Problem["code"]]: [problem: Extract<Problem, { code: Code }>, explanation: string] };

/** Every problem that the platform returns: an example of it, and what to do about it. */
export const PROBLEMS: Explained = {
  invalid_parameter: [
    {
      code: "invalid_parameter",
      errors: [{ parameter: "quote", detail: "must be a currency code of three letters, such as USD" }],
    },
    "`errors` names each parameter and says what it must be. Correct them before you retry.",
  ],
  no_data: [
    {
      code: "no_data",
      detail: "USD/MXN has no rate in force on 1980-01-01; there are rates from 1991-11-12 to 2023-12-29.",
    },
    "The request is valid, but no rate was published for it. `detail` gives the available range.",
  ],
  pair_not_served: [
    { code: "pair_not_served", detail: "ecb has no USD/UYU. No other one has." },
    "The provider that the request names does not have both currencies. `detail` names those that do.",
  ],
  not_found: [
    { code: "not_found", suggestion: "/api/v1/rates/current" },
    "The URL is not part of the API. `detail` names the nearest endpoint, if there is one.",
  ],
  method_not_allowed: [
    { code: "method_not_allowed" },
    "Rates are read-only: use `GET`, `HEAD` or `OPTIONS`. Other endpoints allow what `Allow` says.",
  ],
  rate_limited: [
    { code: "rate_limited", retryAfterSeconds: 10 },
    "Too many requests from one IP address. Wait for the seconds in `Retry-After`, and cache responses for as long as `Cache-Control` allows.",
  ],
  upgrade_required: [
    { code: "upgrade_required" },
    "`/ws` speaks WebSocket only. Clients that can't use it read `/stream`.",
  ],
  too_many_connections: [
    { code: "too_many_connections", retryAfterSeconds: 1 },
    "All places for live connections near you are taken, or with status 429 all that your plan allows are open. Retry after the seconds in `Retry-After`.",
  ],
  rate_too_old: [
    {
      code: "rate_too_old",
      detail:
        "The newest USD/MXN is of 2023-12-01, 19 publications ago. Ask for it by date under /api/v1/rates/on/2023-12-01?base=USD&quote=MXN.",
      retryAfterSeconds: 300,
    },
    "So many publications were missed that no rate can be called current. History is still available: `detail` says how to request the last rate by its date.",
  ],
  unavailable: [
    { code: "unavailable", retryAfterSeconds: 30 },
    "No data source can be reached. Retry after the seconds in `Retry-After`.",
  ],
  internal: [
    { code: "internal" },
    "An error on our side, which has been recorded. Retrying may help; the request need not change.",
  ],
  bad_request: [
    { code: "bad_request", detail: "The Host header is invalid." },
    "The request is not valid HTTP. `detail` says why.",
  ],
  request_timeout: [{ code: "request_timeout" }, "The request did not arrive in time. Retry."],
  headers_too_large: [
    { code: "headers_too_large", maxBytes: 16_384, maxHeaders: 100 },
    "The URL or the headers are too long, or the headers too many. The API itself needs less than 300 bytes.",
  ],
  unauthorized: [
    { code: "unauthorized" },
    "The endpoint needs an access token, and there is none, it has expired, or its key was revoked. Request one from `/oauth/token`. Reading rates needs no token.",
  ],
  insufficient_scope: [
    { code: "insufficient_scope", scope: "alerts:write" },
    "The access token is valid, but not for this: `detail` names the missing scope. Request a token with it, of a key that has it.",
  ],
  object_not_found: [
    { code: "object_not_found", what: "alert" },
    "The account has no object with this id. Other accounts' objects look the same.",
  ],
  quota_exceeded: [
    { code: "quota_exceeded", detail: "The account may have 20 alerts, and has 20." },
    "The account has as many of these as its plan allows. Delete one, or ask for a larger plan.",
  ],
  conflict: [
    { code: "conflict", detail: "The alert is off; enable it first." },
    "The object is in a state that forbids this. `detail` says which.",
  ],
  idempotency_key_reused: [
    { code: "idempotency_key_reused" },
    "An `Idempotency-Key` names one request for 24 hours. Use a new one for a different request.",
  ],
  unsupported_media_type: [
    { code: "unsupported_media_type" },
    "A request body must be JSON, and its `Content-Type` must say so.",
  ],
  payload_too_large: [
    { code: "payload_too_large", mostBytes: 16_384 },
    "The request body is too large. Reading rates takes none at all.",
  ],
};

/** Every problem that the platform returns, each at the anchor that its `type` points to. */
export function problemsHtml(): string {
  return Object.values(PROBLEMS)
    .map(([problem, explanation]) => {
      const { code, status, title } = describe(problem, "");
      return `<article id="${code}"><h3><a href="#${code}"><code>${code}</code></a> <i>${status}</i></h3>
<p><b>${prose(title)}.</b> ${prose(explanation)}</p></article>`;
    })
    .join("\n");
}
