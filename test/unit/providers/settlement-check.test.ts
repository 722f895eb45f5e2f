import { describe, expect, it } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import { checkHealthOf, checkSettlement, rememberedCheck } from "#core/providers/settlement-check.ts";
import { END_OF_2023 } from "../api/figures.ts";
import { FIX, World } from "../ingest/world.ts";

/** The last days of Holy Week 2023, as in the recorded series: Thursday and Friday are holidays. */
const FIXINGS: [string, string][] = [
  ["2023-03-31", "18.0415"],
  ["2023-04-03", "18.0632"],
  ["2023-04-04", "18.1945"],
  ["2023-04-05", "18.3323"],
  ["2023-04-10", "18.2093"],
];
const SETTLED: [string, string][] = [
  ["2023-04-04", "18.0415"],
  ["2023-04-05", "18.0632"],
  ["2023-04-06", "18.1945"],
  ["2023-04-07", "18.1945"],
  ["2023-04-08", "18.1945"],
  ["2023-04-09", "18.1945"],
  ["2023-04-10", "18.1945"],
  ["2023-04-11", "18.3323"],
  ["2023-04-12", "18.2093"],
];

const check = (published: readonly (readonly [string, string])[] | string, fixings = FIXINGS) =>
  checkSettlement(banxico, [{ series: FIX, observations: fixings, complete: null }], published);
const changed = (date: string, value: string) =>
  SETTLED.map(([day, own]): [string, string] => (day === date ? [day, value] : [day, own]));

describe("the check of settlement rates", () => {
  it("finds that they are those derived from the FIX, over holidays and ahead of its newest date", () => {
    expect(check(SETTLED)).toEqual({ state: "agrees", from: "2023-04-04" });
  });

  it("compares values, not digits", () => {
    expect(check(changed("2023-04-12", "18.20930"))).toMatchObject({ state: "agrees" });
  });

  it.each(SETTLED.map(([date]) => date))("finds a difference on %s", (date) => {
    expect(check(changed(date, "18.1000"))).toMatchObject({ state: "differs", date });
  });

  it("says what differs", () => {
    const rows = changed("2023-04-12", "18.1000").map(([date, value]): [string, string] =>
      date === "2023-04-11" ? [date, "18.1001"] : [date, value],
    );
    const detail = "published 18.1000 on 2023-04-12, derived 18.2093; dates that differ: 2";
    expect(check(rows)).toEqual({ state: "differs", date: "2023-04-12", detail });
  });

  it("compares nothing before the first FIX applies, or without one", () => {
    expect(check([["2023-04-03", "1.0000"]])).toBeUndefined();
    expect(check(SETTLED, [])).toBeUndefined();
    expect(check([])).toBeUndefined();
  });

  it("remembers a difference until its date is compared again", () => {
    const differs = rememberedCheck(
      undefined,
      check(changed("2023-04-06", "18.1000")) ?? { state: "missing", detail: "" },
    );
    expect(differs).toBe("differs 2023-04-06");
    expect(rememberedCheck(differs, { state: "agrees", from: "2023-04-07" })).toBe(differs);
    expect(rememberedCheck(differs, { state: "missing", detail: "" })).toBe(differs);
    expect(rememberedCheck(differs, { state: "agrees", from: "2023-04-06" })).toBe("agrees");
    const states = [undefined, "agrees", "missing", differs, "differs", "nonsense"].map(checkHealthOf);
    expect(states).toEqual(["unknown", "agrees", "missing", "differs", "unknown", "unknown"]);
  });
});

describe("the ingestion", () => {
  const settle = (world: World, ...rows: [string, string][]) => world.site.put("banxico.SF60653", ...rows);
  const remembered = (world: World) => world.redis.send(["HGET", "paridad:v1:ingest:banxico", "settlement_check"]);
  /** The days that the FIX of the last days of 2023 applies from. */
  const OWN: [string, string][] = [
    ["2023-12-28", "16.9727"],
    ["2023-12-29", "16.9220"],
  ];

  function worldAtEnd(): World {
    const world = new World();
    world.site.putAll(...END_OF_2023.map(([date, value]): [string, string] => [date, value]));
    settle(world, ...OWN);
    return world;
  }

  it("stores nothing of them, and reports nothing while they agree", async () => {
    const world = worldAtEnd();
    await world.tick();
    expect(JSON.stringify(world.queue.waiting.map(({ body }) => body))).not.toContain("SF60653");
    expect([world.watch.events, await remembered(world)]).toEqual([[], "agrees"]);
  });

  it("reports a difference, stores the FIX all the same, and forgets it once they agree", async () => {
    const world = worldAtEnd();
    settle(world, ["2023-12-29", "16.9221"]);
    await world.minutes(1);
    const detail = "published 16.9221 on 2023-12-29, derived 16.9220; dates that differ: 1";
    expect(world.watch.events).toEqual([`ingest_failed banxico.SF60653 ${detail}`]);
    expect(await remembered(world)).toBe("differs 2023-12-29");
    expect((await world.redis.page(FIX, 2023))?.observations.at(-1)).toEqual(END_OF_2023.at(-1));

    settle(world, ...OWN);
    await world.minutes(61);
    expect(await remembered(world)).toBe("agrees");
  });

  it("says that they are missing, and reads the others", async () => {
    const world = worldAtEnd();
    world.site.lacks.add("banxico.SF60653");
    await world.tick();
    expect(world.watch.events).toEqual(["ingest_failed banxico.SF60653 not once in the response"]);
    expect(await remembered(world)).toBe("missing");
    expect(world.queue.waiting.length).toBeGreaterThan(0);
  });
});
