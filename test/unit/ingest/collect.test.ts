import { expect, test } from "vitest";
import { SERIES } from "#core/series.ts";
import { messageSchema } from "../../../worker/ingest/messages.ts";
import { EUR, FIX, World } from "./world.ts";

test("the first tick queues the whole history, one message for each series and year, and the consumer stores it", async () => {
  const world = new World();
  for (const { id } of SERIES)
    for (let year = 1993; year <= 2023; year++)
      world.site.put(id, [`${year}-01-05`, "3.1000"], [`${year}-06-05`, "3.2"]);
  await world.tick();
  expect(world.site.requests).toEqual([`/series/${SERIES.map(({ providerId }) => providerId).join(",")}/datos`]);
  expect(world.queue.waiting).toHaveLength(5 * 31);
  expect(world.queue.waiting.every(({ body }) => messageSchema.safeParse(body).success)).toBe(true);
  await world.drain();
  expect((await world.redis.page(FIX, 2023))?.observations).toEqual([
    ["2023-01-05", "3.1000"],
    ["2023-06-05", "3.2"],
  ]);
  expect(world.origin.runs.map(({ kind, outcome, queued }) => [kind, outcome, queued])).toEqual([
    ["history", "ok", 155],
  ]);
});

test("no send to the queue has more than 100 messages or 256 kB", async () => {
  const world = new World();
  for (let year = 1991; year <= 2023; year++)
    for (let day = 1; day <= 252; day++) {
      const date = new Date(Date.UTC(year, 0, day)).toISOString().slice(0, 10);
      for (const { id } of SERIES) world.site.put(id, [date, "17.123456789012345"]);
    }
  await world.tick();
  expect(world.queue.waiting).toHaveLength(5 * 33);
  expect(Math.max(...world.queue.sends)).toBeLessThan(256_000);
  const largest = Math.max(...world.queue.waiting.map(({ body }) => JSON.stringify(body).length));
  expect(largest).toBeLessThan(128_000);
});

test("a tick with nothing new enqueues nothing, and nothing is asked twice within the hour", async () => {
  const world = await new World().filled();
  world.nowMs += 60_000;
  await world.minutes(9);
  const { length } = world.site.requests;
  expect(world.queue.sends).toHaveLength(1);
  await world.minutes(30);
  expect(world.queue.sends).toHaveLength(1);
  // The reconcile after the history, and the audit ten minutes after it.
  expect(world.site.requests.length - length).toBeLessThanOrEqual(1);
  expect(world.origin.commits).toHaveLength(10);
});

test("the day's FIX is looked for every minute from noon, and is in Redis one tick after its publication", async () => {
  const world = await new World("2023-12-29T20:00:00Z").filled();
  world.nowMs = Date.parse("2024-01-02T17:30:00Z");
  await world.minutes(31);
  const before = world.site.requests.length;
  await world.minutes(4);
  expect(world.site.requests.slice(before).every((path) => path.endsWith("/oportuno"))).toBe(true);
  expect(world.site.requests.length - before).toBe(4);
  for (const { id } of SERIES) world.site.put(id, ["2024-01-02", "17.0500"]);
  await world.minutes(1);
  expect((await world.redis.page(FIX, 2024))?.observations).toEqual([["2024-01-02", "17.0500"]]);
  const after = world.site.requests.length;
  await world.minutes(20);
  expect(world.site.requests.length).toBe(after);
});

test("publications that come late, several at once, are stored without a hole", async () => {
  const world = await new World("2023-12-29T20:00:00Z").filled();
  world.nowMs = Date.parse("2024-01-04T19:31:00Z");
  await world.minutes(3);
  const late = ["2024-01-02", "2024-01-03", "2024-01-04"].map((date): [string, string] => [date, "17.0500"]);
  for (const { id } of SERIES) world.site.put(id, ...late);
  await world.minutes(5);
  for (const { id } of SERIES) expect((await world.redis.page(id, 2024))?.observations).toEqual(late);
});

test("a FIX on a day that the calendar has as a holiday is found by the hourly reconcile", async () => {
  const world = await new World().filled();
  world.nowMs = Date.parse("2024-01-01T18:00:00Z");
  world.site.put(FIX, ["2024-01-01", "17.2000"]);
  await world.minutes(61);
  expect((await world.redis.page(FIX, 2024))?.observations).toEqual([["2024-01-01", "17.2000"]]);
});

test("a revision goes out as one small batch, and coming back it is another", async () => {
  const world = await new World().filled();
  const revise = async (value: string) => {
    world.site.put(FIX, ["2023-12-27", value]);
    world.nowMs += 61 * 60_000;
    await world.tick();
    const bodies = world.queue.waiting.map(({ body }) => body);
    await world.drain();
    return bodies;
  };
  const ids: string[] = [];
  for (const value of ["16.9999", "17.0000", "16.9999"]) {
    const [body, ...rest] = (await revise(value)) as { batch_id: string; observations: unknown[] }[];
    expect(rest).toEqual([]);
    expect(body?.observations).toEqual([{ series: FIX, date: "2023-12-27", value }]);
    ids.push(body?.batch_id ?? "");
  }
  expect(new Set(ids).size).toBe(3);
  expect((await world.redis.page(FIX, 2023))?.observations[0]).toEqual(["2023-12-27", "16.9999"]);
});

test("what waits in the queue is not sent again", async () => {
  const world = await new World().filled();
  world.site.put(FIX, ["2023-12-28", "17.0100"]);
  world.nowMs += 61 * 60_000;
  await world.tick();
  await world.redis.send(["DEL", "paridad:v1:ingest:banxico"]);
  await world.tick();
  expect(world.queue.waiting).toHaveLength(1);
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
  expect(world.queue.waiting).toHaveLength(12 * 5);
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
  expect((await world.redis.page(EUR, 2022))?.observations).toEqual([["2022-12-30", "10.0000"]]);
  expect((await world.redis.page(FIX, 2023))?.observations).toHaveLength(2);
});

test("a page that lags or is poisoned in Redis is published anew within the hour", async () => {
  const world = await new World().filled();
  const good = await world.redis.page(FIX, 2023);
  await world.redis.send(["SET", `paridad:v1:page:${FIX}:2023`, "{poison"]);
  await world.redis.send(["SET", `paridad:v1:page:${EUR}:2022`, JSON.stringify({ ...good, series: EUR, year: 2022 })]);
  world.nowMs += 61 * 60_000;
  await world.minutes(1);
  expect(await world.redis.page(FIX, 2023)).toEqual(good);
  expect((await world.redis.page(EUR, 2022))?.observations).toEqual([["2022-12-30", "10.0000"]]);
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
  world.site.put(EUR, ["2022-12-30", "10.0001"]);
  await world.minutes(90);
  expect((await world.redis.page(EUR, 2022))?.observations).toEqual([["2022-12-30", "10.0000"]]);
  world.nowMs = Date.parse("2023-12-30T10:01:00Z");
  await world.minutes(1);
  expect((await world.redis.page(EUR, 2022))?.observations).toEqual([["2022-12-30", "10.0001"]]);
});

test("without the origin's word a series that nobody remembers is left alone, and filled once it speaks", async () => {
  const world = new World();
  for (const { id } of SERIES) world.site.put(id, ["2022-12-30", "10.0000"], ["2023-12-29", "17.1000"]);
  world.origin.chaos = "away";
  await world.tick();
  expect(world.site.requests).toEqual([]);
  world.origin.chaos = "none";
  world.nowMs += 60_000;
  await world.minutes(1);
  expect(world.origin.page(FIX, 2022).observations).toHaveLength(1);
});

test("the queue away: nothing is forgotten, the next tick hands it on", async () => {
  const world = await new World().filled();
  world.site.put(FIX, ["2023-12-28", "17.0100"]);
  world.nowMs += 61 * 60_000;
  world.queue.isAway = true;
  await world.tick();
  expect(world.watch.events).toContain("ingest_failed reconcile the queue does not take batches");
  world.queue.isAway = false;
  world.nowMs += 60_000;
  await world.minutes(1);
  expect((await world.redis.page(FIX, 2023))?.observations).toContainEqual(["2023-12-28", "17.0100"]);
});

test("one spoilt series does not keep the others from being read", async () => {
  const world = await new World().filled();
  world.site.instead = (url) =>
    url.pathname.includes("SF46410")
      ? Response.json({ bmx: { series: [{ idSerie: "SF46410", titulo: "?" }] } })
      : undefined;
  world.site.put(FIX, ["2023-12-28", "17.0100"]);
  world.nowMs += 61 * 60_000;
  await world.minutes(1);
  expect((await world.redis.page(FIX, 2023))?.observations).toContainEqual(["2023-12-28", "17.0100"]);
  expect(world.watch.events.some((event) => event.startsWith("ingest_failed reconcile"))).toBe(true);
});

test("a token that is refused opens the breaker and tells operators; nothing is asked until it may be tried again", async () => {
  const world = await new World().filled();
  world.site.instead = () =>
    Response.json({ error: { url: "https://x/token", mensaje: "Token inválido", detalle: "" } }, { status: 400 });
  world.nowMs += 61 * 60_000;
  const before = world.site.requests.length;
  await world.tick();
  await world.tick();
  expect(world.site.requests.length - before).toBe(1);
  expect(world.watch.events).toContain("breaker banxico open");
  expect(world.watch.notices).toContain("Banxico does not accept the token");
  world.site.instead = undefined;
  world.nowMs += 60_000;
  await world.tick();
  expect(world.watch.events).toContain("breaker banxico closed");
});

test("a rate limit is waited out, whatever is due meanwhile", async () => {
  const world = await new World().filled();
  world.nowMs += 61 * 60_000;
  world.site.instead = () =>
    Response.json({ error: { mensaje: "Límite de consultas superado.", secondsToReset: 1_800 } }, { status: 400 });
  const before = world.site.requests.length;
  await world.minutes(30);
  expect(world.site.requests.length - before).toBe(1);
  world.site.instead = undefined;
  await world.minutes(1);
  expect(world.site.requests.length - before).toBeGreaterThan(1);
  expect(world.origin.runs.some(({ outcome }) => outcome === "rate_limited")).toBe(true);
  expect(await world.redis.get("paridad:v1:breaker:banxico")).toBe(null);
});

test("an outage is over one tick after it ended, and all that was missed is read", async () => {
  const world = await new World("2023-12-29T20:00:00Z").filled();
  world.nowMs = Date.parse("2024-01-02T18:00:00Z");
  world.site.instead = () => new Response("<html>", { headers: { "Content-Type": "text/html" } });
  for (const { id } of SERIES) world.site.put(id, ["2023-12-28", "17.0100"], ["2024-01-02", "17.0500"]);
  await world.minutes(45);
  world.site.instead = undefined;
  await world.minutes(2);
  expect((await world.redis.page(FIX, 2024))?.observations).toEqual([["2024-01-02", "17.0500"]]);
  expect((await world.redis.page(FIX, 2023))?.observations).toContainEqual(["2023-12-28", "17.0100"]);
});

test.each([40, 130, 154])(
  "a first fill cut short after %i pages, and forgotten with Redis, is made up for within two minutes",
  async (delivered) => {
    const world = new World();
    for (const { id } of SERIES)
      for (let year = 1993; year <= 2023; year++) world.site.put(id, [`${year}-01-05`, "3.1000"]);
    await world.tick();
    await world.deliver(world.queue.waiting.slice(0, delivered));
    world.queue.waiting = [];
    await world.redis.send(["FLUSHALL"]);
    await world.minutes(2);
    for (const { id } of SERIES)
      for (let year = 1993; year <= 2023; year++)
        expect((await world.redis.page(id, year))?.observations).toHaveLength(1);
  },
);

test("a first fill that the queue lost is read again, though Banxico was away when that was looked into", async () => {
  const world = new World();
  for (const { id } of SERIES) world.site.put(id, ["2023-12-28", "17.0000"]);
  await world.tick();
  world.queue.waiting = [];
  world.nowMs += 10 * 60_000;
  world.site.instead = () => new Response("down", { status: 503 });
  await world.minutes(3);
  world.site.instead = undefined;
  await world.minutes(10);
  for (const { id } of SERIES)
    expect((await world.redis.page(id, 2023))?.observations).toEqual([["2023-12-28", "17.0000"]]);
});
