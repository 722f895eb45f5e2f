import { beforeEach, describe, expect, test, vi } from "vitest";
import { DEFAULT_POLICY, readDeadlineMs } from "#core/ops/policy.ts";
import { PagesUnavailable } from "#core/pages/page-source.ts";
import type { Page } from "#core/rates/page.ts";
import { Renewals } from "../../worker/tiers/renewals.ts";
import { TieredPages } from "../../worker/tiers/tiered-pages.ts";
import {
  announcements,
  cached,
  EventLog,
  MapTier,
  pageOf,
  SERIES,
  START_MS,
  TestClock,
  TestScope,
  TestTimer,
} from "./support.ts";

/** Tiers that say different things of one page, that come late, or that have nothing. */

const YEAR = 2010;
const HOUR_MS = 3_600_000;

let clock: TestClock;
let scope: TestScope;
let timer: TestTimer;
let events: EventLog;
let tiers: { isolate: MapTier; colo: MapTier; redis: MapTier; origin: MapTier };

beforeEach(() => {
  clock = new TestClock();
  scope = new TestScope(clock.now);
  timer = new TestTimer();
  events = new EventLog();
  const names = ["isolate", "colo", "redis", "origin"] as const;
  tiers = Object.fromEntries(names.map((name) => [name, new MapTier(name)])) as typeof tiers;
  tiers.redis.deadlineMs = (pages) => readDeadlineMs("REDIS", pages, DEFAULT_POLICY);
  tiers.origin.deadlineMs = (pages) => readDeadlineMs("ORIGIN", pages, DEFAULT_POLICY);
});

let renewals = new Renewals();
function read(years = [YEAR]) {
  renewals = new Renewals();
  const settings = {
    tiers: Object.values(tiers),
    renewals,
    policy: DEFAULT_POLICY,
    conditions: () => ({ isRedisAway: false, isDatabaseDegraded: false }),
    announcements,
    originClosedForMs: () => 0,
    events,
    random: () => 0.5,
    timer: timer.start,
  };
  return new TieredPages(settings, scope).read(SERIES, years);
}

const rateOf = (page: Page | undefined) => page?.observations.at(-1)?.[1];
const right = pageOf(YEAR, 5);
const wrong: Page = { ...pageOf(YEAR, 6), observations: [[`${YEAR}-06-01`, "11.9012"]] };

describe("a page that the tier below no longer gives", () => {
  beforeEach(() => {
    tiers.isolate.hold(cached(wrong, START_MS));
    tiers.redis.hold(cached(right, START_MS));
    tiers.origin.hold(cached(right, START_MS));
  });

  const readLater = async (afterMs: number) => {
    clock.advance(afterMs);
    for (const tier of [tiers.redis, tiers.origin]) tier.hold(cached(right, clock.ms));
    return (await read())[0];
  };

  test("is served while it is fresh, and then no more", async () => {
    expect(rateOf((await readLater(599_999))?.page)).toBe("11.9012");
    expect((await readLater(1))?.page).toEqual(right);
    expect(tiers.isolate.pages.get(`${SERIES}:${YEAR}`)?.page).toEqual(right);
  });

  test("is decided on by the origin", async () => {
    expect(await readLater(HOUR_MS)).toMatchObject({ page: right, tier: "origin" });
  });

  test("gives way to Redis if the origin does not answer", async () => {
    tiers.origin.chaos = "throw";
    const entry = await readLater(HOUR_MS);
    expect(entry).toMatchObject({ page: right, tier: "redis" });
    expect(entry).not.toHaveProperty("stale");
    expect(tiers.colo.pages.get(`${SERIES}:${YEAR}`)?.page).toEqual(right);
  });

  test("is kept if the origin says that Redis lags", async () => {
    clock.advance(HOUR_MS);
    tiers.redis.hold(cached(right, clock.ms));
    tiers.origin.hold(cached(wrong, clock.ms));
    expect((await read())[0]).toMatchObject({ page: wrong, tier: "origin" });
  });

  test("does not come back from the colo, whose entry is older", async () => {
    tiers.isolate.hold({ ...cached(right, START_MS), confirmedAtMs: START_MS + HOUR_MS });
    tiers.colo.hold({ ...cached(wrong, START_MS + HOUR_MS), confirmedAtMs: START_MS });
    expect(await readLater(HOUR_MS)).toMatchObject({ page: right, tier: "redis" });
  });
});

test("of two contents under one version the lower tier's counts", async () => {
  const other = { ...right, observations: wrong.observations };
  tiers.isolate.hold(cached(other, START_MS));
  clock.advance(HOUR_MS);
  tiers.redis.hold(cached(right, clock.ms));
  tiers.origin.hold(cached(right, clock.ms));
  expect((await read())[0]?.page).toEqual(right);
});

describe("an absent page", () => {
  test("does not replace one that is there, and does not confirm it", async () => {
    tiers.isolate.hold(cached(right, START_MS));
    tiers.origin.hold(cached(pageOf(YEAR, 0), START_MS));
    clock.advance(HOUR_MS);
    expect((await read())[0]?.page).toEqual(right);
    expect(tiers.isolate.pages.get(`${SERIES}:${YEAR}`)?.confirmedAtMs).toBe(START_MS);
  });

  test.each(["colo", "redis"] as const)("in the %s is none: the origin is asked", async (name) => {
    tiers[name].hold(cached(pageOf(YEAR, 0), START_MS));
    tiers.origin.hold(cached(right, START_MS));
    expect((await read())[0]).toMatchObject({ page: right, tier: "origin" });
  });

  test("is kept by the isolate only, unless its year has just begun", async () => {
    tiers.origin.hold(cached(pageOf(YEAR, 0), START_MS), cached(pageOf(2024, 0), START_MS));
    clock.ms = Date.parse("2024-01-02T15:00:00Z");
    await read([YEAR, 2024]);
    expect(tiers.isolate.writes.map(({ years }) => years)).toEqual([[YEAR, 2024]]);
    expect(tiers.colo.writes.map(({ years }) => years)).toEqual([[2024]]);
    expect(tiers.redis.writes.map(({ years }) => years)).toEqual([[2024]]);
  });
});

describe("a tier that is late", () => {
  test("has more time, the more pages it is asked for", async () => {
    tiers.origin.hold(...[2020, 2021, 2022].map((year) => cached(pageOf(year, 1), START_MS)));
    await read([2020, 2021, 2022]);
    expect(timer.startedMs).toEqual([150 + 2 * 10, 1_500 + 2 * 50]);
  });

  test("is passed over, and fills the caches when it comes", async () => {
    tiers.redis.chaos = "hang";
    tiers.redis.hold(cached(right, START_MS));
    tiers.isolate.hold(cached(pageOf(YEAR, 4), START_MS - HOUR_MS));
    tiers.origin.chaos = "throw";
    const reading = read();
    await vi.waitFor(() => expect(timer.running).toBe(1));
    timer.fire();
    expect((await reading)[0]).toMatchObject({ page: { version: 4 }, stale: "redis_and_origin_unavailable" });
    expect(events.lines).not.toContain("redis failed");
    tiers.redis.arrive();
    await scope.settled();
    expect(tiers.isolate.pages.get(`${SERIES}:${YEAR}`)?.page).toEqual(right);
    expect(renewals.get(SERIES, YEAR, clock.ms)).toBeUndefined();
  });

  test("is waited for if nothing else has the page", async () => {
    tiers.redis.chaos = "hang";
    tiers.origin.chaos = "hang";
    tiers.origin.hold(cached(right, START_MS));
    const reading = read();
    for (const tier of [tiers.redis, tiers.origin]) {
      await vi.waitFor(() => expect([tier.reads.length, timer.running]).toEqual([1, 1]));
      timer.fire();
    }
    tiers.redis.arrive();
    tiers.origin.arrive();
    expect((await reading)[0]).toMatchObject({ page: right, tier: "origin" });
  });

  test("and never comes leaves the reader without the page", async () => {
    tiers.redis.chaos = "throw";
    tiers.origin.read = () => Promise.reject(new Error("given up"));
    await expect(read()).rejects.toThrow(PagesUnavailable);
  });
});
