import { describe, expect, test } from "vitest";
import type { Observation } from "#core/rates/page.ts";
import type { Store } from "../../origin/store/store.ts";
import { StorePages } from "../../origin/store-pages.ts";
import { EUR, NOW_MS, USD } from "./data.ts";
import { DAYS, readingOf } from "./store-readings.conformance.ts";

const JUMP: Observation = ["2023-01-16", "25.00"];
const WHOLE = { complete: { from: "2023-01-01", to: "2023-12-29" } };
const later = (minutes: number) => new Date(NOW_MS + minutes * 60_000).toISOString();

/** The part of the conformance suite about marks of pages. `current`: an emptied store. */
export function describeMarks(current: () => Store): void {
  const commit = (observations: readonly Observation[], rest = {}) =>
    current().commit(readingOf(observations, rest), NOW_MS);
  const selection = { series: USD, from: JUMP[0], to: JUMP[0] };

  describe("the mark of a series' pages", () => {
    test("is another whenever a page is, and the same while none is", async () => {
      const changes: [what: string, isChange: boolean, work: () => Promise<unknown>][] = [
        ["the first values", true, () => commit(DAYS)],
        ["the same again", false, () => commit(DAYS)],
        ["another series", false, () => commit(DAYS, { series: EUR })],
        ["a value that waits", true, () => commit([JUMP])],
        ["one that is dropped", true, () => current().dismiss(selection, NOW_MS)],
        ["another that waits", true, () => commit([[JUMP[0], "25.01"]])],
        ["one that is let in", true, () => current().release(selection, NOW_MS)],
        ["a revision of an older year", true, () => commit([["2022-12-30", "19.4"]], { year: 2022 })],
        ["a date that may be gone", true, () => commit(DAYS.slice(0, -1), { ...WHOLE, fetched_at: later(1) })],
        ["one that is gone", true, () => commit(DAYS.slice(0, -1), { ...WHOLE, fetched_at: later(90) })],
      ];
      const state = async () => ({
        pages: JSON.stringify(await current().pages(USD, 2022, 2023)),
        mark: await current().pagesMark(USD),
      });
      let before = await state();
      expect(before.mark?.version).toBe(0);
      for (const [what, isChange, work] of changes) {
        await work();
        const after = await state();
        expect([what, after.pages !== before.pages]).toEqual([what, isChange]);
        expect([what, after.mark?.text !== before.mark?.text]).toEqual([what, isChange]);
        before = after;
      }
      const versions = (await current().pages(USD, 2022, 2023)).map(({ version }) => version);
      expect(before.mark?.version).toBe(Math.max(...versions));
    });

    test("spares reading what is in memory, until it changes or a minute has passed", async () => {
      let nowMs = NOW_MS;
      let reads = 0;
      const store = {
        pages: (...of: Parameters<Store["pages"]>) => {
          reads++;
          return current().pages(...of);
        },
        pagesMark: (series: string) => current().pagesMark(series),
      };
      const pages = new StorePages({ store, now: () => nowMs, freshMs: 1_000, horizonMs: 10_000 });
      const rates = async () => (await pages.read(USD, [2022, 2023])).flatMap(({ page }) => page.observations);
      await commit(DAYS);
      const readsAfter = async (ms: number) => {
        nowMs += ms;
        expect(await rates()).toEqual((await current().pages(USD, 2022, 2023)).flatMap((page) => page.observations));
        return reads;
      };
      // The first read asks for no mark, because all has to be read; the second one for its pages' first.
      expect([await readsAfter(0), await readsAfter(999), await readsAfter(1), await readsAfter(1_000)]).toEqual([
        1, 1, 2, 2,
      ]);
      expect(await readsAfter(50_000)).toBe(2);
      await commit([["2022-12-30", "19.4"]], { year: 2022 });
      expect([await readsAfter(1_000), await readsAfter(1_000), await readsAfter(58_000)]).toEqual([3, 3, 3]);
      expect(await readsAfter(1_000)).toBe(4);
    });
  });
}
