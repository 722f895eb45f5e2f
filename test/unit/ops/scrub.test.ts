import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scrub } from "#core/ops/scrub.ts";

const SECRET = "planted-secret-0123456789";

test.each([
  `the key par_live_3kTMd9vQxA_${"x".repeat(49)} is not valid`,
  "webhook whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw failed",
  "token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhY2NfMSJ9.c2lnbmF0dXJl",
])("scrubbing knows our own secrets by their form: %s", (text) => {
  expect(scrub(text)).toMatch(/^[a-z ]+ \[hidden\]( [a-z ]+)?$/);
});

describe("scrubbing hides", () => {
  test.each([
    `Authorization: Bearer ${SECRET}`,
    `authorization: Digest username="u", response="${SECRET}"`,
    `AUTHORIZATION=Basic ${SECRET}==`,
    `sent bearer ${SECRET} and failed`,
    `Bearer%20${SECRET}`,
    `Cookie: a=1; session=${SECRET}`,
    `{"token":"${SECRET}"}`,
    `{"Token" : "a \\"quoted\\" ${SECRET}"}`,
    JSON.stringify(JSON.stringify({ apiKey: SECRET })),
    `token: ${SECRET}`,
    `X_TOKEN=${SECRET}`,
    `x-token = '${SECRET}'`,
    `UPSTASH_REDIS_REST_TOKEN=${SECRET} is not valid`,
    `EDGE_TOKENS=${SECRET},second`,
    `EDGE_TOKENS=first,${SECRET}`,
    `EDGE_TOKENS=first,${SECRET},third is not valid`,
    `message: token=${SECRET}`,
    `MY_PASSWORD="with blanks ${SECRET}"`,
    `db.password=${SECRET};`,
    `accessKey=${SECRET}`,
    `aws_secret_access_key: ${SECRET}`,
    `x-api-key: ${SECRET}`,
    `auth=${SECRET}`,
    `Bmx-Token:${SECRET}`,
    `#access_token=${SECRET}&b=1`,
    `a%3Ftoken%3D${SECRET}`,
    `GET https://example.com/a?key=${SECRET}&b=1 failed`,
    `at /a?b=1&${SECRET}`,
    `mysql://user:${SECRET}@host/db`,
    `mysql://user:p@ss/${SECRET}@host/db?ssl=1`,
    `redis://:${SECRET}?x@host`,
    `https://${SECRET}@sentry.example/1`,
    `ERR syntax, command was: ["SET","k","${SECRET}"]`,
  ])("what %s has", (text) => {
    expect(scrub(text)).not.toContain(SECRET);
    expect(scrub(text.toUpperCase())).not.toContain(SECRET.toUpperCase());
    expect(scrub(`before ${text}`)).toMatch(/^before /);
  });

  test("known secrets, the longer of two that begin alike as a whole", () => {
    expect(scrub(`failed with ${SECRET}-and-more in it`, [SECRET, `${SECRET}-and-more`])).toBe(
      "failed with [hidden] in it",
    );
  });

  test("Banxico's tokens, and nothing that is harmless", () => {
    expect(scrub(`token ${"0af1".repeat(16)} refused`)).not.toContain("0af1");
    for (const text of [
      "Redis MGET: timeout at /internal/pages/banxico.SF43718/2023",
      "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
      "connect ECONNREFUSED 127.0.0.1:8788",
      "ER_NO_SUCH_TABLE: Table 'paridad.observations' doesn't exist",
      "author: someone, passed: 3 of 4, keyboard: none",
      "circuit breaker of redis: closed → open",
      "what now? a = b",
    ])
      expect(scrub(text)).toBe(text);
  });

  test("no more of a line than a list of secrets", () => {
    expect(scrub("EDGE_TOKENS=a,b port=1")).toBe("EDGE_TOKENS=[hidden] port=1");
    expect(scrub("{token:a,status:503}")).toBe("{token:[hidden],status:503}");
  });

  test("a value by its name, in every case, with every sign and quote", () => {
    const names = fc.constantFrom("token", "secret", "password", "passwd", "api_key", "apiKey", "authorization", "pwd");
    const affix = fc.stringMatching(/^[\w.-]{0,12}$/);
    const around = fc.string({ unit: "grapheme-ascii", maxLength: 20 });
    const is = fc.constantFrom("=", ":", ": ", " = ", "%3D", '":"', '": "', "='", '\\":\\"');
    const value = fc.stringMatching(/^[\w~+/-]{12,40}$/);
    fc.assert(
      fc.property(
        around,
        affix,
        names,
        affix,
        is,
        value,
        around,
        (before, prefix, name, suffix, sign, hidden, after) => {
          fc.pre(!`${prefix}${name}${suffix}${before}${after}`.includes(hidden));
          for (const cased of [name, name.toUpperCase()])
            expect(scrub(`${before} ${prefix}${cased}${suffix}${sign}${hidden} ${after}`)).not.toContain(hidden);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("all of that in any text at all, without ever throwing", () => {
    const pieces = fc.constantFrom(
      ...[
        "token",
        "=",
        ":",
        '"',
        "'",
        "\\",
        "?",
        "@",
        "://",
        "bearer ",
        " ",
        "\n",
        "command was:",
        "%3d",
        "&",
        "\ud800",
      ],
      ...["a", "-", "_", ".", "authorization", "0af1".repeat(16)],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: "binary" })), { maxLength: 60 }), (parts) => {
        const text = parts.join("");
        expect(scrub(text, [text.slice(0, 9), ""]).length).toBeLessThanOrEqual(2_000);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Work grows with the length alone: in steps of a machine that is busy, sixteen times the text takes no 256 times as long. */
test.each([
  ...["?", "://", "token", "a", "token=", "authorization", "bearer ", "bearer", "-", " ", '"', "\\", "@", "token:\\"],
  ...[
    "x_token ",
    "cookie:",
    "://a@",
    "?a",
    "%3d",
    "token'",
    "0af1",
    "command was",
    "auth-",
    "set-cookie",
    "token: '\\",
  ],
])("a long text of %j takes time that grows with its length", (piece) => {
  // The processor's time, not the clock's, which runs on while others work.
  const usedMs = (length: number) => {
    const text = piece.repeat(Math.ceil(length / piece.length));
    const rounds = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      scrub(text);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    });
    return Math.min(...rounds);
  };
  usedMs(20_000);
  // Sixteen times the length, or its square: 256 times.
  expect(usedMs(320_000)).toBeLessThan(100 * Math.max(2, usedMs(20_000)));
});
