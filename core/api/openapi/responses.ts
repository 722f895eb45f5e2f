import { PROBLEMS } from "../html/problems.ts";
import { describe, type Problem, problemParts } from "../problem.ts";
import type { Parameter } from "./parameters.ts";

/** The responses and headers that operations share, each problem with the body that the platform sends. */

const text = (description: string, example: string, more: object = {}) => ({
  description,
  schema: { type: "string", ...more },
  example,
});

export const HEADERS = {
  ETag: text("Send it as `If-None-Match`: a 304 means that the response still holds.", '"6d3f2a9c41be07d1"'),
  CacheControl: text("How long the response may be kept.", "public, max-age=60"),
  ParidadStale: text("Why a rate is older than it should be; absent if none is.", "publication_missed", {
    enum: ["publication_missed", "awaiting_confirmation", "origin_unavailable", "redis_and_origin_unavailable"],
  }),
  Vary: text("`Accept`, if it decided the format.", "Accept"),
  ContentDisposition: text("A file name, for CSV and NDJSON.", 'attachment; filename="rates-USD-MXN.csv"'),
  RetryAfter: {
    description: "Seconds to wait before the next request.",
    schema: { type: "integer", minimum: 0 },
    example: 10,
  },
  Allow: text("The methods that the URL takes.", "GET, HEAD, OPTIONS"),
  WWWAuthenticate: text("What kind of credentials are wanted.", 'Bearer realm="paridad"'),
};

const header = (name: keyof typeof HEADERS) => ({ $ref: `#/components/headers/${name}` });

/** Headers of a response with rates. */
export const RATE_HEADERS = {
  ETag: header("ETag"),
  "Cache-Control": header("CacheControl"),
  "Paridad-Stale": header("ParidadStale"),
};

/** Those that the responses of a list have beside them. */
export const LIST_HEADERS = {
  ...RATE_HEADERS,
  Vary: header("Vary"),
  "Content-Disposition": header("ContentDisposition"),
};

export const IF_NONE_MATCH: Parameter = {
  name: "If-None-Match",
  in: "header",
  required: false,
  description: "The `ETag` of a response that you have: if it still holds, the response is a 304 without a body.",
  schema: { type: "string", example: HEADERS.ETag.example },
};

export const IDEMPOTENCY_KEY: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "Names the request for 24 hours: sent again, it is not carried out again, and has the first response.",
  schema: { type: "string", minLength: 1, maxLength: 200, example: "invoice-2026-11-27" },
};

/** What each status is called among the components, and what it means. */
const STATUSES: Record<number, readonly [name: string, description: string]> = {
  400: ["BadRequest", "The request is invalid; `errors` names each parameter that is."],
  401: ["Unauthorized", "Credentials are missing, invalid or expired."],
  403: ["Forbidden", "The credentials do not allow this."],
  404: ["NotFound", "There is nothing for this request; `detail` says what there is."],
  405: ["MethodNotAllowed", "The URL does not take this method; `Allow` names those that it takes."],
  408: ["RequestTimeout", "The request did not arrive in time."],
  409: ["Conflict", "The request contradicts the state of what it changes."],
  410: ["Gone", "It was there, and is no longer kept."],
  413: ["PayloadTooLarge", "The request body is too large."],
  415: ["UnsupportedMediaType", "The request body is not of a type that the URL takes."],
  422: ["Unprocessable", "The request is well formed, but can't be carried out."],
  426: ["UpgradeRequired", "The request asks for no WebSocket."],
  429: ["TooManyRequests", "Too many requests; `Retry-After` says how long to wait."],
  431: ["HeadersTooLarge", "The URL or the headers are too long."],
  500: ["InternalError", "An error on our side."],
  503: ["Unavailable", "There is no rate to serve now; `Retry-After` says when to retry."],
};

/** Any problem, of an operation that does not name its status. */
const ANY = "Problem";

const problems = Object.values(PROBLEMS).map(([problem, explanation]) => ({ problem, explanation }));

export function statusOf(problem: Problem): number {
  return describe(problem, "").status;
}

/** A response for each status that a problem has, and one for all others. */
export function problemResponses(instance: string): Record<string, object> {
  const byStatus = Map.groupBy(problems, ({ problem }) => statusOf(problem));
  const named = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries([
    ["NotModified", { description: "The `ETag` still holds. No body.", headers: withoutStale() }],
    ...named.map(([status, those]) => [nameOf(status), response(described(status), those, instance)]),
    [
      ANY,
      response(
        "Any other problem.",
        problems.filter(({ problem }) => !USUAL.includes(statusOf(problem))),
        instance,
      ),
    ],
  ]);
}

/** Statuses that every operation names; others come under `default`. */
const USUAL = [400, 404, 429, 500, 503];

/** The responses of an operation that reads rates, besides what it returns. */
export function readReferences(): Record<string, Reference> {
  return { 304: reference("NotModified"), ...problemReferences(USUAL) };
}

/** References to the problems with these statuses, and to the one for all others. */
export function problemReferences(statuses: readonly number[]): Record<string, Reference> {
  const named = statuses.filter((status) => problems.some(({ problem }) => statusOf(problem) === status));
  return {
    ...Object.fromEntries(named.map((status) => [status, reference(nameOf(status))])),
    default: reference(ANY),
  };
}

interface Reference {
  $ref: string;
}

function reference(name: string): Reference {
  return { $ref: `#/components/responses/${name}` };
}

function response(description: string, those: readonly { problem: Problem; explanation: string }[], instance: string) {
  const names = new Set(those.flatMap(({ problem }) => Object.keys(problemParts(problem, instance).headers)));
  const headers = {
    ...(names.has("Retry-After") && { "Retry-After": header("RetryAfter") }),
    ...(names.has("Allow") && { Allow: header("Allow") }),
    ...(names.has("WWW-Authenticate") && { "WWW-Authenticate": header("WWWAuthenticate") }),
  };
  const examples = those.map(({ problem, explanation }) => [
    problem.code,
    { summary: explanation.split(/(?<=\.) /)[0], value: describe(problem, instance) },
  ]);
  return {
    description,
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      "application/problem+json": {
        schema: { $ref: "#/components/schemas/Problem" },
        examples: Object.fromEntries(examples),
      },
    },
  };
}

function nameOf(status: number): string {
  return STATUSES[status]?.[0] ?? `Status${status}`;
}

function described(status: number): string {
  return STATUSES[status]?.[1] ?? `A problem with the status ${status}.`;
}

function withoutStale() {
  const { ETag, "Cache-Control": caching } = RATE_HEADERS;
  return { ETag, "Cache-Control": caching };
}
