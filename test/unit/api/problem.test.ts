import { describe, expect, it } from "vitest";
import { describe as describeProblem, type Problem, problemResponse } from "#core/api/problem.ts";

const URL = "https://paridad.example/api/v1/rates/current?base=XXX&token=secret";

const problems: [Problem, number][] = [
  [{ code: "invalid_parameter", errors: [{ parameter: "base", detail: "must be one of CAD, EUR" }] }, 400],
  [{ code: "no_data", detail: "USD/MXN has no rate in force on 1991-11-11" }, 404],
  [{ code: "bad_request", detail: "The request is not valid HTTP." }, 400],
  [{ code: "not_found" }, 404],
  [{ code: "not_found", suggestion: "/api/v1/rates/current" }, 404],
  [{ code: "request_timeout" }, 408],
  [{ code: "headers_too_large", maxBytes: 65_536, maxHeaders: 1_000 }, 431],
  [{ code: "method_not_allowed" }, 405],
  [{ code: "unauthorized" }, 401],
  [{ code: "payload_too_large", mostBytes: 1024 }, 413],
  [{ code: "rate_limited", retryAfterSeconds: 7 }, 429],
  [{ code: "rate_too_old", detail: "The newest USD/MXN is of 2023-12-29", retryAfterSeconds: 300 }, 503],
  [{ code: "unavailable", retryAfterSeconds: 30 }, 503],
  [{ code: "internal" }, 500],
];

describe.each(problems)("%o", (problem, status) => {
  const response = problemResponse(problem, URL);

  it(`is ${status}, problem+json, kept by nobody and open to every site`, async () => {
    expect(response.status).toBe(status);
    expect(response.headers.get("Content-Type")).toBe("application/problem+json");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(response.headers.get("X-Content-Type-Options")).toBe("nosniff");
    expect(await response.clone().json()).toEqual(describeProblem(problem, "/api/v1/rates/current"));
  });

  it("has the members of RFC 9457 as plain text, and nothing of the query", async () => {
    const text = await response.clone().text();
    expect(JSON.parse(text)).toMatchObject({
      type: `/docs#${problem.code}`,
      title: expect.stringMatching(/^\S/),
      status,
      detail: expect.stringMatching(/^\S/),
      instance: "/api/v1/rates/current",
      code: problem.code,
    });
    expect(text).not.toContain("secret");
  });

  it("says when to come back wherever that helps", () => {
    const retryAfter = response.headers.get("Retry-After");
    expect(retryAfter).toBe("retryAfterSeconds" in problem ? String(problem.retryAfterSeconds) : null);
    if (status === 429 || status === 503) expect(retryAfter).not.toBeNull();
  });
});

describe("problemResponse", () => {
  it("lists the methods on 405 and the scheme on 401", () => {
    expect(problemResponse({ code: "method_not_allowed" }, URL).headers.get("Allow")).toBe("GET, HEAD, OPTIONS");
    expect(problemResponse({ code: "unauthorized" }, URL).headers.get("WWW-Authenticate")).toMatch(/^Bearer /);
  });

  it("names every parameter in detail and errors", () => {
    const errors = [
      { parameter: "from", detail: "must not be after to" },
      { parameter: "days", detail: "is not a number" },
    ];
    expect(describeProblem({ code: "invalid_parameter", errors }, "/x")).toMatchObject({
      detail: "from: must not be after to; days: is not a number",
      errors,
    });
  });
});
