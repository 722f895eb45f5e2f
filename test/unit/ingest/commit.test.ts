import { expect, test } from "vitest";
import type { SeriesReading } from "#core/wire/internal.ts";
import { commitMessage } from "../../../worker/ingest/commit.ts";
import { laneOf } from "../../../worker/ingest/messages.ts";
import { EUR, FIX, World } from "./world.ts";

const reading = (changes: Partial<SeriesReading> = {}): SeriesReading => ({
  batch_id: "a",
  provider: "banxico",
  fetched_at: "2023-12-29T20:00:00Z",
  series: FIX,
  year: 2023,
  complete: null,
  based_on: null,
  observations: [["2023-12-28", "17.0000"]],
  ...changes,
});
const commit = (world: World, message: SeriesReading) => commitMessage(message, world, world.watch);
const changedIn = (world: World) => world.redis.send(["HGET", "paridad:v1:ingest:banxico", "changed"]);

test("a reading that knew less than the origin is followed by another one soon", async () => {
  const world = new World();
  await commit(world, reading());
  expect(await changedIn(world)).toBeNull();
  const observations: SeriesReading["observations"] = [["2023-12-28", "17.1000"]];
  const [page] = await commit(world, reading({ batch_id: "b", based_on: 0, observations }));
  expect(page?.observations).toEqual([["2023-12-28", "17.0000"]]);
  expect(await changedIn(world)).toBe(String(world.nowMs));
  world.redis.isAway = true;
  await commit(world, reading({ batch_id: "c", based_on: 0, observations }));
});

test("operators are told of values that were withdrawn", async () => {
  const world = new World();
  const complete = { from: "2023-12-27", to: "2023-12-29" };
  const rest: SeriesReading["observations"] = [["2023-12-27", "17.0000"]];
  await commit(world, reading({ observations: [...rest, ["2023-12-28", "17.1000"]] }));
  await commit(world, reading({ batch_id: "b", fetched_at: "2023-12-29T20:10:00Z", complete, observations: rest }));
  expect(world.watch.notices).not.toContain("values were withdrawn");
  await commit(world, reading({ batch_id: "c", fetched_at: "2023-12-29T20:20:00Z", complete, observations: rest }));
  expect(world.watch.notices).toContain("values were withdrawn");
});

test("an origin without readings takes their values; if there are none, it is asked for the page", async () => {
  const world = new World();
  world.origin.isOld = true;
  const [page] = await commit(world, reading());
  expect(page?.observations).toEqual([["2023-12-28", "17.0000"]]);
  const complete = { from: "2023-12-28", to: "2023-12-29" };
  expect(await commit(world, reading({ complete, observations: [] }))).toEqual([page]);
});

test("what else the origin refuses is no sign of an older release", async () => {
  for (const status of [400, 401, 500]) {
    const world = new World();
    world.origin.refuses = (body) => ("series" in body ? status : undefined);
    await expect(commit(world, reading())).rejects.toMatchObject({ status });
    expect(world.origin.page(FIX, 2023).observations).toEqual([]);
  }
});

test("messages about one series share a lane, whatever release they are of", () => {
  expect(laneOf(reading())).toBe(FIX);
  expect(laneOf({ batch_id: `${FIX}:2023:7:abc`, observations: [] })).toBe(FIX);
  expect(laneOf(reading({ series: EUR }))).not.toBe(FIX);
  for (const body of [null, undefined, 7, "x", {}]) expect(laneOf(body)).toBe("");
});
