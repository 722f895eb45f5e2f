import fc from "fast-check";
import { expect, test } from "vitest";
import { publicationMs } from "../../../tools/simulators/banxico/mexico.ts";
import { fill, holdsWhatIsPublished, INGEST, ids, strike, TODAY } from "./strikes.ts";
import { World } from "./world.ts";

const DAY_MS = 86_400_000;
const NOON_MS = publicationMs(TODAY);

test("whatever happened, days later Redis and the origin hold what Banxico publishes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(strike, { minLength: 5, maxLength: 40 }), async (strikes) => {
      await holdsWhatIsPublished(new World("2023-03-13T15:00:00Z"), strikes);
    }),
    { numRuns: 25 },
  );
});

test("whatever happened to the bookkeeping, a FIX is in Redis within minutes of its announcement", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(garbage(), { maxLength: 8 }), fc.nat(20), fc.nat(2), async (entries, lead, late) => {
      const world = new World("2023-03-12T20:00:00Z");
      fill(world);
      await world.minutes(2);
      world.nowMs = NOON_MS - lead * 60_000;
      for (const { field, value } of entries) await world.redis.send(["HSET", INGEST, field, value]);
      await world.minutes(lead + late);
      world.site.putAll([TODAY, "17.1000"]);
      await world.minutes(9 - late);
      for (const id of ids) expect((await world.redis.page(id, 2023))?.observations.at(-1)?.[0]).toBe(TODAY);
    }),
    { numRuns: 100, examples: [[[{ field: `requests:day:${TODAY}`, value: "1000" }], 0, 2]] },
  );
});

test.each(["ingest:banxico", "breaker:banxico", "dead-letters", "replay-requested"])(
  "a key of another type (%s) keeps no FIX from being published",
  async (key) => {
    for (const command of [
      ["SET", "text"],
      ["HSET", "a", "b"],
      ["LPUSH", "a"],
    ]) {
      const world = new World("2023-03-13T17:50:00Z");
      fill(world);
      await world.minutes(9);
      const [name = "", ...rest] = command;
      await world.redis.send(["DEL", `paridad:v1:${key}`]);
      await world.redis.send([name, `paridad:v1:${key}`, ...rest]);
      await world.minutes(1);
      world.site.putAll([TODAY, "17.1000"]);
      await world.minutes(2);
      for (const id of ids) expect((await world.redis.page(id, 2023))?.observations.at(-1)?.[0]).toBe(TODAY);
    }
  },
);

/** Fields of the ingest hash, and what may come to stand in them. */
function garbage() {
  const instants = ["attempt:sync", "attempt:audit", "attempt:probe", "failing_since", "faulty_since", "changed"];
  const others = ["republished", "audit_tries", "failing_at", "blocked:historica", "blocked:oportuna"];
  const ofSeries = ids.flatMap((id) => [`newest:${id}`, `version:${id}`, `sent:${id}`, `audit_due:${id}`]);
  const counts = [`requests:day:${TODAY}`, `requests:minute:${NOON_MS / 60_000}`];
  const soonMs = NOON_MS + 1_800_000;
  return fc.record({
    field: fc.constantFrom(...instants, ...others, ...ofSeries, ...counts),
    value: fc.oneof(
      fc.constantFrom("NaN", "", "-1", "0", "1", "1000", "999999999999999", "9".repeat(40), "1e308", "null", "{}"),
      fc.constantFrom(TODAY, "2023-03-10", "1993-01-04", "2099-01-01", "2023-02-30", `${soonMs} x`),
      fc.integer({ min: soonMs - 2 * DAY_MS, max: soonMs + 9 * DAY_MS }).map(String),
      fc.string({ maxLength: 20 }),
    ),
  });
}
