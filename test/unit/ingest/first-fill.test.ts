import { expect, test } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import { messageSchema } from "../../../worker/ingest/messages.ts";
import { moved } from "./doubles.ts";
import { FIX, heal, World } from "./world.ts";

test("the first tick queues the whole history, one message for each series and year, and the consumer stores it", async () => {
  const world = new World();
  for (let year = 1999; year <= 2023; year++)
    world.site.putAll([`${year}-01-05`, "3.1000"], [`${year}-06-05`, "3.2000"]);
  await world.tick();
  expect(world.site.requests).toEqual([
    `/series/${[...banxico.series.map(({ providerId }) => providerId), "SF60653"].join(",")}/datos`,
  ]);
  expect(world.queue.waiting).toHaveLength(5 * 25);
  expect(world.queue.waiting.every(({ body }) => messageSchema.safeParse(body).success)).toBe(true);
  await world.drain();
  expect((await world.redis.page(FIX, 2023))?.observations).toEqual([
    ["2023-01-05", "3.1000"],
    ["2023-06-05", "3.2000"],
  ]);
  expect(world.origin.runs.map(({ kind, outcome, queued }) => [kind, outcome, queued])).toEqual([["audit", "ok", 125]]);
});

test("no send to the queue has more than 100 messages or 256 kB", async () => {
  const world = new World();
  for (let year = 1991; year <= 2023; year++)
    for (let day = 1; day <= 252; day++) {
      const date = new Date(Date.UTC(year, 0, day)).toISOString().slice(0, 10);
      for (const [index, { id }] of banxico.series.entries())
        world.site.put(id, [date, `${17 + index}.12345678901234`]);
    }
  await world.tick();
  expect(world.queue.waiting).toHaveLength(32 + 25 + 3 * 31);
  expect(Math.max(...world.queue.sends)).toBeLessThan(256_000);
  const largest = Math.max(...world.queue.waiting.map(({ body }) => JSON.stringify(body).length));
  expect(largest).toBeLessThan(128_000);
});

test.each([40, 100, 124])(
  "a first fill cut short after %i pages, and forgotten with Redis, is made up for within two minutes",
  async (delivered) => {
    const world = new World();
    for (let year = 1999; year <= 2023; year++) world.site.putAll([`${year}-01-05`, "3.1000"]);
    await world.tick();
    await world.deliver(world.queue.waiting.slice(0, delivered));
    world.queue.waiting = [];
    await world.redis.send(["FLUSHALL"]);
    await world.minutes(2);
    for (const { id } of banxico.series)
      for (let year = 1999; year <= 2023; year++)
        expect((await world.redis.page(id, year))?.observations).toHaveLength(1);
  },
);

test("a first fill that the queue lost is read again, though Banxico was away when that was looked into", async () => {
  const world = new World();
  world.site.putAll(["2023-12-28", "17.0000"]);
  await world.tick();
  world.queue.waiting = [];
  world.nowMs += 10 * 60_000;
  world.site.instead = () => new Response("down", { status: 503 });
  await world.minutes(3);
  world.site.instead = undefined;
  await world.minutes(10);
  for (const [index, { id }] of banxico.series.entries())
    expect((await world.redis.page(id, 2023))?.observations).toEqual([["2023-12-28", moved("17.0000", index)]]);
});

test("without Redis and the origin nothing is lost: the first fill comes once both are back", async () => {
  const world = new World();
  world.site.putAll(["2022-12-30", "10.0000"], ["2023-12-29", "17.1000"]);
  world.origin.chaos = "away";
  world.redis.isAway = true;
  await world.minutes(10);
  heal(world);
  await world.minutes(3);
  expect(world.origin.page(FIX, 2022).observations).toHaveLength(1);
  expect(await world.redis.page(FIX, 2022)).toEqual(world.origin.page(FIX, 2022));
});

test("with Redis away a series without data at the origin gets its history all the same", async () => {
  const world = new World();
  world.site.putAll(["2015-06-30", "10.0000"], ["2023-12-29", "10.1000"]);
  world.redis.isAway = true;
  for (let minute = 0; minute < 11; minute++) {
    await world.tick();
    world.nowMs += 60_000;
  }
  world.redis.isAway = false;
  await world.deliver();
  expect(world.origin.page(FIX, 2015).observations).toHaveLength(1);
});
