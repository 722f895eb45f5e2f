import { PagesUnavailable } from "../pages/page-source.ts";
import type { Problem } from "./problem.ts";

/** A problem on its way out of a handler. */
export class ApiFailure extends Error {
  override name = "ApiFailure";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}

/** The failure of a request whose parameters contradict what is stored. */
export function invalidParameter(parameter: string, detail: string): ApiFailure {
  return new ApiFailure({ code: "invalid_parameter", errors: [{ parameter, detail }] });
}

/** The problem that an error stands for; undefined where it is a fault of ours. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof ApiFailure) return error.problem;
  if (error instanceof PagesUnavailable) return { code: "unavailable", retryAfterSeconds: error.retryAfterSeconds };
  return undefined;
}
