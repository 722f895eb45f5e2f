import { describe, expect, test } from "vitest";
import { type Observation, type Page, pageDigest } from "#core/rates/page.ts";
import type { SeriesReading } from "#core/wire/internal.ts";
import type { Store } from "../../origin/store/store.ts";
import { EUR, IDS, NOW_MS, USD, weekdaysOf } from "./data.ts";

/** The part of the conformance suite about readings. `current`: an emptied store. */

export function readingOf(observations: readonly Observation[], rest: Partial<SeriesReading> = {}): SeriesReading {
  return {
    batch_id: "batch-1",
    provider: "banxico",
    fetched_at: new Date(NOW_MS).toISOString(),
    series: USD,
    year: 2023,
    complete: null,
    based_on: null,
    ...rest,
    observations: observations.map(([date, value]) => [date, value]),
  };
}

export const DAYS = weekdaysOf(2023)
  .slice(0, 10)
  .map((date, index): Observation => [date, `19.5${index}`]);
const WHOLE = { complete: { from: "2023-01-01", to: "2023-12-29" } };
const LAST = DAYS.at(-1)?.[0] as string;
/** Of a request on the first bank day of 2024. */
const inNewYear = (minute: number) => ({ fetched_at: new Date(Date.UTC(2024, 0, 2, 18, minute)).toISOString() });
const laterBy = (minutes: number, rest: Partial<SeriesReading> = {}) => ({
  fetched_at: new Date(NOW_MS + minutes * 60_000).toISOString(),
  ...WHOLE,
  ...rest,
});

export function describeReadings(current: () => Store): void {
  const commit = (observations: readonly Observation[], rest: Partial<SeriesReading> = {}) =>
    current().commit(readingOf(observations, rest), NOW_MS);
  const page = async (series = USD, year = 2023) => (await current().pages(series, year, year))[0] as Page;
  const digestOf = async (series = USD, year = 2023) => (await current().digests(IDS)).pages[series]?.[year];
  const higher = (days: readonly Observation[]) =>
    days.map(([date, value]): Observation => [date, `2${value.slice(1)}`]);

  describe("withdrawals", () => {
    test("are a revision: the page drops the date and lists it, and its version rises", async () => {
      const first = (await commit(DAYS)).pages[0] as Page;
      const waits = await commit(DAYS.slice(0, -1), laterBy(1));
      expect(waits).toMatchObject({ withdrawn: 0, quarantined: 1 });
      expect(waits.pages).toEqual([{ ...first, waiting: [LAST] }]);
      expect(await page()).toEqual(waits.pages[0]);
      const gone = await commit(DAYS.slice(0, -1), laterBy(6));
      expect(gone).toMatchObject({ withdrawn: 1, quarantined: 0 });
      expect(gone.pages[0]).toMatchObject({ observations: DAYS.slice(0, -1), withdrawn: [LAST] });
      expect(gone.pages[0]).not.toHaveProperty("waiting");
      expect(gone.pages[0]?.version).toBeGreaterThan(first.version);
      expect(await page()).toEqual(gone.pages[0]);
      expect(await current().quarantined(9)).toEqual([]);

      const back = await commit([...DAYS.slice(0, -1), [LAST, "19.70"]], laterBy(7));
      expect(back).toMatchObject({ revised: 1, accepted: 0 });
      expect(back.pages[0]).not.toHaveProperty("withdrawn");
      expect(await current().history(USD, LAST)).toMatchObject([
        { revision: 0, value: "19.59", withdrawn: false },
        { revision: 1, value: "19.59", withdrawn: true },
        { revision: 2, value: "19.70", withdrawn: false },
      ]);
    });
  });

  describe("values that wait", () => {
    const JUMP: Observation = ["2023-01-16", "25.00"];

    test("a second one near it confirms both, over New Year and in the next year's reading too", async () => {
      await commit(DAYS);
      const late = readingOf([["2023-12-28", "19.0"]]);
      await current().commit(late, NOW_MS);
      expect(await commit([["2023-12-29", "24.00"]])).toMatchObject({ accepted: 0, quarantined: 1 });
      expect(await page()).toMatchObject({ waiting: ["2023-12-29"] });
      const next = readingOf([["2024-01-02", "24.10"]], { year: 2024 });
      const both = await current().commit(next, NOW_MS + 4 * 86_400_000);
      expect(both).toMatchObject({ accepted: 2, quarantined: 0 });
      expect(both.pages.map(({ year, observations }) => [year, observations.at(-1)])).toEqual([
        [2023, ["2023-12-29", "24.00"]],
        [2024, ["2024-01-02", "24.10"]],
      ]);
    });

    test("a person stores it at once, by value, by date or by range", async () => {
      await commit(DAYS);
      await commit([JUMP]);
      const selection = { series: USD, from: JUMP[0], to: JUMP[0] };
      expect(await current().release({ ...selection, value: "26" }, NOW_MS)).toEqual({ count: 0, pages: [] });
      expect(await current().release({ ...selection, series: EUR }, NOW_MS)).toEqual({ count: 0, pages: [] });
      expect(await current().countWaiting()).toBe(1);
      const before = await digestOf();
      const released = await current().release({ ...selection, value: "25" }, NOW_MS);
      expect(released).toMatchObject({ count: 1, pages: [{ observations: [...DAYS, JUMP] }] });
      expect(released.pages).toEqual([await page()]);
      expect(await digestOf()).not.toEqual(before);
      expect([await current().countWaiting(), await current().quarantined(9)]).toEqual([0, []]);
      expect(await commit([...DAYS, JUMP])).toMatchObject({ unchanged: 11, quarantined: 0 });
      expect(await current().release(selection, NOW_MS)).toMatchObject({ count: 0 });

      expect(await commit(higher(DAYS))).toMatchObject({ revised: 0, quarantined: 10 });
      expect(await current().release({ series: USD, from: "2023-01-01", to: "2023-01-06" }, NOW_MS)).toMatchObject({
        count: 5,
      });
      expect((await page()).observations.slice(0, 6)).toEqual([...higher(DAYS.slice(0, 5)), DAYS[5]]);
    });

    test("a person withdraws at once what a provider takes back", async () => {
      await commit(DAYS);
      await commit(DAYS.slice(0, 4), laterBy(1));
      const selection = { series: USD, from: "2023-01-01", to: "2023-12-31" };
      expect(await current().release(selection, NOW_MS)).toMatchObject({ count: 6 });
      expect(await page()).toMatchObject({
        observations: DAYS.slice(0, 4),
        withdrawn: DAYS.slice(4).map(([date]) => date),
      });
    });

    test("what a person drops does not wait again, until the provider says something else", async () => {
      await commit(DAYS);
      await commit([JUMP]);
      const selection = { series: USD, from: JUMP[0], to: JUMP[0] };
      expect(await current().dismiss(selection, NOW_MS)).toMatchObject({ count: 1, pages: [{ observations: DAYS }] });
      expect(await page()).not.toHaveProperty("waiting");
      expect(await commit([...DAYS, JUMP])).toMatchObject({ accepted: 0, unchanged: 10, quarantined: 0 });
      expect(await commit([...DAYS, [JUMP[0], "25.01"]])).toMatchObject({ accepted: 0, quarantined: 1 });
      expect(await commit([...DAYS, JUMP])).toMatchObject({ quarantined: 1 });
      expect(await current().quarantined(9)).toMatchObject([{ value: "25.00" }]);
    });

    test("nobody lets in what can't be a rate of that day: it stays in view", async () => {
      await commit([["2023-12-23", "17"]]); // a Saturday
      const selection = { series: USD, from: "2023-12-23", to: "2023-12-23" };
      for (const decide of ["release", "dismiss"] as const)
        expect(await current()[decide](selection, NOW_MS)).toMatchObject({ count: 0 });
      expect(await current().quarantined(9)).toMatchObject([{ date: "2023-12-23", reason: "on_a_weekend" }]);
      expect(await current().countWaiting()).toBe(0);
    });

    test("a series with another's values is refused", async () => {
      await commit(DAYS);
      const copied = await commit(DAYS, { series: EUR });
      expect(copied).toMatchObject({ accepted: 0, quarantined: 10 });
      expect((await current().quarantined(1))[0]?.reason).toBe("same_as_other_series");
      expect(await commit(higher(DAYS), { series: EUR })).toMatchObject({ accepted: 10 });
    });

    test("a whole history that is replaced in one reading waits for an hour", async () => {
      const year = weekdaysOf(2022).map((date): Observation => [date, "19.5000"]);
      const replaced = year.map(([date]): Observation => [date, "20.4750"]);
      await commit(year, { year: 2022 });
      expect(await commit(replaced, { year: 2022 })).toMatchObject({ revised: 0, quarantined: 260 });
      expect((await page(USD, 2022)).observations).toEqual(year);
      expect((await page(USD, 2022)).waiting).toHaveLength(260);
      const again = await commit(replaced, { year: 2022, fetched_at: new Date(NOW_MS + 3_600_000).toISOString() });
      expect(again).toMatchObject({ revised: 260, quarantined: 0, pages: [{ observations: replaced }] });
      expect(again.pages[0]).not.toHaveProperty("waiting");
    });
  });

  test("a few of many revisions wait like the others, though a year or a shorter reading has only these", async () => {
    const replaced = DAYS.map(([date, value]): Observation => [date, (Number(value) + 0.5).toFixed(2)]);
    const other: Observation[] = [["2024-01-02", "20.10"]];
    await commit(DAYS);
    expect(await commit([["2024-01-02", "19.60"]], { year: 2024, ...inNewYear(0) })).toMatchObject({ accepted: 1 });
    expect(await commit(replaced, inNewYear(1))).toMatchObject({ revised: 0, quarantined: 10 });
    // The same request's other year, and then a request for the last days only.
    expect(await commit(other, { year: 2024, ...inNewYear(1) })).toMatchObject({ revised: 0, quarantined: 1 });
    expect(await commit(replaced.slice(-2), inNewYear(4))).toMatchObject({ revised: 0, quarantined: 2 });
    expect(await commit(other, { year: 2024, ...inNewYear(4) })).toMatchObject({ revised: 0, quarantined: 1 });
    expect(await commit(replaced.slice(-2), inNewYear(62))).toMatchObject({ revised: 2, quarantined: 0 });
  });

  test("a new year's first value waits with the revisions that the same response makes in the old one", async () => {
    const last = weekdaysOf(2023).slice(-8);
    const days = last.map((date, index): Observation => [date, `19.5${index}`]);
    const replaced = days.map(([date, value]): Observation => [date, (Number(value) + 0.5).toFixed(2)]);
    const next: Observation[] = [["2024-01-02", "20.10"]];
    await commit(days);
    expect(await commit(replaced, inNewYear(0))).toMatchObject({ revised: 0, quarantined: 8 });
    expect(await commit(next, { year: 2024, ...inNewYear(0) })).toMatchObject({ accepted: 0, quarantined: 1 });
    expect(await current().quarantined(9)).toHaveLength(9);
    // The same response again, within the hour in which it may still be mended.
    expect(await commit(replaced, inNewYear(10))).toMatchObject({ revised: 0, quarantined: 8 });
    expect(await commit(next, { year: 2024, ...inNewYear(10) })).toMatchObject({ accepted: 0, quarantined: 1 });
    // Another request, whose old year is as it was.
    expect(await commit(days, inNewYear(13))).toMatchObject({ quarantined: 0 });
    expect(await commit(next, { year: 2024, ...inNewYear(13) })).toMatchObject({ accepted: 1, quarantined: 0 });
    expect(await current().quarantined(9)).toEqual([]);
  });

  test("a reading that is older than what is stored is overtaken", async () => {
    const { pages } = await commit(DAYS);
    const based_on = (pages[0] as Page).version;
    await commit([[LAST, "19.60"]], { based_on });
    expect(await commit(DAYS, { based_on, ...WHOLE })).toMatchObject({ unchanged: 9, revised: 0, overtaken: 1 });
    expect(await commit(DAYS, { based_on: based_on + 1 })).toMatchObject({ revised: 1, overtaken: 0 });
  });

  test("a version that was never given counts as unknown: the readings' times decide", async () => {
    const beyond = { based_on: 9_007_199_254_740_991 };
    await commit(DAYS, beyond);
    await commit([[LAST, "19.60"]], { ...laterBy(10), complete: null });
    const { max_seq } = await current().digests(IDS);
    for (const based_on of [max_seq + 1, beyond.based_on])
      expect(await commit(DAYS, { ...laterBy(5), based_on })).toMatchObject({ unchanged: 9, revised: 0, overtaken: 1 });
    expect((await page()).observations.at(-1)).toEqual([LAST, "19.60"]);
    const without = { ...laterBy(5), based_on: beyond.based_on };
    expect(await commit(DAYS.slice(0, -1), without)).toMatchObject({ withdrawn: 0, quarantined: 0, overtaken: 1 });
    expect(await commit(DAYS, { ...laterBy(15), ...beyond })).toMatchObject({ revised: 1, overtaken: 0 });
    await current().declareRestored(undefined);
    const { max_seq: based_on } = await current().digests(IDS);
    expect(await commit([[LAST, "19.70"]], { based_on })).toMatchObject({ revised: 1, overtaken: 0 });
  });

  test("digests are those of the pages, and notice what waits", async () => {
    expect(await current().digests(IDS)).toMatchObject({ pages: {} });
    await commit(DAYS);
    await commit([["2022-12-30", "19.4"]], { year: 2022 });
    await commit([["2024-01-02", "25"]], { year: 2024, series: USD });
    for (let time = 0; time < 2; time++) {
      const { lineage, max_seq, pages } = await current().digests(IDS);
      expect(lineage).toMatch(/^[\w-]{36}$/);
      expect(Object.keys(pages)).toEqual([USD]);
      expect(Object.keys(pages[USD] ?? {})).toEqual(["2022", "2023"]);
      for (const [year, { version, digest }] of Object.entries(pages[USD] ?? {})) {
        const of = await page(USD, Number(year));
        expect([version, digest]).toEqual([of.version, pageDigest(of)]);
        expect(max_seq).toBeGreaterThanOrEqual(version);
      }
      await commit([["2023-01-16", "25.00"]]);
      await commit([["2023-01-17", "2.5"]]);
    }
    expect(await page()).toMatchObject({ waiting: ["2023-01-16", "2023-01-17"] });
  });

  test("a page of nothing but a value that waits has a digest", async () => {
    await commit([["2022-12-30", "19.4"]], { year: 2022 });
    await commit([["2023-01-02", "25"]]);
    const waiting = {
      series: USD,
      year: 2023,
      version: 0,
      updated_at: null,
      observations: [],
      waiting: ["2023-01-02"],
    };
    expect(await page()).toEqual(waiting);
    expect(await digestOf()).toEqual({ version: 0, digest: pageDigest(waiting) });
  });

  describe("after a restore", () => {
    test("versions go on above those that were given, under a new lineage", async () => {
      await commit(DAYS);
      const before = await current().digests(IDS);
      const { lineage, aboveVersion } = await current().declareRestored(undefined);
      expect(aboveVersion).toBe(before.max_seq + 1_000_000);
      const declared = await current().digests(IDS);
      expect(declared).toEqual({ lineage, max_seq: aboveVersion, pages: before.pages });
      expect(lineage).not.toBe(before.lineage);
      const { pages } = await commit([["2023-01-16", "19.6"]]);
      expect(pages[0]?.version).toBeGreaterThan(aboveVersion);
      expect(await current().pages("none", 1900, 1900)).toMatchObject([{ version: 0 }]);
    });

    test("above what a person says; again, or too high, does no harm", async () => {
      await commit(DAYS);
      const { max_seq } = await current().digests(IDS);
      expect((await current().declareRestored(max_seq + 10)).aboveVersion).toBe(max_seq + 10);
      expect((await current().declareRestored(max_seq)).aboveVersion).toBe(max_seq + 10);
      await expect(current().declareRestored(2 ** 53)).rejects.toThrow(RangeError);
      expect((await commit([["2023-01-16", "19.6"]])).pages[0]?.version).toBe(max_seq + 11);
    });
  });
}
