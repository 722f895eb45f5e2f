import { facadeErrorBody } from "./facades/error-forms.ts";
import { DATA_HEADERS, METHODS } from "./headers.ts";
import { pathOf } from "./target.ts";

/** What can go wrong, as one tagged union, and how each looks on the wire (RFC 9457). Plain text only: reasons go to logs. */
export type Problem =
  | { code: "bad_request"; detail: string }
  | { code: "invalid_parameter"; errors: ParameterError[] }
  | { code: "no_data"; detail: string }
  | { code: "pair_not_served"; detail: string }
  | { code: "not_found"; suggestion?: string }
  | { code: "object_not_found"; what: string }
  | { code: "method_not_allowed"; allow?: string }
  | { code: "unauthorized"; reason?: "missing" | "invalid" | "expired" | "ticket" }
  | { code: "insufficient_scope"; scope: string }
  | { code: "quota_exceeded"; detail: string }
  | { code: "conflict"; detail: string }
  | { code: "idempotency_key_reused" }
  | { code: "unsupported_media_type" }
  | { code: "request_timeout" }
  | { code: "payload_too_large"; mostBytes: number }
  | { code: "headers_too_large"; maxBytes: number; maxHeaders: number }
  | { code: "upgrade_required" }
  | { code: "rate_limited"; retryAfterSeconds: number }
  /** `limit`: of the account; otherwise there is no room for anybody. */
  | { code: "too_many_connections"; retryAfterSeconds: number; limit?: number }
  | { code: "rate_too_old"; detail: string; retryAfterSeconds: number }
  | { code: "unavailable"; retryAfterSeconds: number }
  | { code: "internal" };

export interface ParameterError {
  parameter: string;
  detail: string;
}

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: Problem["code"];
  errors?: ParameterError[];
}

const MAX_INSTANCE_LENGTH = 200;

/** The problem as a response. `url` is the request's; its query is left out of `instance`. */
export function problemResponse(problem: Problem, url: string): Response {
  const { status, headers, body } = problemParts(problem, url);
  return new Response(body, { status, headers });
}

/** The same for a host that writes responses by itself. */
export function problemParts(problem: Problem, url: string) {
  const path = pathOf(url);
  const body = describe(problem, path.slice(0, MAX_INSTANCE_LENGTH));
  const { status, title, detail } = body;
  const facadeBody = facadeErrorBody(path, { status, message: title.toLowerCase(), detail, isRefusal: false });
  const headers: Record<string, string> = {
    ...DATA_HEADERS,
    "Content-Type": facadeBody === undefined ? "application/problem+json" : "application/json; charset=utf-8",
    "Cache-Control": "no-store",
    ...("retryAfterSeconds" in problem && { "Retry-After": String(problem.retryAfterSeconds) }),
    ...(problem.code === "method_not_allowed" && { Allow: problem.allow ?? METHODS }),
    ...challengeOf(problem),
    ...(problem.code === "upgrade_required" && { Upgrade: "websocket", Connection: "Upgrade" }),
  };
  return { status, headers, body: facadeBody ?? JSON.stringify(body) };
}

/** How to authenticate (RFC 6750 §3): without an error code if the request had no credential. */
function challengeOf(problem: Problem): Record<string, string> {
  const challenge = 'Bearer realm="paridad"';
  if (problem.code === "insufficient_scope")
    return { "WWW-Authenticate": `${challenge}, error="insufficient_scope", scope="${problem.scope}"` };
  if (problem.code !== "unauthorized") return {};
  const isRefused = problem.reason === "invalid" || problem.reason === "expired";
  return { "WWW-Authenticate": isRefused ? `${challenge}, error="invalid_token"` : challenge };
}

const UNAUTHORIZED = {
  missing: "Send a valid bearer token in the Authorization header.",
  invalid: "The bearer token is not valid, or its key was revoked.",
  expired: "The bearer token has expired. Request a new one.",
  ticket: "The ticket is not valid, has expired or was used before. Request a new one.",
} as const;

export function describe(problem: Problem, instance: string): ProblemBody {
  const body = (status: number, title: string, detail: string): ProblemBody => ({
    type: `/docs#${problem.code}`,
    title,
    status,
    detail,
    instance,
    code: problem.code,
  });
  switch (problem.code) {
    case "bad_request":
      return body(400, "Bad request", problem.detail);
    case "invalid_parameter": {
      const named = problem.errors.map(({ parameter, detail }) => (parameter ? `${parameter}: ${detail}` : detail));
      return { ...body(400, "Invalid parameter", named.join("; ")), errors: problem.errors };
    }
    case "no_data":
      return body(404, "No data", problem.detail);
    case "pair_not_served":
      return body(404, "Pair not served", problem.detail);
    case "not_found": {
      const hint = problem.suggestion === undefined ? "" : ` Did you mean ${problem.suggestion}?`;
      return body(404, "Not found", `No such endpoint.${hint} /docs lists all endpoints.`);
    }
    case "method_not_allowed":
      return body(405, "Method not allowed", `Allowed methods: ${problem.allow ?? METHODS}.`);
    case "unauthorized":
      return body(401, "Unauthorized", UNAUTHORIZED[problem.reason ?? "missing"]);
    case "insufficient_scope":
      return body(403, "Insufficient scope", `The bearer token lacks the scope ${problem.scope}.`);
    case "object_not_found":
      return body(404, "Not found", `The account has no such ${problem.what}.`);
    case "quota_exceeded":
      return body(403, "Quota exceeded", problem.detail);
    case "conflict":
      return body(409, "Conflict", problem.detail);
    case "idempotency_key_reused":
      return body(422, "Idempotency key reused", "This Idempotency-Key was sent with a different request before.");
    case "unsupported_media_type":
      return body(415, "Unsupported media type", "Send the request body with Content-Type: application/json.");
    case "request_timeout":
      return body(408, "Request timeout", "The request did not arrive in time.");
    case "payload_too_large":
      return body(413, "Request body too large", `The request body may have at most ${problem.mostBytes} bytes.`);
    case "headers_too_large":
      return body(
        431,
        "Request headers too large",
        `The URL and the headers together may have at most ${problem.maxBytes} bytes, and headers may number at most ${problem.maxHeaders}.`,
      );
    case "rate_limited":
      return body(429, "Too many requests", "Wait for the number of seconds in Retry-After, then retry.");
    case "upgrade_required":
      return body(426, "Upgrade required", "Connect with a WebSocket client, or read /api/v1/stream.");
    case "too_many_connections":
      return problem.limit === undefined
        ? body(503, "Too many live connections", "Retry after the number of seconds in Retry-After.")
        : body(429, "Too many live connections", `The plan allows ${problem.limit} at once, and all are open.`);
    case "rate_too_old":
      return body(503, "The latest rate is too old to serve as current", problem.detail);
    case "unavailable":
      return body(
        503,
        "Temporarily unavailable",
        "No data source can be reached, or no data is stored yet. Retry after the number of seconds in Retry-After.",
      );
    case "internal":
      return body(500, "Internal error", "An unexpected error occurred. It has been recorded.");
  }
}
