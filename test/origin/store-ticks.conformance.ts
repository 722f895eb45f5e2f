import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Poll } from "#core/ingest/ticks.ts";
import { historyOf, type Instant, instantAt, type Tick } from "#core/rates/ticks.ts";
import { UTC } from "#core/time/zones.ts";
import type { Store } from "../../origin/store/store.ts";
import { Ticks } from "../../origin/store/ticks.ts";

const PROVIDER = "exchangerate-api";
const EUR = `${PROVIDER}.EUR`;
const START_MS = Date.parse("2026-11-26T10:57:00Z");
const at = (polls: number): Instant => instantAt(START_MS + polls * 30_000);

/** The part of the conformance suite about intraday values. `current`: an emptied store. */
export function describeTicks(current: () => Store, openAgain: () => Promise<Store>): void {
  describe("ticks", () => {
    let clock: { ms: number };
    let ticks: Ticks;
    beforeEach(async () => {
      clock = { ms: START_MS };
      ticks = new Ticks(current(), () => clock.ms);
      await empty();
    });

    const pollOf = (instant: Instant, value: string, everySeconds = 30): Poll => ({
      provider: PROVIDER,
      instant,
      everySeconds,
      nextUpdate: null,
      tracked: [EUR],
      values: { [EUR]: value },
    });
    const give = async (instant: Instant, value: string, everySeconds?: number) => {
      clock.ms = Math.max(clock.ms, Date.parse(instant));
      return await ticks.commit(pollOf(instant, value, everySeconds), UTC);
    };
    const stored = async (from = instantAt(START_MS)) => historyOf(await ticks.pages(EUR, from));
    const empty = () =>
      current().transaction("test", async ({ run }) => {
        await run(sql`DELETE FROM tick_boards`);
        await run(sql`DELETE FROM tick_pages`);
      });

    test("are the changes of what was polled, in any order of arrival", async () => {
      // Across the end of an hour, so that a late tick changes pages after its own.
      const arrivals = fc
        .array(fc.constantFrom("1.10", "1.11", "1.12"), { minLength: 8, maxLength: 16 })
        .chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray([...list.keys()], { minLength: list.length })),
        );
      await fc.assert(
        fc.asyncProperty(arrivals, async ([list, order]) => {
          await empty();
          for (const index of [...order, order[0] as number]) await give(at(index), list[index] as string);
          const changes = list.flatMap((value, index): Tick[] =>
            value === list[index - 1] ? [] : [[at(index), value]],
          );
          expect(await stored()).toEqual(changes);
          for (const page of await ticks.pages(EUR, at(0))) {
            expect(page.ticks.every(([from]) => from.startsWith(page.period))).toBe(true);
            expect(page.opening).toEqual(changes.findLast(([from]) => from < page.period) ?? null);
          }
        }),
        { numRuns: 15 },
      );
    });

    test("are kept for seven days, in pages that overwrite those past keeping", async () => {
      const HOURS = 12 * 24;
      for (let hour = 0; hour <= HOURS; hour += 6) await give(at(hour * 120), hour % 12 === 0 ? "1.10" : "1.11");
      const pages = await ticks.pages(EUR, at(0));
      const kept = instantAt(clock.ms - 7 * 86_400_000).slice(0, 10);
      expect(pages.flatMap((page) => page.ticks).length).toBe(7 * 4 + 2);
      expect(pages[0]?.period.slice(0, 10)).toBe(kept);
      const rows = await current().transaction("test", async ({ select }) => {
        return await select<{ slot: number }>({ slot: sql`slot` }, sql`FROM tick_pages`);
      });
      expect(rows.length).toBeLessThanOrEqual(9 * 4);
    });

    test("are of a day where they come every five minutes, and both kinds of page make one history", async () => {
      await give(at(0), "1.10");
      await give(at(1), "1.11");
      await give(at(10), "1.12", 300);
      await give(at(20), "1.13", 300);
      await give(at(30), "1.10");
      expect((await stored()).map(([, value]) => value)).toEqual(["1.10", "1.11", "1.12", "1.13", "1.10"]);
      expect((await ticks.pages(EUR, at(0))).map(({ period }) => period)).toEqual([
        "2026-11-26",
        "2026-11-26T10",
        "2026-11-26T11",
      ]);
    });

    test("of two commits at once are both stored", async () => {
      const other = await openAgain();
      const others = new Ticks(other, () => clock.ms);
      clock.ms += 3_600_000;
      await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          (index % 2 === 0 ? ticks : others).commit(pollOf(at(index), `1.1${10 + index}`), UTC),
        ),
      );
      expect((await stored()).length).toBe(12);
      if (other !== current()) await other.close();
    });

    test("leave a day's last value until it is said to be stored, and a later one after that", async () => {
      await give("2026-11-26T23:59:00Z", "1.10");
      await give("2026-11-27T00:00:00Z", "1.12");
      const closing = async () => (await ticks.state(PROVIDER))?.closing;
      expect(await closing()).toEqual({ "2026-11-26": { [EUR]: "1.10" } });
      await give("2026-11-26T23:59:30Z", "1.11");
      await ticks.closed(PROVIDER, "2026-11-26", { [EUR]: "1.10" });
      expect(await closing()).toEqual({ "2026-11-26": { [EUR]: "1.11" } });
      await ticks.closed(PROVIDER, "2026-11-26", { [EUR]: "1.11" });
      expect(await closing()).toEqual({});
    });
  });
}
