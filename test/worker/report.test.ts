import { afterEach, describe, expect, test, vi } from "vitest";
import { SentryReporter } from "../../worker/ops/reporter.ts";
import { TestClock, TestScope } from "./support.ts";

const SECRET = "planted-secret-0123456789";
const clock = new TestClock();

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the reporter", () => {
  function reporterWith(dsn?: string) {
    const lines: string[] = [];
    const settings = { environment: "prd", dsn, release: "1", secrets: [SECRET] };
    return { reporter: new SentryReporter({ ...settings, log: (line) => lines.push(line) }), lines };
  }

  /** An error of the worst kind: the secret in its message, stack, cause and fields. */
  function poisoned(): Error {
    const error = new Error(`UpstashError, command was: ["SET","${SECRET}"]`, { cause: new Error(SECRET) });
    error.stack = `Error: ${SECRET}\n    at f (worker.js?token=${SECRET}:1:1)`;
    return Object.assign(error, { request: { headers: { authorization: `Bearer ${SECRET}` } } });
  }

  test("without a DSN writes one line of JSON", () => {
    const { reporter, lines } = reporterWith();
    reporter.notice("circuit breaker of redis: closed → open", { breaker: "redis" }, new TestScope(clock.now));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        level: "warning",
        message: "circuit breaker of redis: closed → open",
        at: "2023-12-29T17:00:00.000Z",
        release: "1",
        breaker: "redis",
      },
    ]);
  });

  test("says of a fault both what was being done and what went wrong", () => {
    const { reporter, lines } = reporterWith();
    reporter.exception(new RangeError("too big"), "cron: audit", new TestScope(clock.now));
    reporter.exception("thrown text", "publishing pages", new TestScope(clock.now));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: "error",
        message: "cron: audit",
        name: "RangeError",
        reason: "too big",
        stack: expect.stringContaining("at "),
      },
      { level: "error", message: "publishing pages", reason: "thrown text" },
    ]);
  });

  test("no fact takes the place of what every line says", () => {
    const { reporter, lines } = reporterWith();
    const facts = { level: "none", message: "other", at: 0, traceparent: "x", pages: 3 };
    reporter.notice("responses lack many days", facts, new TestScope(clock.now));
    const line = { level: "warning", message: "responses lack many days", at: "2023-12-29T17:00:00.000Z", pages: 3 };
    expect(lines.map((each) => JSON.parse(each))).toMatchObject([line]);
  });

  test("lets no secret into the log or to Sentry, and sends nothing of the request", async () => {
    const sent: string[] = [];
    vi.spyOn(globalThis, "fetch").mockImplementation(async (_, init) => {
      sent.push(String(init?.body));
      return new Response("{}");
    });
    const { reporter, lines } = reporterWith(`https://public@o1.ingest.sentry.example.com/1`);
    const scope = new TestScope(clock.now);
    reporter.exception(poisoned(), `GET /api/v1/convert?amount=${SECRET}`, scope);
    reporter.exception(SECRET, "thrown text", scope);
    reporter.notice(`Bearer ${SECRET}`, { detail: `token=${SECRET}` }, scope);
    await scope.settled();
    await vi.waitFor(() => expect(sent).toHaveLength(3));
    expect(lines).toHaveLength(3);
    for (const text of [...lines, ...sent]) expect(text).not.toContain(SECRET);
    expect(sent[0]).toContain('"environment":"prd"');
    expect(sent.join()).not.toMatch(/"(request|cookies|headers|breadcrumbs|user)":/);
  });
});
