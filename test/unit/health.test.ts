import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type HealthFacts,
  healthResponse,
  healthOf as healthWith,
  readSeriesFacts,
  type SeriesFacts,
  seriesFactsOf,
  unreadSeriesFacts,
} from "#core/api/health.ts";
import type { ProviderFacts } from "#core/api/provider-health.ts";
import { DEFAULT_POLICY, type Policy, policySchema } from "#core/ops/policy.ts";
import type { Board } from "#core/pages/board.ts";
import type { Pages } from "#core/pages/page-source.ts";
import type { Provider } from "#core/providers/provider.ts";
import type { Observation, Page } from "#core/rates/page.ts";
import { catalogue } from "./catalogues.ts";

const policy = DEFAULT_POLICY;
const nowMs = Date.parse("2023-12-29T20:00:00Z");
const healthOf = (facts: HealthFacts, atMs: number, given: Policy) =>
  healthWith(facts, catalogue(["banxico"], given).main.publication, atMs, given);

const good: SeriesFacts = { id: "banxico.SF43718", latest: "2023-12-29", waiting: 0, unconfirmed: false };
/** Two series: all is well with the first, and the second is as given. */
const beside = (change: Partial<SeriesFacts>): Partial<HealthFacts> => ({
  series: [good, { ...good, id: "banxico.SF46410", ...change }],
});

/** Banxico without a board, and the ECB with an empty one, or as given. */
function providersWith(ofEcb: Partial<ProviderFacts>, ofBanxico: Partial<ProviderFacts> = {}): ProviderFacts[] {
  const [banxico, ecb] = catalogue(["banxico", "ecb"]).providers as [Provider, Provider];
  return [
    { provider: banxico, board: undefined, breaker: "closed", ...ofBanxico },
    { provider: ecb, board: undefined, breaker: "closed", ...ofEcb },
  ];
}

const NO_VALUES: Board = { provider: "ecb", version: 1, values: {} };

const allWell: HealthFacts = {
  database: "healthy",
  redis: "healthy",
  responseTimeP95Ms: 4,
  cacheHitRatio: 0.99,
  deadLetters: 0,
  settlementCheck: "agrees",
  series: [good],
  providers: providersWith({}),
};

const levelWith = (change: Partial<HealthFacts>) => healthOf({ ...allWell, ...change }, nowMs, policy).level;

describe("the level", () => {
  it("is healthy where all is well, or can't be told", () => {
    expect(levelWith({})).toBe("healthy");
    const providers = providersWith({ breaker: "unknown" }, { breaker: "unknown" });
    const unknown = { database: "unknown", redis: "unknown", settlementCheck: "unknown", providers } as const;
    expect(levelWith({ ...unknown, responseTimeP95Ms: null, cacheHitRatio: null, deadLetters: null })).toBe("healthy");
  });

  it.each<[string, Partial<HealthFacts>]>([
    ["the database is down", { database: "unhealthy" }],
    ["Redis is down", { redis: "unhealthy" }],
    ["Banxico's breaker is open", { providers: providersWith({}, { breaker: "open" }) }],
    ["Banxico's breaker is probing", { providers: providersWith({}, { breaker: "half_open" }) }],
    ["another provider's breaker is open", { providers: providersWith({ breaker: "open" }) }],
    ["another provider has no value", { providers: providersWith({ board: NO_VALUES }) }],
    ["a batch could not be stored", { deadLetters: 1 }],
    ["Banxico's settlement rates differ from ours", { settlementCheck: "differs" }],
    ["the newest values come from an old copy", beside({ unconfirmed: true })],
    ["one series missed a publication", beside({ latest: "2023-12-28" })],
    ["five publications were missed", beside({ latest: "2023-12-21" })],
    ["values of a series wait for a person", beside({ waiting: 2 })],
    ["one series could not be read in time", beside({ latest: null, unconfirmed: true, undetermined: true })],
  ])("is degraded where %s", (_, change) => expect(levelWith(change)).toBe("degraded"));

  it("is limited from the sixth missed publication on", () => {
    expect(levelWith(beside({ latest: "2023-12-20" }))).toBe("limited");
    expect(levelWith({ ...beside({ latest: "1991-11-12" }), database: "unhealthy" })).toBe("limited");
  });

  it("is limited where a series never had a value, though another has", () =>
    expect(levelWith(beside({ latest: null }))).toBe("limited"));

  it("is critical without any rate", () => {
    expect(levelWith({ series: [{ ...good, latest: null }] })).toBe("critical");
    expect(levelWith({ series: [] })).toBe("critical");
  });
  it("is not critical merely because nothing could be read in time", () =>
    expect(levelWith({ series: [{ ...good, latest: null, unconfirmed: true, undetermined: true }] })).toBe("degraded"));

  it("is healthy on the day after a closure that is declared", () => {
    const declared = policySchema.parse({ EXTRA_CLOSURES: "banxico:2023-12-29" });
    const facts = { ...allWell, series: [{ ...good, latest: "2023-12-28" }] };
    expect(healthOf(facts, nowMs, policy).level).toBe("degraded");
    expect(healthOf(facts, nowMs, declared)).toMatchObject({
      level: "healthy",
      freshness: { expected: "2023-12-28", publishes_missed: 0 },
    });
  });

  it("never gets better when one more thing fails", () => {
    const ranks = ["healthy", "degraded", "limited", "critical"];
    const state = fc.constantFrom("healthy" as const, "unhealthy" as const, "unknown" as const);
    const breaker = fc.constantFrom("closed" as const, "open" as const, "half_open" as const, "unknown" as const);
    const facts: fc.Arbitrary<HealthFacts> = fc.record({
      database: state,
      redis: state,
      providers: breaker.map((given) => providersWith({}, { breaker: given })),
      responseTimeP95Ms: fc.option(fc.nat()),
      cacheHitRatio: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      deadLetters: fc.option(fc.nat(3)),
      settlementCheck: fc.constantFrom("agrees", "differs", "missing", "unknown"),
      series: fc.array(
        fc.record({
          id: fc.constantFrom("a", "b"),
          latest: fc.constantFrom("2023-12-29", "2023-12-27", "2023-12-01", null),
          waiting: fc.nat(2),
          unconfirmed: fc.boolean(),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    });
    const ofSeries = (change: Partial<SeriesFacts>) => (before: HealthFacts) => ({
      series: before.series.map((each, index) => (index === 0 ? { ...each, ...change } : each)),
    });
    const failures: ((before: HealthFacts) => Partial<HealthFacts>)[] = [
      () => ({ database: "unhealthy" }),
      () => ({ redis: "unhealthy" }),
      () => ({ providers: providersWith({}, { breaker: "open" }) }),
      () => ({ providers: providersWith({ board: NO_VALUES }) }),
      () => ({ deadLetters: 3 }),
      () => ({ settlementCheck: "differs" }),
      ofSeries({ unconfirmed: true }),
      ofSeries({ waiting: 3 }),
      ofSeries({ latest: null }),
    ];
    fc.assert(
      fc.property(facts, fc.constantFrom(...failures), (before, failure) => {
        const [was, is] = [before, { ...before, ...failure(before) }].map(
          (given) => healthOf(given, nowMs, policy).level,
        );
        expect(ranks.indexOf(is ?? "")).toBeGreaterThanOrEqual(ranks.indexOf(was ?? ""));
      }),
    );
  });
});

describe("the answer", () => {
  it("says what was found", () => {
    const none = { state: "unknown", latest: null, publishes_missed: null, series_behind: 0, series_missing: 0 };
    const unread = { ...none, expected: "2023-12-29", circuit_breaker: "closed" };
    expect(healthOf({ ...allWell, ...beside({ latest: "2023-12-27", waiting: 1 }) }, nowMs, policy)).toEqual({
      status: "degraded",
      level: "degraded",
      dependencies: { database: "healthy", redis: "healthy", banxico_api: "healthy", circuit_breaker: "closed" },
      performance: { response_time_p95: 4, cache_hit_ratio: 0.99 },
      freshness: { latest: "2023-12-27", expected: "2023-12-29", publishes_missed: 2 },
      dead_letters: 0,
      settlement_check: "agrees",
      providers: [
        { ...unread, id: "banxico" },
        { ...unread, id: "ecb" },
      ],
      series: [
        { id: "banxico.SF43718", state: "current", latest: "2023-12-29", publishes_missed: 0, waiting: 0 },
        { id: "banxico.SF46410", state: "behind", latest: "2023-12-27", publishes_missed: 2, waiting: 1 },
      ],
    });
    const nothing = healthOf({ ...allWell, series: [{ ...good, latest: null }] }, nowMs, policy);
    expect(nothing.freshness).toEqual({ latest: null, expected: "2023-12-29", publishes_missed: null });
    expect(nothing.series[0]).toMatchObject({ state: "missing", latest: null, publishes_missed: null });
  });

  it.each<[string | null, string, number]>([
    ["2023-12-29", "healthy", 200],
    ["2023-12-28", "degraded", 200],
    ["2023-12-01", "degraded", 200],
    [null, "unhealthy", 503],
  ])("with the newest FIX of %s is %s, %i", async (latest, status, code) => {
    const response = healthResponse(healthOf({ ...allWell, series: [{ ...good, latest }] }, nowMs, policy));
    expect(response.status).toBe(code);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
    expect(response.headers.get("Retry-After")).toBe(code === 503 ? "30" : null);
    const json = await response.json();
    expect(json).toMatchObject({ status });
    expect(json).not.toHaveProperty("release");
  });
});

const FRESH = { tier: "isolate", freshUntilMs: nowMs } as const;

describe("what is known of a series", () => {
  const today = "2023-12-29";
  const copyOf = (year: number, dates: readonly string[], waiting: readonly string[] = []) => {
    const observations = dates.map((date): Observation => [date, "17.0000"]);
    const page: Page = {
      series: good.id,
      year,
      version: dates.length,
      updated_at: dates.length > 0 ? `${year}-12-31T00:00:00Z` : null,
      observations,
      ...(waiting.length > 0 && { waiting }),
    };
    return { page };
  };
  const lastYear = copyOf(2022, ["2022-12-30"]);

  it("is its newest value on or before today, and what waits", () => {
    const copies = [lastYear, copyOf(2023, ["2023-12-28", "2023-12-30"], ["2023-12-29"])];
    const facts = { id: good.id, latest: "2023-12-28", waiting: 1, unconfirmed: false };
    expect(seriesFactsOf(good.id, copies, today)).toEqual(facts);
    expect(seriesFactsOf(good.id, [lastYear, copyOf(2023, [])], today).latest).toBe("2022-12-30");
    expect(seriesFactsOf(good.id, [{ ...lastYear, stale: "origin_unavailable" }], today).unconfirmed).toBe(true);
  });

  it("is read from this year's page, and from last year's only while that is empty", async () => {
    const read = async (thisYear: readonly string[]) => {
      const asked: number[] = [];
      const pages: Pages = {
        read: async (_, years) => {
          asked.push(...years);
          return years.map((year) => ({ ...(year === 2022 ? lastYear : copyOf(2023, thisYear)), ...FRESH }));
        },
      };
      return { latest: (await readSeriesFacts(pages, good.id, today)).latest, asked };
    };
    expect(await read(["2023-12-28"])).toEqual({ latest: "2023-12-28", asked: [2023] });
    expect(await read([])).toEqual({ latest: "2022-12-30", asked: [2023, 2022] });
  });

  it("is nothing where only last year's page is at hand, which is no alarm", () => {
    for (const hasFailed of [false, true])
      expect(unreadSeriesFacts(good.id, [lastYear], today, hasFailed)).toMatchObject({
        latest: null,
        undetermined: true,
      });
    expect(unreadSeriesFacts(good.id, [], today, false)).toMatchObject({ latest: null, undetermined: true });
    expect(unreadSeriesFacts(good.id, [], today, true)).toMatchObject({ latest: null, undetermined: false });
    expect(unreadSeriesFacts(good.id, [copyOf(2023, ["2023-12-28"])], today, true)).toEqual({
      ...good,
      latest: "2023-12-28",
      unconfirmed: true,
    });
    expect(unreadSeriesFacts(good.id, [lastYear, copyOf(2023, [])], today, false).latest).toBe("2022-12-30");
  });
});
