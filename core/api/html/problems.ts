import { describe, type Problem } from "../../problem.ts";
import { prose } from "./text.ts";

/** An instance and an explanation for each code: the type leaves none out. */
type Explained = { [Code in Problem["code"]]: [problem: Extract<Problem, { code: Code }>, explanation: string] };

const PROBLEMS: Explained = {
  invalid_parameter: [
    { code: "invalid_parameter", errors: [] },
    "`errors` names each parameter and says what it must be. Correct them: the same request will fail again.",
  ],
  no_data: [
    { code: "no_data", detail: "" },
    "The request is right, but nothing was published for what it asks. `detail` names the range there is.",
  ],
  not_found: [{ code: "not_found" }, "The address is not part of the API. This page lists those that are."],
  method_not_allowed: [
    { code: "method_not_allowed" },
    "Rates are only read: use `GET`, `HEAD` or `OPTIONS`, as `Allow` says.",
  ],
  rate_limited: [
    { code: "rate_limited", retryAfterSeconds: 1 },
    "One address asked too often. Wait for the seconds in `Retry-After`; keep answers for as long as `Cache-Control` allows.",
  ],
  rate_too_old: [
    { code: "rate_too_old", detail: "", retryAfterSeconds: 1 },
    "So many publications were missed that no rate can be called current. History is still served: `detail` says how to ask for the last rate by its date.",
  ],
  unavailable: [
    { code: "unavailable", retryAfterSeconds: 1 },
    "Nothing that holds the rate can be reached. Ask again after the seconds in `Retry-After`.",
  ],
  internal: [
    { code: "internal" },
    "Our fault, and recorded. Asking again may help; changing the request should not be needed.",
  ],
  unauthorized: [
    { code: "unauthorized" },
    "Only for addresses between parts of the platform. Reading rates takes no token.",
  ],
  payload_too_large: [
    { code: "payload_too_large", mostBytes: 0 },
    "Only for addresses between parts of the platform. Reading rates takes no body.",
  ],
};

/** Every problem that the platform answers, each at the anchor that its `type` points to. */
export function problemsHtml(): string {
  return Object.values(PROBLEMS)
    .map(([problem, explanation]) => {
      const { code, status, title } = describe(problem, "");
      return `<article id="${code}"><h3><a href="#${code}"><code>${code}</code></a> <i>${status}</i></h3>
<p><b>${prose(title)}.</b> ${prose(explanation)}</p></article>`;
    })
    .join("\n");
}
