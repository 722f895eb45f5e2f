import { beforeEach, describe, expect, test, vi } from "vitest";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { PagesUnavailable } from "#core/pages/page-source.ts";
import type { Conditions } from "#core/pages/page-ttl.ts";
import { Renewals } from "../../worker/tiers/renewals.ts";
import { TieredPages } from "../../worker/tiers/tiered-pages.ts";
import { announcements, cached, EventLog, MapTier, pageOf, SERIES, START_MS, TestClock, TestScope } from "./support.ts";

let clock: TestClock;
let events: EventLog;
let isolate: MapTier;
let colo: MapTier;
let redis: MapTier;
let origin: MapTier;
let renewals: Renewals;
let conditions: Conditions;

beforeEach(() => {
  clock = new TestClock();
  events = new EventLog();
  isolate = new MapTier("isolate");
  colo = new MapTier("colo");
  redis = new MapTier("redis");
  origin = new MapTier("origin");
  renewals = new Renewals();
  conditions = { isRedisAway: false, isDatabaseDegraded: false };
});

function read(years: number[]) {
  const settings = {
    tiers: [isolate, colo, redis, origin],
    renewals,
    policy: DEFAULT_POLICY,
    conditions: () => conditions,
    announcements,
    originClosedForMs: () => 42_000,
    events,
    random: () => 0.5,
  };
  return new TieredPages(settings, new TestScope(clock.now)).read(SERIES, years);
}

const breakBelow = (...tiers: MapTier[]) => {
  for (const tier of tiers) tier.chaos = "throw";
};

describe("the order of the lookup", () => {
  test("a fresh entry in the isolate ends it", async () => {
    isolate.hold(cached(pageOf(2023, 5), START_MS));
    const [entry] = await read([2023]);
    expect(entry).toEqual({ page: pageOf(2023, 5), tier: "isolate", freshUntilMs: START_MS + 20_000 });
    expect(colo.reads).toEqual([]);
  });

  test("each year comes from the nearest tier that has it, in the order asked for", async () => {
    isolate.hold(cached(pageOf(2020, 1), START_MS));
    colo.hold(cached(pageOf(2021, 2), START_MS));
    redis.hold(cached(pageOf(2022, 3), START_MS));
    origin.hold(cached(pageOf(2023, 4), START_MS), cached(pageOf(2019, 0), START_MS));
    const entries = await read([2023, 2022, 2021, 2020, 2019]);
    expect(entries.map(({ tier, page }) => [page.year, tier])).toEqual([
      [2023, "origin"],
      [2022, "redis"],
      [2021, "colo"],
      [2020, "isolate"],
      [2019, "origin"],
    ]);
    expect([isolate, colo, redis, origin].map(({ reads }) => reads)).toEqual([
      [[2023, 2022, 2021, 2020, 2019]],
      [[2023, 2022, 2021, 2019]],
      [[2023, 2022, 2019]],
      [[2023, 2019]],
    ]);
    expect(events.lines).toEqual(["isolate 1/4", "colo 1/3", "redis 1/2", "origin 2/0"]);
  });

  test("a hit fills the tiers above it, and only those", async () => {
    redis.hold(cached(pageOf(2022, 3), START_MS));
    origin.hold(cached(pageOf(2023, 4), START_MS));
    await read([2022, 2023]);
    expect(isolate.writes.map(({ years }) => years)).toEqual([[2022], [2023]]);
    expect(colo.writes.map(({ years }) => years)).toEqual([[2022], [2023]]);
    expect(redis.writes.map(({ years }) => years)).toEqual([[2023]]);
    expect(origin.writes).toEqual([]);
    expect((await read([2022, 2023])).map(({ tier }) => tier)).toEqual(["isolate", "isolate"]);
  });

  test.each(["colo", "redis"] as const)("%s failing does not end it, nor is it filled", async (name) => {
    const failing = { colo, redis }[name];
    breakBelow(failing);
    origin.hold(cached(pageOf(2023, 4), START_MS));
    const [entry] = await read([2023]);
    expect(entry).toMatchObject({ tier: "origin" });
    expect(entry).not.toHaveProperty("stale");
    expect(failing.writes).toEqual([]);
    expect(events.lines).toContain(`${name} failed`);
  });

  test("a corrupt entry is a miss, and its tier gets it overwritten", async () => {
    redis.hold(cached(pageOf(2023, 4), START_MS)).corrupt = [2023];
    origin.hold(cached(pageOf(2023, 4), START_MS));
    expect((await read([2023]))[0]?.tier).toBe("origin");
    expect(redis.writes).toEqual([{ years: [2023], corrupt: [2023] }]);
    expect(events.lines).toContain("redis 0/1 corrupt 1");
  });
});

describe("the newest version wins", () => {
  test("a lagging Redis does not replace a newer entry, and the entry counts as stored again", async () => {
    isolate.hold(cached(pageOf(2023, 9), START_MS - 30_000));
    redis.hold(cached(pageOf(2023, 8), START_MS));
    const [entry] = await read([2023]);
    expect(entry).toEqual({ page: pageOf(2023, 9), tier: "isolate", freshUntilMs: START_MS + 20_000 });
    expect(isolate.pages.get(`${SERIES}:2023`)).toEqual(cached(pageOf(2023, 9), START_MS, START_MS - 30_000));
    expect(colo.pages.get(`${SERIES}:2023`)?.page.version).toBe(9);
  });

  test("a newer page below replaces an expired entry", async () => {
    isolate.hold(cached(pageOf(2023, 8), START_MS - 30_000));
    colo.hold(cached(pageOf(2023, 7), START_MS - 90_000));
    redis.hold(cached(pageOf(2023, 9), START_MS));
    expect((await read([2023]))[0]).toMatchObject({ page: { version: 9 }, tier: "redis" });
    expect(isolate.pages.get(`${SERIES}:2023`)?.page.version).toBe(9);
  });

  test("an empty page gives way to one with data as soon as it expires", async () => {
    isolate.hold(cached(pageOf(1995, 0), START_MS));
    redis.hold(cached(pageOf(1995, 7), START_MS));
    expect((await read([1995]))[0]?.page.version).toBe(0);
    clock.advance(20_000);
    expect((await read([1995]))[0]?.page.version).toBe(7);
  });
});

describe("with everything below away", () => {
  beforeEach(() => breakBelow(redis, origin));

  test("entries past their freshness are served, marked, up to the horizon", async () => {
    isolate.hold(cached(pageOf(2023, 5), START_MS));
    clock.advance(86_399_999);
    const [entry] = await read([2023]);
    expect(entry).toMatchObject({ page: { version: 5 }, tier: "isolate", stale: "redis_and_origin_unavailable" });
    expect(events.lines).toContain("stale 1");
    clock.advance(1);
    await expect(read([2023])).rejects.toThrow(PagesUnavailable);
  });

  test("the newer of two old entries is served", async () => {
    isolate.hold(cached(pageOf(2023, 5), START_MS - 30_000));
    colo.hold(cached(pageOf(2023, 6), START_MS - 80_000));
    expect((await read([2023]))[0]).toMatchObject({ page: { version: 6 }, tier: "colo", stale: expect.any(String) });
  });

  test("a page nowhere at hand is unavailable, for as long as the breaker says", async () => {
    isolate.hold(cached(pageOf(2023, 5), START_MS));
    const error = await read([2023, 2022]).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(PagesUnavailable);
    expect(error.retryAfterSeconds).toBe(42);
  });

  test("what freshness the failures lengthened is no staleness", async () => {
    isolate.hold(cached(pageOf(2023, 5), START_MS - 30_000));
    redis.read = async () => {
      conditions = { ...conditions, isRedisAway: true };
      throw new Error("away");
    };
    expect((await read([2023]))[0]).toEqual({
      page: pageOf(2023, 5),
      tier: "isolate",
      freshUntilMs: START_MS + 10_000,
    });
  });
});

test("with Redis answering, the reason names the origin alone", async () => {
  breakBelow(origin);
  colo.hold(cached(pageOf(2023, 5), START_MS - 90_000));
  expect((await read([2023]))[0]?.stale).toBe("origin_unavailable");
});

test("database trouble lengthens freshness to half an hour", async () => {
  isolate.hold(cached(pageOf(2023, 5), START_MS));
  conditions = { isRedisAway: false, isDatabaseDegraded: true };
  clock.advance(1_799_999);
  expect((await read([2023]))[0]).toMatchObject({ tier: "isolate" });
  expect(redis.reads).toEqual([]);
});

describe("a crowd at an expired page", () => {
  test("one request renews it; the others use the expired entry for that long, and no longer", async () => {
    isolate.hold(cached(pageOf(2023, 5), START_MS));
    clock.advance(20_000);
    redis.chaos = "hang";
    const renewing = read([2023]);
    await vi.waitFor(() => expect(redis.reads).toHaveLength(1));
    const [entry] = await read([2023]);
    expect(entry).toEqual({ page: pageOf(2023, 5), tier: "isolate", freshUntilMs: clock.ms });
    // The one that renews was cancelled: its note lapses, and the next request renews.
    clock.advance(1_700);
    redis.chaos = "none";
    redis.hold(cached(pageOf(2023, 6), clock.ms));
    expect((await read([2023]))[0]?.page.version).toBe(6);
    expect(redis.reads).toHaveLength(2);
    expect(await Promise.race([renewing, Promise.resolve("hangs alone")])).toBe("hangs alone");
  });

  test("an entry long expired is not served unmarked while another request renews it", async () => {
    isolate.hold(cached(pageOf(2023, 5), START_MS));
    clock.advance(3_600_000);
    redis.chaos = "hang";
    void read([2023]);
    await vi.waitFor(() => expect(redis.reads).toHaveLength(1));
    redis.chaos = "none";
    redis.hold(cached(pageOf(2023, 6), clock.ms));
    expect((await read([2023]))[0]?.page.version).toBe(6);
  });

  test("after a failed renewal the entry is served marked for a second, without reading again", async () => {
    isolate.hold(cached(pageOf(2023, 5), START_MS));
    clock.advance(20_000);
    breakBelow(redis, origin);
    await read([2023]);
    for (let request = 0; request < 5; request++)
      expect((await read([2023]))[0]?.stale).toBe("redis_and_origin_unavailable");
    expect(origin.reads).toHaveLength(1);
    clock.advance(1_000);
    redis.chaos = "none";
    redis.hold(cached(pageOf(2023, 5), clock.ms));
    expect((await read([2023]))[0]).not.toHaveProperty("stale");
  });
});
