import { describe, expect, test } from "vitest";
import type { Board } from "#core/pages/board.ts";
import type { Observation, Page } from "#core/rates/page.ts";
import { pageKeyOf } from "#core/wire/keys.ts";
import { TestMessage } from "./doubles.ts";
import { EUR, FIX, World } from "./world.ts";

/** A replica that says something else than the origin, and an origin that has lost something. */

const HOUR = 60;

async function put(world: World, page: Page): Promise<void> {
  await world.redis.send(["SET", pageKeyOf(page.series, page.year), JSON.stringify(page)]);
}

const rateOn = async (world: World, date: string, series = FIX) =>
  (await world.redis.page(series, Number(date.slice(0, 4))))?.observations.find(([one]) => one === date)?.[1];

const boardOf = async (world: World) => JSON.parse(String(await world.redis.get("paridad:v1:board:banxico"))) as Board;

const newReading = (series: string, ...observations: [date: string, value: string][]) =>
  new TestMessage(`new ${series}`, {
    batch_id: `${series}:new`,
    provider: "banxico",
    fetched_at: "2024-01-03T18:01:00Z",
    series,
    year: Number(observations[0]?.[0].slice(0, 4)),
    complete: null,
    based_on: null,
    observations,
  });

/** A world at rest: all is stored, published and compared. */
async function settled(): Promise<World> {
  const world = await new World().filled();
  await world.minutes(2 * HOUR + 5);
  world.watch.events.length = 0;
  return world;
}

describe("a page in Redis", () => {
  test("that is ahead of the origin with one wrong rate is repaired by the next comparison, and alarms", async () => {
    const world = await settled();
    const right = world.origin.page(FIX, 2022);
    await put(world, { ...right, version: right.version + 1, observations: [["2022-12-30", "11.9012"]] });
    await world.minutes(HOUR + 1);
    expect(await world.redis.page(FIX, 2022)).toEqual(right);
    expect(world.watch.events).toContain("corrupt_page redis 1 pages are ahead of the origin");
    expect(world.watch.events.some((event) => event.startsWith("store_behind"))).toBe(false);
  });

  test.each<[string, (page: Page) => Page]>([
    ["the same version and another rate", (page) => ({ ...page, observations: [["2022-12-30", "11.9012"]] })],
    ["a lower version and another rate", (page) => ({ ...page, version: 1, observations: [["2022-12-30", "11.9"]] })],
    ["a date less", (page) => ({ ...page, observations: [], withdrawn: ["2022-12-30"] })],
    ["a version that is not the origin's", (page) => ({ ...page, version: page.version + 1 })],
  ])("with %s is repaired too", async (_, spoil) => {
    const world = await settled();
    await put(world, spoil(world.origin.page(FIX, 2022)));
    await world.minutes(HOUR + 1);
    expect(await world.redis.page(FIX, 2022)).toEqual(world.origin.page(FIX, 2022));
  });

  test("far ahead of the whole database is repaired once the provider was asked, minutes later", async () => {
    const world = await settled();
    const right = world.origin.page(FIX, 2022);
    await put(world, { ...right, version: 9_000, observations: [["2022-12-30", "11.9012"]] });
    await world.minutes(HOUR + 5);
    expect(await world.redis.page(FIX, 2022)).toEqual(right);
    expect(world.watch.events.filter((event) => event.startsWith("store_behind"))).toHaveLength(1);
  });

  test("with a date that was never published is repaired once the provider was asked", async () => {
    const world = await settled();
    const right = world.origin.page(FIX, 2023);
    const [first, ...others] = right.observations;
    await put(world, { ...right, observations: [first as Observation, ["2023-12-28", "11.9012"], ...others] });
    await world.minutes(HOUR + 5);
    expect(await world.redis.page(FIX, 2023)).toEqual(right);
  });

  test("that a reader filled in does not keep the publisher from its own", async () => {
    const world = await settled();
    await put(world, {
      ...world.origin.page(FIX, 2024),
      version: 9_000,
      updated_at: "2024-01-02T18:00:00Z",
      observations: [["2024-01-01", "1"]],
    });
    world.site.put(FIX, ["2024-01-02", "17.2000"]);
    world.nowMs = Date.parse("2024-01-02T18:01:00Z");
    await world.minutes(3);
    expect(await rateOn(world, "2024-01-02")).toBe("17.2000");
  });
});

describe("a board in Redis", () => {
  test.each(["as new", "newer"])(
    "that is wrong and looks %s is repaired by the next comparison, without the provider",
    async (age) => {
      const world = await settled();
      const right = await boardOf(world);
      world.site.instead = () => new Response("down", { status: 503 });
      const wrong = { ...right.values, [FIX]: ["2023-12-29", "16.1000"] };
      const version = age === "newer" ? right.version + 1 : right.version;
      await world.redis.send(["SET", "paridad:v1:board:banxico", JSON.stringify({ ...right, version, values: wrong })]);
      await world.minutes(HOUR + 5);
      expect(await boardOf(world)).toEqual(right);
    },
  );
});

describe("an origin that was restored from a backup", () => {
  /** Two days were stored after the backup, and a value was corrected. */
  async function restored(): Promise<World> {
    const world = await settled();
    const restore = world.origin.backup();
    for (const series of [FIX, EUR]) world.site.put(series, ["2023-12-27", "17.0500"], ["2024-01-02", "17.2000"]);
    world.nowMs = Date.parse("2024-01-02T18:01:00Z");
    await world.minutes(HOUR + 5);
    expect(await rateOn(world, "2024-01-02")).toBe("17.2000");
    expect(await rateOn(world, "2023-12-27")).toBe("17.0500");
    world.watch.events.length = 0;
    restore();
    return world;
  }
  const seen = async (world: World) => [await rateOn(world, "2024-01-02"), await rateOn(world, "2023-12-27")];
  const newest = async (world: World) => (await boardOf(world)).values[FIX];

  test("takes nothing from readers, wakes operators once, and gets everything again", async () => {
    const world = await restored();
    for (let minute = 0; minute < 3 * HOUR; minute++) {
      await world.minutes(1);
      expect(await seen(world)).toEqual(["17.2000", "17.0500"]);
      expect(await newest(world)).toEqual(["2024-01-02", "17.2000"]);
    }
    expect(world.watch.events.filter((event) => event.startsWith("store_behind"))).toHaveLength(1);
    for (const series of [FIX, EUR])
      for (const year of [2022, 2023, 2024])
        expect(await world.redis.page(series, year)).toEqual(world.origin.page(series, year));
    expect(await world.redis.send(["HGET", "paridad:v1:ingest:banxico", "behind_since"])).toBeNull();
  });

  test("whose provider is away takes nothing either, and the next new rate reaches readers", async () => {
    const world = await restored();
    world.site.instead = () => new Response("down", { status: 503 });
    await world.minutes(2 * HOUR);
    expect(await seen(world)).toEqual(["17.2000", "17.0500"]);
    expect(await newest(world)).toEqual(["2024-01-02", "17.2000"]);
    await world.deliver([newReading(FIX, ["2024-01-03", "17.3000"])]);
    expect(await rateOn(world, "2024-01-03")).toBe("17.3000");
    expect(await seen(world)).toEqual(["17.2000", "17.0500"]);
    const { values } = await boardOf(world);
    expect([values[FIX], values[EUR]]).toEqual([
      ["2024-01-03", "17.3000"],
      ["2024-01-02", "17.2000"],
    ]);
  });

  test("takes nothing by a new rate either, before the next comparison", async () => {
    const world = await restored();
    // Of the year's page nothing is lost, of the board the newest values.
    await world.deliver([newReading(FIX, ["2023-12-27", "17.0500"], ["2023-12-31", "17.1500"])]);
    expect(await newest(world)).toEqual(["2024-01-02", "17.2000"]);
    await world.deliver([newReading(EUR, ["2023-12-31", "17.1500"])]);
    expect(await rateOn(world, "2023-12-27", EUR)).toBe("17.0500");
  });

  test.each([
    ["answers", false],
    ["is away", true],
  ])(
    "takes nothing either if all that was noted of the ingestion is deleted and the provider %s",
    async (_, isAway) => {
      const world = await restored();
      if (isAway) world.site.instead = () => new Response("down", { status: 503 });
      await world.redis.send(["DEL", "paridad:v1:ingest:banxico"]);
      for (let minute = 0; minute < 2 * HOUR; minute++) {
        await world.minutes(1);
        expect(await seen(world)).toEqual(["17.2000", "17.0500"]);
      }
      expect(world.watch.events.filter((event) => event.startsWith("store_behind"))).toHaveLength(1);
      if (!isAway) expect(await world.redis.page(FIX, 2023)).toEqual(world.origin.page(FIX, 2023));
    },
  );

  test("brings back no withdrawn date either if that is deleted, merged pages included", async () => {
    const world = await settled();
    for (const series of [FIX, EUR]) world.site.put(series, ["2024-01-02", "17.2000"]);
    world.nowMs = Date.parse("2024-01-02T18:01:00Z");
    await world.minutes(10);
    const restore = world.origin.backup();
    for (const series of [FIX, EUR]) world.site.take(series, "2023-12-29");
    await world.minutes(2 * HOUR + 5);
    const withdrawn = async () => (await world.redis.page(FIX, 2023))?.withdrawn;
    expect(await withdrawn()).toEqual(["2023-12-29"]);
    restore();
    world.site.instead = () => new Response("down", { status: 503 });
    const key = "paridad:v1:ingest:banxico";
    await world.redis.send(["HDEL", key, "republished"]);
    await world.minutes(1);
    // After a new value of the year the pages in Redis have the origin's versions, and not its content.
    await world.deliver([FIX, EUR].map((series) => newReading(series, ["2023-12-31", "17.1500"])));
    await world.redis.send(["DEL", key]);
    await world.minutes(2 * HOUR);
    expect(await withdrawn()).toEqual(["2023-12-29"]);
    expect(await rateOn(world, "2023-12-31")).toBe("17.1500");
  });
});

describe("what was published is noted", () => {
  const noted = (world: World, field: string) => world.redis.send(["HGET", "paridad:v1:ingest:banxico", field]);
  const reading = (observations: [string, string][], fetched_at = "2023-12-29T21:00:00Z") =>
    new TestMessage(`r${fetched_at}`, {
      batch_id: `${FIX}:2023:${fetched_at}`,
      provider: "banxico",
      fetched_at,
      series: FIX,
      year: 2023,
      complete: { from: "2023-12-01", to: "2023-12-31" },
      based_on: null,
      observations,
    });

  test("by the newest date and the highest version of a series", async () => {
    const world = await settled();
    expect(await noted(world, `newest:${FIX}`)).toBe("2023-12-29");
    expect(Number(await noted(world, `version:${FIX}`))).toBe(world.origin.page(FIX, 2023).version);
  });

  test("and a newest date that was taken back is awaited again", async () => {
    const world = await settled();
    for (const at of ["2023-12-30T21:00:00Z", "2023-12-30T22:30:00Z"])
      await world.deliver([reading([["2023-12-27", "17.0000"]], at)]);
    expect((await world.redis.page(FIX, 2023))?.withdrawn).toEqual(["2023-12-29"]);
    expect(await noted(world, `newest:${FIX}`)).toBe("2023-12-27");
  });

  test("and never holds up a publication, whatever Redis has in its place", async () => {
    const world = await settled();
    await world.redis.send(["SET", "paridad:v1:ingest:banxico", "no hash"]);
    const [message] = await world.deliver([newReading(FIX, ["2023-12-28", "17.0500"])]);
    expect(message?.state).toBe("acked");
    expect(await rateOn(world, "2023-12-28")).toBe("17.0500");
  });
});
