import { beforeEach, describe, expect, inject, test } from "vitest";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { encodePage } from "#core/rates/page.ts";
import { pageKeyOf } from "#core/wire/keys.ts";
import { Guard } from "../../worker/clients/guard.ts";
import { OriginClient } from "../../worker/clients/origin-client.ts";
import { RedisClient } from "../../worker/clients/redis-client.ts";
import { ColoTier } from "../../worker/tiers/colo-tier.ts";
import { IsolateTier } from "../../worker/tiers/isolate-tier.ts";
import { OriginTier, rangesOf } from "../../worker/tiers/origin-tier.ts";
import { RedisTier } from "../../worker/tiers/redis-tier.ts";
import type { PageTier } from "../../worker/tiers/tier.ts";
import { cached, EventLog, pageOf, START_MS, TestClock, TestOrigin, TestScope } from "./support.ts";

/** What every tier must do, whatever it is made of. */

const events = new EventLog();
let clock: TestClock;
let scope: TestScope;
let series: string;

beforeEach(() => {
  clock = new TestClock();
  scope = new TestScope(clock.now);
  // Of its own for each test: the stores are shared.
  series = `banxico.T${crypto.randomUUID().replaceAll("-", "").toUpperCase()}`;
  events.lines.length = 0;
});

const guardOf = (name: string, deadlineMs = 1_000) =>
  new Guard({
    name,
    deadlineMs,
    policy: { failureThreshold: 3, openMs: 60_000, probeMs: 15_000 },
    classify: () => "failure",
    onChange: () => undefined,
  });

const redisOf = (url: string = inject("upstashUrl"), deadlineMs = 1_000) =>
  new RedisClient({ url, token: inject("redisToken"), deadlineMs });

const redisTierOf = (reader: RedisClient = redisOf(), deadlineMs?: number) =>
  new RedisTier({ reader, writer: redisOf(), guard: guardOf("redis", deadlineMs), policy: DEFAULT_POLICY, events });

type Opened = Pick<Cache, "match" | "put">;
const coloTierOf = (open?: () => Promise<Opened>, deadlineMs = 1_000): PageTier =>
  new ColoTier({
    publicUrl: "https://conformance.example.com",
    policy: { ...DEFAULT_POLICY, COLO_DEADLINE_MS: deadlineMs },
    events,
    ...(open && { open }),
  });

const keepers: [string, () => PageTier][] = [
  ["isolate", () => new IsolateTier()],
  ["colo", () => coloTierOf()],
  ["redis", () => redisTierOf()],
];

describe.each(keepers)("%s", (_, make) => {
  test("has nothing at first", async () => {
    expect(await make().read(series, [2022, 2023], scope)).toEqual({ entries: new Map(), corrupt: [] });
  });

  test("gives back what was written, and only that", async () => {
    const tier = make();
    tier.write(
      series,
      [cached(pageOf(2022, 3, series), START_MS), cached(pageOf(2023, 4, series), START_MS)],
      [],
      scope,
    );
    await scope.settled();
    const { entries, corrupt } = await tier.read(series, [2021, 2022, 2023], scope);
    expect([...entries.keys()].sort()).toEqual([2022, 2023]);
    expect(entries.get(2022)).toEqual(cached(pageOf(2022, 3, series), START_MS));
    expect(corrupt).toEqual([]);
    expect(events.lines).toEqual([]);
  });

  test("keeps series apart", async () => {
    const tier = make();
    tier.write(series, [cached(pageOf(2023, 4, series), START_MS)], [], scope);
    await scope.settled();
    expect((await tier.read(`${series}X`, [2023], scope)).entries.size).toBe(0);
  });

  test("keeps an empty page", async () => {
    const tier = make();
    tier.write(series, [cached(pageOf(1995, 0, series), START_MS)], [], scope);
    await scope.settled();
    expect((await tier.read(series, [1995], scope)).entries.get(1995)?.page).toEqual(pageOf(1995, 0, series));
  });
});

describe("isolate", () => {
  test("keeps at most so many pages; the least recently used goes first", async () => {
    const tier = new IsolateTier(DEFAULT_POLICY, 3);
    for (const year of [2001, 2002, 2003]) tier.write(series, [cached(pageOf(year, 1, series), START_MS)]);
    await tier.read(series, [2001]);
    tier.write(series, [cached(pageOf(2004, 1, series), START_MS)]);
    const { entries } = await tier.read(series, [2001, 2002, 2003, 2004]);
    expect([...entries.keys()]).toEqual([2001, 2003, 2004]);
    expect(tier.size).toBe(3);
  });

  test("a request that comes back late with an older page changes nothing", async () => {
    const tier = new IsolateTier();
    tier.write(series, [cached(pageOf(2023, 9, series), START_MS)]);
    tier.write(series, [cached(pageOf(2023, 8, series), START_MS)]);
    expect(tier.peek(series, 2023)?.page.version).toBe(9);
  });
});

describe("colo", () => {
  test("keeps timestamps of its own", async () => {
    const entry = { ...cached(pageOf(2023, 4, series), START_MS - 5, START_MS - 9), jitter: 0.93 };
    coloTierOf().write(series, [entry], [], scope);
    await scope.settled();
    expect((await coloTierOf().read(series, [2023], scope)).entries.get(2023)).toEqual(entry);
  });

  test.each([
    ["not JSON", new Response("<html>")],
    ["a page of another year", new Response(encodePage(pageOf(2022, 4)))],
    ["no timestamps", new Response(encodePage(pageOf(2023, 4)))],
  ])("an entry that is %s is corrupt", async (_, response) => {
    const open = async () => ({ match: async () => response, put: async () => undefined }) as Opened;
    expect(await coloTierOf(open).read("banxico.SF43718", [2023], scope)).toEqual({
      entries: new Map(),
      corrupt: [2023],
    });
  });

  test("what came within the deadline counts, though other entries hang", async () => {
    coloTierOf().write(series, [cached(pageOf(2023, 4, series), START_MS)], [], scope);
    await scope.settled();
    const cache = await caches.open("paridad-pages-v1");
    const match = (key: RequestInfo | URL) =>
      String((key as Request).url).endsWith("/2022") ? hang() : cache.match(key);
    const tier = coloTierOf(async () => ({ match, put: hang }) as unknown as Opened, 30);
    expect([...(await tier.read(series, [2022, 2023], scope)).entries.keys()]).toEqual([2023]);
  });

  test("a cache that hangs or fails throws in time, and a fill that fails is only counted", async () => {
    const hanging = coloTierOf(hang, 2);
    await expect(hanging.read(series, [2023], scope)).rejects.toThrow("no response within 2 ms");
    const failing = coloTierOf(async () => Promise.reject(new Error("no cache")));
    await expect(failing.read(series, [2023], scope)).rejects.toThrow("no cache");
    failing.write(series, [cached(pageOf(2023, 4, series), START_MS)], [], scope);
    await scope.settled();
    expect(events.lines).toEqual(["colo fill failed"]);
  });
});

describe("redis", () => {
  const store = redisOf;
  const key = () => pageKeyOf(series, 2023);

  test("a fill never replaces a page, whatever its version", async () => {
    await store().set(key(), encodePage(pageOf(2023, 8, series)));
    redisTierOf().write(series, [cached(pageOf(2023, 9, series), START_MS)], [], scope);
    await scope.settled();
    expect(await store().get(key())).toBe(encodePage(pageOf(2023, 8, series)));
  });

  test("pages stay for ever, empty ones for a minute", async () => {
    redisTierOf().write(series, [cached(pageOf(2023, 9, series), START_MS)], [], scope);
    redisTierOf().write(series, [cached(pageOf(1995, 0, series), START_MS)], [], scope);
    await scope.settled();
    expect(await store().send(["TTL", key()])).toBe(-1);
    expect(await store().send(["TTL", pageKeyOf(series, 1995)])).toBe(60);
  });

  test("a corrupt page is reported and overwritten", async () => {
    await store().set(key(), '{"series":"poison"}');
    const tier = redisTierOf();
    const { entries, corrupt } = await tier.read(series, [2023], scope);
    expect({ size: entries.size, corrupt }).toEqual({ size: 0, corrupt: [2023] });
    tier.write(series, [cached(pageOf(2023, 9, series), START_MS)], corrupt, scope);
    await scope.settled();
    expect((await tier.read(series, [2023], scope)).entries.get(2023)?.page.version).toBe(9);
  });

  test("the publisher's page, come between, is not lost to the overwriting", async () => {
    await store().set(key(), encodePage(pageOf(2023, 12, series)));
    redisTierOf().write(series, [cached(pageOf(2023, 9, series), START_MS)], [2023], scope);
    await scope.settled();
    expect(await store().get(key())).toBe(encodePage(pageOf(2023, 12, series)));
  });

  test("is not filled while its calls fail", async () => {
    const tier = redisTierOf(redisOf("http://127.0.0.1:9"));
    await expect(tier.read(series, [2023], scope)).rejects.toThrow("Redis MGET: unreachable");
    tier.write(series, [cached(pageOf(2023, 9, series), START_MS)], [], scope);
    await scope.settled();
    expect(await store().get(key())).toBeNull();
  });

  test("that hangs is given up at the deadline", async () => {
    const reader = { mget: hang } as unknown as RedisClient;
    await expect(redisTierOf(reader, 2).read(series, [2023], scope)).rejects.toThrow("redis: no response within 2 ms");
  });
});

describe("origin", () => {
  const originOf = (world: TestOrigin) =>
    new OriginTier({
      client: new OriginClient({ url: "http://origin", token: "t", policy: DEFAULT_POLICY, fetch: world.fetch }),
      guard: guardOf("origin"),
      policy: DEFAULT_POLICY,
    });

  test("has every page, empty ones too, with one request per run of years", async () => {
    const world = new TestOrigin().hold(pageOf(2020, 3, series), pageOf(2022, 4, series));
    const { entries } = await originOf(world).read(series, [2023, 2020, 2021, 2022, 1995], scope);
    expect(Array.from(entries.values(), ({ page }) => [page.year, page.version]).sort()).toEqual([
      [1995, 0],
      [2020, 3],
      [2021, 0],
      [2022, 4],
      [2023, 0],
    ]);
    expect(world.requests.map(({ path }) => path).sort()).toEqual([
      `/internal/pages/${series}/1995-1995`,
      `/internal/pages/${series}/2020-2023`,
    ]);
  });

  test("runs of years", () => {
    expect(rangesOf([])).toEqual([]);
    expect(rangesOf([2003, 2001, 2002, 2005])).toEqual([
      [2001, 2003],
      [2005, 2005],
    ]);
  });
});

function hang(): Promise<never> {
  return new Promise(() => {});
}
