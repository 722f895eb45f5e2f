import type { components } from "./schema.ts";

/** What the API says went wrong (RFC 9457). */
export type Problem = components["schemas"]["Problem"];
export type ProblemCode = components["schemas"]["ProblemCode"];

/** A response that is no success. `code` is what programs decide by; `message` is for humans. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  /** Undefined if what responded was not the API, such as a proxy. */
  readonly problem: Problem | undefined;
  readonly status: number;
  /** How long the API wants no further request; undefined if it did not say. */
  readonly retryAfterSeconds: number | undefined;
  /** Where the problem is explained. */
  readonly helpUrl: string | undefined;

  constructor(response: Response, problem: Problem | undefined) {
    super(problem ? `${problem.title}: ${problem.detail}` : `Status ${response.status} without a problem`);
    this.problem = problem;
    this.status = response.status;
    this.retryAfterSeconds = retryAfterSeconds(response.headers, Date.now());
    this.helpUrl = problem && response.url ? new URL(problem.type, response.url).href : undefined;
  }

  get code(): ProblemCode | undefined {
    return this.problem?.code;
  }
}

/** The error of a response whose body has not been read. */
export async function problemErrorOf(response: Response): Promise<ProblemError> {
  const body: unknown = await response.json().catch(() => undefined);
  return new ProblemError(response, isProblem(body) ? body : undefined);
}

/** Whether a body is a problem of the API, and not, for example, a proxy's page. */
export function isProblem(body: unknown): body is Problem {
  if (typeof body !== "object" || body === null) return false;
  const { code, status, title, detail } = body as Record<string, unknown>;
  return (
    typeof code === "string" && typeof status === "number" && typeof title === "string" && typeof detail === "string"
  );
}

/** `Retry-After` in seconds, which may also be written as a date; undefined if there is none. */
export function retryAfterSeconds(headers: Headers, nowMs: number): number | undefined {
  const text = headers.get("Retry-After")?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, Math.ceil((atMs - nowMs) / 1000));
}
