import { expect, test } from "vitest";
import { policySchema } from "#core/ops/policy.ts";
import { banxico } from "#core/providers/banxico.ts";
import type { SeriesReading } from "#core/wire/internal.ts";
import { moved } from "./doubles.ts";
import { EUR, FIX, World } from "./world.ts";

test("an hour with nothing new costs two requests: the repeated audit and the hourly sync, which changes nothing", async () => {
  const world = await new World().filled();
  const { length } = world.site.requests;
  const before = banxico.series.map(({ id }) => world.origin.page(id, 2023));
  world.nowMs += 60_000;
  await world.minutes(70);
  expect(world.site.requests.slice(length).map((path) => path.replace(/^.*datos/, ""))).toEqual([
    "",
    "/2023-12-19/2023-12-29",
  ]);
  expect(banxico.series.map(({ id }) => world.origin.page(id, 2023))).toEqual(before);
});

test("the day's FIX is looked for every minute from noon, and is in Redis one tick after its publication", async () => {
  const world = await new World("2023-12-29T20:00:00Z").filled();
  world.nowMs = Date.parse("2024-01-02T17:30:00Z");
  await world.minutes(31);
  const before = world.site.requests.length;
  await world.minutes(4);
  expect(world.site.requests.slice(before).every((path) => path.endsWith("/datos/2023-12-23/2024-01-02"))).toBe(true);
  expect(world.site.requests.length - before).toBe(4);
  world.site.putAll(["2024-01-02", "17.0500"]);
  await world.minutes(1);
  expect((await world.redis.page(FIX, 2024))?.observations).toEqual([["2024-01-02", "17.0500"]]);
  // Read again 3, 10 and 30 minutes later: it may be corrected.
  const after = world.site.requests.length;
  await world.minutes(50);
  expect(world.site.requests.length - after).toBeLessThanOrEqual(5);
});

test("no FIX is awaited on a declared closure, and one that comes all the same is found by the hourly sync", async () => {
  const world = await new World(
    "2023-12-29T20:00:00Z",
    policySchema.parse({ EXTRA_CLOSURES: "banxico:2024-01-02" }),
  ).filled();
  world.nowMs = Date.parse("2024-01-02T17:30:00Z");
  await world.minutes(31);
  const before = world.site.requests.length;
  await world.minutes(29);
  expect(world.site.requests.length - before).toBe(0);
  world.site.put(FIX, ["2024-01-02", "17.2000"]);
  await world.minutes(61);
  expect((await world.redis.page(FIX, 2024))?.observations).toEqual([["2024-01-02", "17.2000"]]);
});

test("a response that lacks a week of declared closures is whole: what is stored in it was taken back", async () => {
  const week = ["2024-01-08", "2024-01-09", "2024-01-10", "2024-01-11", "2024-01-12"];
  const completeWith = async (EXTRA_CLOSURES: string) => {
    const world = await new World("2024-01-05T20:00:00Z", policySchema.parse({ EXTRA_CLOSURES })).filled();
    world.site.putAll(
      ...["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"].map((date): [string, string] => [date, "17.1000"]),
    );
    await world.minutes(61);
    world.nowMs = Date.parse("2024-01-12T20:00:00Z");
    await world.tick();
    return world.queue.waiting
      .map(({ body }) => body as SeriesReading)
      .find(({ series, year }) => series === FIX && year === 2024)?.complete;
  };
  expect(await completeWith("")).toMatchObject({ to: "2024-01-05" });
  expect(await completeWith(week.map((date) => `banxico:${date}`).join(","))).toMatchObject({ to: "2024-01-12" });
});

test("publications that come late, several at once, are stored without a hole", async () => {
  const world = await new World("2023-12-29T20:00:00Z").filled();
  world.nowMs = Date.parse("2024-01-04T19:31:00Z");
  await world.minutes(3);
  const late = ["2024-01-02", "2024-01-03", "2024-01-04"].map((date): [string, string] => [date, "17.0500"]);
  world.site.putAll(...late);
  await world.minutes(5);
  for (const [index, { id }] of banxico.series.entries())
    expect((await world.redis.page(id, 2024))?.observations).toEqual(
      late.map(([date, value]) => [date, moved(value, index)]),
    );
});

test("a FIX on a day that the calendar has as a holiday is found by the hourly sync", async () => {
  const world = await new World().filled();
  world.nowMs = Date.parse("2024-01-01T18:00:00Z");
  world.site.put(FIX, ["2024-01-01", "17.2000"]);
  await world.minutes(61);
  expect((await world.redis.page(FIX, 2024))?.observations).toEqual([["2024-01-01", "17.2000"]]);
});

test("a reading says what it is about, what it is whole for and what it was based on", async () => {
  const world = await new World().filled();
  await world.minutes(15);
  world.site.put(FIX, ["2023-12-20", "17.0100"], ["2023-12-21", "17.0200"], ["2023-12-22", "17.0200"]);
  world.nowMs += 61 * 60_000;
  await world.tick();
  const bodies = world.queue.waiting.map(({ body }) => body as SeriesReading);
  expect(bodies.map(({ series, year }) => `${series} ${year}`)).toEqual(banxico.series.map(({ id }) => `${id} 2023`));
  expect(bodies.find(({ series }) => series === FIX)).toEqual({
    batch_id: expect.stringMatching(/^banxico\.SF43718:2023:\d+:\w{22}$/),
    provider: "banxico",
    fetched_at: new Date(world.nowMs).toISOString(),
    series: FIX,
    year: 2023,
    complete: { from: "2023-12-19", to: "2023-12-29" },
    based_on: world.origin.page(FIX, 2023).version,
    observations: [
      ["2023-12-20", "17.0100"],
      ["2023-12-21", "17.0200"],
      ["2023-12-22", "17.0200"],
      ["2023-12-27", "17.0000"],
      ["2023-12-29", "17.1000"],
    ],
  });
});

test("while a publication is awaited, only what is new is sent, and all of it once an hour", async () => {
  const world = await new World("2023-12-29T20:00:00Z").filled();
  world.nowMs = Date.parse("2024-01-02T18:04:00Z");
  await world.minutes(1);
  const { length } = world.origin.readings;
  await world.minutes(3);
  expect(world.origin.readings.length).toBe(length);
  world.site.put(EUR, ["2024-01-02", "18.0500"]);
  await world.minutes(1);
  expect(new Set(world.origin.readings.slice(length).map(({ series }) => series))).toEqual(new Set([EUR]));
  await world.minutes(70);
  expect(world.origin.readings.slice(length).some(({ series }) => series === FIX)).toBe(true);
});

test("with Redis away it asks at most once in five minutes and sends all that it reads", async () => {
  const world = await new World().filled();
  world.redis.isAway = true;
  world.nowMs += 60_000;
  const before = world.site.requests.length;
  for (let minute = 0; minute < 60; minute++) {
    await world.tick();
    world.nowMs += 60_000;
  }
  expect(world.site.requests.length - before).toBe(12);
  // 90 days back, as nobody remembers where the data end.
  expect(world.queue.waiting).toHaveLength(12 * 5);
  expect(world.queue.waiting.every(({ body }) => (body as SeriesReading).based_on === null)).toBe(true);
  world.redis.isAway = false;
  await world.drain();
  expect(world.queue.waiting).toEqual([]);
});

test("with Redis and Banxico away there is no second attempt in a tick", async () => {
  const world = await new World().filled();
  world.redis.isAway = true;
  world.site.instead = () => new TypeError("connection lost");
  const before = world.site.requests.length;
  await world.tick();
  expect(world.site.requests.length - before).toBe(1);
});

test("a flushed Redis is filled again from the origin, though Banxico is away", async () => {
  const world = await new World().filled();
  await world.redis.send(["FLUSHALL"]);
  world.site.instead = () => new Response("down", { status: 503 });
  await world.minutes(1);
  expect((await world.redis.page(EUR, 2022))?.observations).toEqual([["2022-12-30", "11.0000"]]);
  expect((await world.redis.page(FIX, 2023))?.observations).toHaveLength(2);
});

test("a page that lags or is poisoned in Redis is published again within the hour", async () => {
  const world = await new World().filled();
  const good = await world.redis.page(FIX, 2023);
  await world.redis.send(["SET", `paridad:v1:page:${FIX}:2023`, "{poison"]);
  await world.redis.send(["SET", `paridad:v1:page:${EUR}:2022`, JSON.stringify({ ...good, series: EUR, year: 2022 })]);
  world.nowMs += 61 * 60_000;
  await world.minutes(1);
  expect(await world.redis.page(FIX, 2023)).toEqual(good);
  expect((await world.redis.page(EUR, 2022))?.observations).toEqual([["2022-12-30", "11.0000"]]);
});

test("a year that the origin lost comes back with the audit", async () => {
  const world = await new World().filled();
  world.origin.forget(FIX);
  world.nowMs = Date.parse("2023-12-30T10:01:00Z");
  await world.tick();
  await world.drain();
  expect(world.origin.page(FIX, 2022).observations).toEqual([["2022-12-30", "10.0000"]]);
  expect(world.watch.notices).toContain("Redis holds newer pages than the origin");
});

test("a revision older than the window is found by the audit", async () => {
  const world = await new World().filled();
  await world.minutes(60);
  world.site.put(EUR, ["2022-12-30", "11.0001"]);
  await world.minutes(90);
  expect((await world.redis.page(EUR, 2022))?.observations).toEqual([["2022-12-30", "11.0000"]]);
  world.nowMs = Date.parse("2023-12-30T10:01:00Z");
  await world.minutes(1);
  expect((await world.redis.page(EUR, 2022))?.observations).toEqual([["2022-12-30", "11.0001"]]);
});

test("the queue away: nothing is forgotten, the next tick hands it on", async () => {
  const world = await new World().filled();
  world.site.put(FIX, ["2023-12-28", "17.0100"]);
  world.nowMs += 61 * 60_000;
  world.queue.isAway = true;
  await world.tick();
  expect(world.watch.events).toContain("ingest_failed sync the queue takes no readings");
  world.queue.isAway = false;
  world.nowMs += 60_000;
  await world.minutes(1);
  expect((await world.redis.page(FIX, 2023))?.observations).toContainEqual(["2023-12-28", "17.0100"]);
});

test("an outage is over one tick after it ended, and all that was missed is read", async () => {
  const world = await new World("2023-12-29T20:00:00Z").filled();
  world.nowMs = Date.parse("2024-01-02T18:00:00Z");
  world.site.instead = () => new Response("<html>", { headers: { "Content-Type": "text/html" } });
  world.site.putAll(["2023-12-28", "17.0100"], ["2024-01-02", "17.0500"]);
  await world.minutes(45);
  world.site.instead = undefined;
  await world.minutes(2);
  expect((await world.redis.page(FIX, 2024))?.observations).toEqual([["2024-01-02", "17.0500"]]);
  expect((await world.redis.page(FIX, 2023))?.observations).toContainEqual(["2023-12-28", "17.0100"]);
});
