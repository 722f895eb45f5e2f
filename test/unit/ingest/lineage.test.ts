import { expect, test } from "vitest";
import { FIX, World } from "./world.ts";

const HOUR = 60;
const STATE = "paridad:v1:ingest:banxico";

test("another database is noted only once it is noted that it may lack what readers have seen", async () => {
  const world = await new World().filled();
  await world.minutes(2 * HOUR + 5);
  const restore = world.origin.backup();
  world.site.put(FIX, ["2023-12-27", "17.0500"], ["2024-01-02", "17.2000"]);
  world.nowMs = Date.parse("2024-01-02T18:01:00Z");
  await world.minutes(HOUR + 5);
  restore();
  const { redis } = world;
  const pipeline = redis.pipeline.bind(redis);
  const marks: unknown[] = [];
  redis.pipeline = async (commands) => {
    if (commands.some(([name, key, field]) => name === "HSET" && key === STATE && field === "lineage"))
      marks.push(await redis.send(["HGET", STATE, "behind_since"]));
    return pipeline(commands);
  };
  await world.minutes(HOUR + 5);
  expect(marks).toEqual([expect.any(String)]);
});
