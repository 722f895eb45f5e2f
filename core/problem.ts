/** What can go wrong, as one tagged union, and how each looks on the wire (RFC 9457). Plain text only: reasons go to logs. */
export type Problem =
  | { code: "invalid_parameter"; errors: ParameterError[] }
  | { code: "no_data"; detail: string }
  | { code: "not_found" }
  | { code: "method_not_allowed" }
  | { code: "unauthorized" }
  | { code: "payload_too_large"; mostBytes: number }
  | { code: "rate_limited"; retryAfterSeconds: number }
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

export const METHODS = "GET, HEAD, OPTIONS";

/** Headers that every answer of the platform carries, errors and redirects included. */
export const COMMON_HEADERS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "ETag, Paridad-Stale, Paridad-Tier, Retry-After, Server-Timing, Traceparent",
  "X-Content-Type-Options": "nosniff",
  "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
} as const;

const NOTHING_ELSE = "default-src 'none'; frame-ancestors 'none'";

/** For pages, which beside their own policy of what they may load have links that lead out. */
export const PAGE_HEADERS = { ...COMMON_HEADERS, "Referrer-Policy": "no-referrer" } as const;

/** For answers that hold data alone: a browser may load nothing on their account. */
export const DATA_HEADERS = { ...COMMON_HEADERS, "Content-Security-Policy": NOTHING_ELSE } as const;

const LONGEST_INSTANCE = 200;

/** The problem as a response. `url` is the request's; its query is left out of `instance`. */
export function problemResponse(problem: Problem, url: string): Response {
  const body = describe(problem, new URL(url).pathname.slice(0, LONGEST_INSTANCE));
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: {
      ...DATA_HEADERS,
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      ...("retryAfterSeconds" in problem && { "Retry-After": String(problem.retryAfterSeconds) }),
      ...(problem.code === "method_not_allowed" && { Allow: METHODS }),
      ...(problem.code === "unauthorized" && { "WWW-Authenticate": 'Bearer realm="paridad"' }),
    },
  });
}

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
    case "invalid_parameter": {
      const named = problem.errors.map(({ parameter, detail }) => `${parameter}: ${detail}`).join("; ");
      return { ...body(400, "A parameter is not valid", named), errors: problem.errors };
    }
    case "no_data":
      return body(404, "There is no rate", problem.detail);
    case "not_found":
      return body(404, "There is nothing here", "This address is not part of the API; /docs lists those that are.");
    case "method_not_allowed":
      return body(405, "The method is not allowed", `This address answers ${METHODS}.`);
    case "unauthorized":
      return body(401, "A valid token is needed", "Send a valid bearer token in the Authorization header.");
    case "payload_too_large":
      return body(413, "The body is too large", `A body may have at most ${problem.mostBytes} bytes.`);
    case "rate_limited":
      return body(429, "Too many requests", "Wait as long as Retry-After says, and then ask again.");
    case "rate_too_old":
      return body(503, "The newest rate is too old to serve as current", problem.detail);
    case "unavailable":
      return body(
        503,
        "Rates can't be read at the moment",
        "Nothing that holds this rate can be reached, or none is stored yet. Ask again after Retry-After.",
      );
    case "internal":
      return body(500, "Something went wrong on our side", "The error has been recorded.");
  }
}
