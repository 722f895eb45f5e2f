import fc from "fast-check";
import { expect, test } from "vitest";
import { TestMessage } from "./doubles.ts";
import { World } from "./world.ts";

/** What may happen to the platform between two minutes. */
const strike = fc.oneof(
  fc.record({
    what: fc.constant("revise" as const),
    day: fc.integer({ min: 1, max: 28 }),
    cents: fc.integer({ min: 10, max: 99 }),
  }),
  fc.record({ what: fc.constant("no ticks" as const), minutes: fc.integer({ min: 1, max: 200 }) }),
  fc.record({
    what: fc.constantFrom(
      "tick",
      "tick",
      "tick",
      "deliver",
      "deliver",
      "origin away",
      "answers lost",
      "redis away",
      "banxico away",
      "queue away",
      "flush",
      "lose the queue",
      "deliver twice",
      "deliver backwards",
      "heal",
    ),
  }),
);
type Strike = typeof strike extends fc.Arbitrary<infer T> ? T : never;

const SERIES = "banxico.SF46410";
const DAY_MS = 86_400_000;
const YEARS = [2021, 2022, 2023];

test("whatever happened, a day later Redis and the origin hold what Banxico publishes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(strike, { minLength: 5, maxLength: 40 }), async (strikes) => {
      const world = new World("2023-12-29T15:00:00Z");
      for (const year of YEARS)
        for (let day = 1; day <= 28; day++)
          world.site.put(SERIES, [`${year}-06-${String(day).padStart(2, "0")}`, `17.${day + 10}`]);
      for (const one of strikes) {
        await happen(world, one);
        world.nowMs += 60_000;
      }
      heal(world);
      await world.minutes(15);
      world.nowMs = nextMorningMs(world.nowMs);
      await world.minutes(20);
      for (const year of YEARS) {
        const published = [...(world.site.values.get(SERIES) ?? [])].filter(([date]) => date.startsWith(`${year}-`));
        expect(world.origin.page(SERIES, year).observations).toEqual(published);
        expect(await world.redis.page(SERIES, year)).toEqual(world.origin.page(SERIES, year));
      }
      // And it is at rest: nothing is sent any more.
      const { length } = world.queue.sends;
      world.nowMs += 61 * 60_000;
      await world.minutes(3);
      expect(world.queue.sends.length).toBe(length);
    }),
    { numRuns: 30 },
  );
}, 60_000);

/** One minute after the daily audit is due. */
function nextMorningMs(nowMs: number): number {
  const morningMs = Date.parse("2023-12-30T10:01:00Z");
  return morningMs + Math.ceil((nowMs - morningMs) / DAY_MS) * DAY_MS;
}

async function happen(world: World, one: Strike): Promise<void> {
  switch (one.what) {
    case "revise":
      world.site.put(SERIES, [`2022-06-${String(one.day).padStart(2, "0")}`, `18.${one.cents}`]);
      return;
    case "no ticks":
      world.nowMs += one.minutes * 60_000;
      return;
    case "tick":
      return await world.tick();
    case "deliver":
      await world.deliver();
      return;
    case "origin away":
      world.origin.chaos = "away";
      return;
    case "answers lost":
      world.origin.chaos = "answer_lost";
      return;
    case "redis away":
      world.redis.isAway = true;
      return;
    case "banxico away":
      world.site.instead = () => new Response("down", { status: 503 });
      return;
    case "queue away":
      world.queue.isAway = true;
      return;
    case "flush":
      if (!world.redis.isAway) await world.redis.send(["FLUSHALL"]);
      return;
    case "lose the queue":
      world.queue.waiting = [];
      return;
    case "deliver twice":
      await world.deliver(world.queue.waiting.map(({ id, body }) => new TestMessage(`${id} again`, body)));
      return;
    case "deliver backwards":
      world.queue.waiting.reverse();
      await world.deliver();
      return;
    case "heal":
      heal(world);
      return;
  }
}

function heal(world: World): void {
  world.origin.chaos = "none";
  world.redis.isAway = false;
  world.queue.isAway = false;
  world.site.instead = undefined;
}
