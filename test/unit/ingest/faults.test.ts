import { expect, test } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import { decodeBreaker } from "../../../worker/ingest/breaker.ts";
import { carryOut } from "../../../worker/ingest/reading.ts";
import { EUR, FIX, World } from "./world.ts";

/** Faults that last, and what they may cost: requests to Banxico above all, which has a budget for each day. */

const INGEST = "paridad:v1:ingest:banxico";
const DAY_MINUTES = 24 * 60;
const BUDGET_PER_DAY = 1_000;
const down = () => new Response("down", { status: 503 });
/** Whole histories fail; anything smaller is answered. */
const noHistory = (url: URL) => (url.pathname.endsWith("/datos") ? down() : undefined);

/** Filled, verified and at rest, on a Thursday at 14:30 in Mexico City. */
async function steady(): Promise<World> {
  const world = new World("2023-12-28T20:00:00Z");
  world.site.putAll(["2023-12-27", "17.0000"], ["2023-12-28", "17.1000"]);
  await world.minutes(30);
  return world;
}

async function requestsIn(minutes: number, world: World): Promise<string[]> {
  const { length } = world.site.requests;
  await world.minutes(minutes);
  return world.site.requests.slice(length);
}

const newestFix = async (world: World) => (await world.redis.page(FIX, 2023))?.observations.at(-1);

test.each([2, 10, 55, 115])(
  "a new series of which no history comes, from %i minutes before noon, does not make the FIX late",
  async (lead) => {
    const world = await steady();
    await world.redis.send(["HDEL", INGEST, `newest:${EUR}`, `history:${EUR}`]);
    await world.redis.send(["DEL", `paridad:v1:page:${EUR}:2023`]);
    world.origin.forget(EUR);
    world.nowMs = Date.parse("2023-12-29T18:00:00Z") - lead * 60_000;
    world.site.instead = noHistory;
    await world.minutes(lead);
    world.site.put(FIX, ["2023-12-29", "17.2222"]);
    await world.minutes(2);
    expect(await newestFix(world)).toEqual(["2023-12-29", "17.2222"]);
  },
);

test("an audit that alone fails is tried again every hour, not every few minutes", async () => {
  const world = await steady();
  world.nowMs = Date.parse("2023-12-29T09:00:00Z");
  world.site.put(FIX, ["2023-12-29", "17.2222"]);
  world.site.instead = noHistory;
  expect((await requestsIn(20 * 60, world)).length).toBeLessThan(300);
});

test("a Redis that is read and takes no writes counts as away", async () => {
  const world = await steady();
  world.nowMs = Date.parse("2023-12-29T06:00:00Z");
  world.redis.fails = ([name]) => ["SET", "HSET", "HINCRBY"].includes(String(name));
  const requests = await requestsIn(DAY_MINUTES, world);
  expect(requests.length).toBeLessThan(BUDGET_PER_DAY / 2);
  expect(requests.some((path) => path.endsWith("/datos"))).toBe(false);
});

test("with Redis away and one series spoilt the budget of a day is kept", async () => {
  const world = await steady();
  world.nowMs = Date.parse("2023-12-29T06:00:00Z");
  world.redis.isAway = true;
  world.site.instead = () => Response.json({ bmx: {} });
  expect((await requestsIn(DAY_MINUTES, world)).length).toBeLessThan(BUDGET_PER_DAY);
});

test("ten hours without the queue leave a budget, and the FIX is there soon after", async () => {
  const world = await steady();
  world.nowMs = Date.parse("2023-12-29T08:00:00Z");
  world.site.put(FIX, ["2023-12-27", "17.9999"], ["2023-12-01", "17.8888"]);
  world.queue.isAway = true;
  expect((await requestsIn(10 * 60, world)).length).toBeLessThan(300);
  world.site.put(FIX, ["2023-12-29", "17.2222"]);
  world.queue.isAway = false;
  await world.minutes(7);
  expect(await newestFix(world)).toEqual(["2023-12-29", "17.2222"]);
});

test("a first fill without the queue does not ask for everything every minute", async () => {
  const world = new World("2023-12-28T20:00:00Z");
  world.site.putAll(["2023-12-28", "17.1000"]);
  world.queue.isAway = true;
  expect((await requestsIn(10 * 60, world)).length).toBeLessThan(300);
});

test("a series that Banxico has stopped is not awaited for ever", async () => {
  const world = await steady();
  for (const { id } of banxico.series) if (id !== EUR) world.site.put(id, ["2024-01-19", "17.2222"]);
  world.nowMs = Date.parse("2024-01-20T03:00:00Z");
  await world.minutes(180);
  // A Saturday: the hourly sync, and the morning's audit.
  expect((await requestsIn(DAY_MINUTES, world)).length).toBeLessThan(30);
});

test("a breaker of a clock that ran ahead is probed at once", () => {
  const policy = { failureThreshold: 3, openMs: 60_000, probeMs: 30_000 };
  const nowMs = Date.parse("2023-12-28T20:00:00Z");
  const decoded = (breaker: object) => decodeBreaker(JSON.stringify(breaker), nowMs, policy);
  expect(decoded({ state: "open", untilMs: nowMs + 9e9 })).toEqual({ state: "open", untilMs: nowMs });
  expect(decoded({ state: "half_open", probeUntilMs: nowMs + 9e9 })).toMatchObject({ probeUntilMs: nowMs });
  for (const untilMs of [nowMs - 1, nowMs + 60_000])
    expect(decoded({ state: "open", untilMs })).toEqual({ state: "open", untilMs });
});

test("what was asked for is dated from before the first request: a slow answer may be overtaken", async () => {
  const world = await steady();
  const askedMs = world.nowMs;
  world.site.put(FIX, ["2023-12-28", "17.5000"]);
  world.site.instead = () => {
    world.nowMs += 20_000;
    return undefined;
  };
  const deps = { ...world, ...world.readingDeps() };
  await carryOut({ kind: "audit", series: [FIX], limitClass: "historica" }, undefined, deps, world.watch);
  expect(world.queue.waiting.map(({ body }) => (body as { fetched_at: string }).fetched_at)).toEqual([
    new Date(askedMs).toISOString(),
  ]);
});

test("a page as new as the origin's that holds something else is put right", async () => {
  const world = await steady();
  const page = await world.redis.page(FIX, 2023);
  const observations = [["2023-12-27", "16.0000"], page?.observations[1]];
  await world.redis.send(["SET", `paridad:v1:page:${FIX}:2023`, JSON.stringify({ ...page, observations })]);
  await world.minutes(65);
  expect(await world.redis.page(FIX, 2023)).toEqual(world.origin.page(FIX, 2023));
});

test("what Banxico says of the time before a series' first date is passed over", async () => {
  const world = await steady();
  world.site.put("banxico.SF60632", ["1990-06-01", "2.5000"]);
  await world.minutes(DAY_MINUTES);
  expect(world.origin.readings.some(({ year }) => year < 1991)).toBe(false);
  expect(world.origin.readings.some(({ series }) => series === "banxico.SF60632")).toBe(true);
});
