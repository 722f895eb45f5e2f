import { describe, expect, test } from "vitest";
import type { Board } from "#core/pages/board.ts";
import { banxico } from "#core/providers/banxico.ts";
import type { Observation, Page } from "#core/rates/page.ts";
import { boardAsOf, pagesAsOf, windowAsOf } from "../../origin/store/as-of.ts";
import type { Store } from "../../origin/store/store.ts";
import { NOW_MS, USD } from "./data.ts";
import { DAYS, readingOf } from "./store-readings.conformance.ts";

const DAY_MS = 86_400_000;
const LAST_DATE = DAYS[3]?.[0] as string;
/** Soon after the days, so that they are on the board. */
const FIRST_MS = Date.parse("2023-01-16T18:00:00.250Z");

/** The part of the conformance suite about what was stored at an instant. `current`: an emptied store. */
export function describeArchive(current: () => Store): void {
  const at = (ms: number) => pagesAsOf(current(), USD, 2022, 2023, ms);

  describe("what was stored at an instant", () => {
    test("is what was served then: new, revised, withdrawn and returned values", async () => {
      const states: { ms: number; pages: Page[]; board: Board }[] = [];
      let values = DAYS.slice(0, 4);
      const steps: ((day: number) => readonly Observation[])[] = [
        () => values,
        () => [...values, DAYS[4] as Observation],
        () => values.map(([date, value], index) => [date, index === 1 ? "19.61" : value]),
        () => values.slice(0, -1),
        () => values,
        () => [...values, [DAYS[4]?.[0] as string, "19.66"]],
        () => values.map(([date, value], index) => [date, index === 1 ? "19.51" : value]),
      ];
      for (const [day, step] of steps.entries()) {
        const ms = FIRST_MS + day * DAY_MS;
        values = [...step(day)];
        const fetched_at = new Date(ms).toISOString();
        const reading = readingOf(values, { fetched_at, complete: { from: "2023-01-01", to: DAYS[4]?.[0] as string } });
        await current().commit(reading, ms);
        states.push({ ms, pages: await current().pages(USD, 2022, 2023), board: await current().board(banxico) });
      }
      expect(new Set(states.map(({ pages }) => JSON.stringify(pages))).size).toBe(steps.length);
      for (const [index, { ms, pages, board }] of states.entries()) {
        const untilMs = states[index + 1]?.ms ?? ms + DAY_MS;
        for (const knownAtMs of [ms, ms + 1, (ms + untilMs) / 2, untilMs - 1]) {
          const known = await at(Math.floor(knownAtMs));
          expect(known).toEqual(pages.map(({ waiting: _, ...page }) => page));
          expect((await boardAsOf(current(), banxico, Math.floor(knownAtMs))).values).toEqual(board.values);
          const observations = pages.flatMap((page) => page.observations).filter(([date]) => date <= LAST_DATE);
          const window = await windowAsOf(current(), banxico, LAST_DATE, Math.floor(knownAtMs));
          expect(window[USD]).toEqual(observations);
        }
      }
    });

    test("reaches 14 days back from a date", async () => {
      const dates = ["2023-01-05", "2023-01-06", "2023-01-19", "2023-01-20", "2023-01-23"];
      const values = dates.map((date): Observation => [date, "19.5"]);
      await current().commit(readingOf(values), NOW_MS);
      const window = await windowAsOf(current(), banxico, "2023-01-20", NOW_MS);
      expect(window[USD]?.map(([date]) => date)).toEqual(["2023-01-06", "2023-01-19", "2023-01-20"]);
      expect(await windowAsOf(current(), banxico, "2023-01-20", NOW_MS - 1)).toEqual({});
    });

    test("is nothing before the first value", async () => {
      await current().commit(readingOf(DAYS), NOW_MS);
      expect((await at(NOW_MS - 1)).map(({ observations }) => observations)).toEqual([[], []]);
      expect((await at(NOW_MS))[1]?.observations).toEqual(DAYS);
      expect((await boardAsOf(current(), banxico, NOW_MS - 1)).version).toBe(0);
    });
  });
}
