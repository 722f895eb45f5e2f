import { describe, expect, test } from "vitest";
import { scrub } from "#core/scrub.ts";

const SECRET = "planted-secret-0123456789";

describe("scrubbing hides", () => {
  test.each([
    ["a known secret", `failed with ${SECRET} in it`],
    ["a bearer token", `Authorization: Bearer ${SECRET}`],
    ["a token in JSON", `{"token":"${SECRET}"}`],
    ["a query", `GET https://example.com/a?key=${SECRET}&b=1 failed`],
    ["user information", `mysql://user:${SECRET}@host/db`],
    ["a command", `ERR syntax, command was: ["SET","k","${SECRET}"]`],
  ])("%s", (what, text) => {
    expect(scrub(text, what === "a known secret" ? [SECRET] : [])).not.toContain(SECRET);
  });

  test("Banxico's tokens, and nothing that is harmless", () => {
    expect(scrub(`token ${"0af1".repeat(16)} refused`)).not.toContain("0af1");
    expect(scrub("Redis MGET: timeout at /internal/pages/banxico.SF43718/2023")).toBe(
      "Redis MGET: timeout at /internal/pages/banxico.SF43718/2023",
    );
  });
});
