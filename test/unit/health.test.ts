import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HealthFacts, healthOf, healthResponse } from "#core/api/health.ts";
import { DEFAULT_POLICY } from "#core/policy.ts";

const policy = DEFAULT_POLICY;
const nowMs = Date.parse("2023-12-29T20:00:00Z");

const allWell: HealthFacts = {
  database: "healthy",
  redis: "healthy",
  banxicoApi: "healthy",
  circuitBreaker: "closed",
  responseTimeP95Ms: 4,
  cacheHitRatio: 0.99,
  deadLetters: 0,
  latest: "2023-12-29",
  unconfirmed: false,
};

const levelWith = (change: Partial<HealthFacts>) => healthOf({ ...allWell, ...change }, nowMs, policy).level;

describe("the level", () => {
  it("is healthy where all is well, or can't be told", () => {
    expect(levelWith({})).toBe("healthy");
    const unknown = {
      database: "unknown",
      redis: "unknown",
      banxicoApi: "unknown",
      circuitBreaker: "unknown",
    } as const;
    expect(levelWith({ ...unknown, responseTimeP95Ms: null, cacheHitRatio: null, deadLetters: null })).toBe("healthy");
  });

  it.each<[string, Partial<HealthFacts>]>([
    ["the database is down", { database: "unhealthy" }],
    ["Redis is down", { redis: "unhealthy" }],
    ["Banxico is down", { banxicoApi: "unhealthy" }],
    ["the breaker is open", { circuitBreaker: "open" }],
    ["a batch could not be stored", { deadLetters: 1 }],
    ["the newest FIX comes from an old copy", { unconfirmed: true }],
    ["one publication was missed", { latest: "2023-12-28" }],
    ["five publications were missed", { latest: "2023-12-21" }],
  ])("is degraded where %s", (_, change) => expect(levelWith(change)).toBe("degraded"));

  it("is limited from the sixth missed publication on", () => {
    expect(levelWith({ latest: "2023-12-20" })).toBe("limited");
    expect(levelWith({ latest: "1991-11-12", database: "unhealthy" })).toBe("limited");
  });

  it("is critical without any rate", () => expect(levelWith({ latest: null })).toBe("critical"));
  it("is not critical merely because nothing could be read in time", () =>
    expect(levelWith({ latest: null, unconfirmed: true, undetermined: true })).toBe("degraded"));

  it("never gets better when one more thing fails", () => {
    const ranks = ["healthy", "degraded", "limited", "critical"];
    const state = fc.constantFrom("healthy" as const, "unhealthy" as const, "unknown" as const);
    const facts: fc.Arbitrary<HealthFacts> = fc.record({
      database: state,
      redis: state,
      banxicoApi: state,
      circuitBreaker: fc.constantFrom("closed" as const, "open" as const, "half_open" as const, "unknown" as const),
      responseTimeP95Ms: fc.option(fc.nat()),
      cacheHitRatio: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      deadLetters: fc.option(fc.nat(3)),
      latest: fc.constantFrom("2023-12-29", "2023-12-27", "2023-12-01", null),
      unconfirmed: fc.boolean(),
    });
    const failures: Partial<HealthFacts>[] = [
      { database: "unhealthy" },
      { redis: "unhealthy" },
      { banxicoApi: "unhealthy" },
      { circuitBreaker: "open" },
      { deadLetters: 3 },
      { unconfirmed: true },
      { latest: null },
    ];
    fc.assert(
      fc.property(facts, fc.constantFrom(...failures), (before, failure) => {
        const [was, is] = [before, { ...before, ...failure }].map((given) => healthOf(given, nowMs, policy).level);
        expect(ranks.indexOf(is ?? "")).toBeGreaterThanOrEqual(ranks.indexOf(was ?? ""));
      }),
    );
  });
});

describe("the answer", () => {
  it("says what was found", () => {
    expect(healthOf({ ...allWell, latest: "2023-12-27" }, nowMs, policy)).toEqual({
      status: "degraded",
      level: "degraded",
      dependencies: { database: "healthy", redis: "healthy", banxico_api: "healthy", circuit_breaker: "closed" },
      performance: { response_time_p95: 4, cache_hit_ratio: 0.99 },
      freshness: { latest: "2023-12-27", expected: "2023-12-29", publishes_missed: 2 },
      dead_letters: 0,
    });
    expect(healthOf({ ...allWell, latest: null }, nowMs, policy).freshness).toEqual({
      latest: null,
      expected: "2023-12-29",
      publishes_missed: null,
    });
  });

  it.each<[string | null, string, number]>([
    ["2023-12-29", "healthy", 200],
    ["2023-12-28", "degraded", 200],
    ["2023-12-01", "degraded", 200],
    [null, "unhealthy", 503],
  ])("with the newest FIX of %s is %s, %i", async (latest, status, code) => {
    const response = healthResponse(healthOf({ ...allWell, latest }, nowMs, policy));
    expect(response.status).toBe(code);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(response.headers.get("Retry-After")).toBe(code === 503 ? "30" : null);
    expect(await response.json()).toMatchObject({ status });
  });
});
