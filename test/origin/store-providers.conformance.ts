import { describe, expect, test } from "vitest";
import { isBoard } from "#core/pages/board.ts";
import { findSeries } from "#core/providers/provider-list.ts";
import type { Observation, Page } from "#core/rates/page.ts";
import type { Series } from "#core/rates/series.ts";
import type { SeriesReading } from "#core/wire/internal.ts";
import type { Store } from "../../origin/store/store.ts";
import { NOW_MS, weekdaysOf } from "./data.ts";
import { readingOf } from "./store-readings.conformance.ts";

/** The part of the conformance suite about several providers. `current`: an emptied store. */

const DAYS = weekdaysOf(2023).slice(-12, -1);
const LAST = weekdaysOf(2023).at(-1) as string;

/** A provider's reading of one of its series. */
export function readingFor(
  series: string,
  observations: readonly Observation[],
  rest: Partial<SeriesReading> = {},
): SeriesReading {
  return { ...readingOf(observations, rest), series, provider: series.slice(0, series.indexOf(".")) };
}

export function describeProviders(current: () => Store): void {
  const commit = (series: string, observations: readonly Observation[], rest: Partial<SeriesReading> = {}) =>
    current().commit(readingFor(series, observations, rest), NOW_MS);
  const page = async (series: string, year = 2023) => (await current().pages(series, year, year))[0] as Page;
  const flat = (value: string) => DAYS.map((date): Observation => [date, value]);

  test("a padded reading over a stripped history changes nothing, and the history keeps its digits", async () => {
    const history: Observation[] = DAYS.map((date, index) => [
      date,
      ["1.1", "1.09", "1.105", "1"][index % 4] as string,
    ]);
    const padded = history.map(([date, value]): Observation => [date, Number(value).toFixed(4)]);
    await commit("ecb.USD", history);
    const before = await page("ecb.USD");
    expect(await commit("ecb.USD", padded)).toMatchObject({ accepted: 0, unchanged: 11, revised: 0, quarantined: 0 });
    expect(await page("ecb.USD")).toEqual(before);
    expect(before.observations).toEqual(history);
  });

  test("currencies at par are two series, of a provider that may have such", async () => {
    for (const series of ["bdi.USD", "bdi.BSD"])
      expect(await commit(series, flat("1.1050"))).toMatchObject({ accepted: 11, quarantined: 0 });
    expect(await commit("ecb.USD", flat("1.1050"))).toMatchObject({ accepted: 11 });
    expect(await commit("ecb.CHF", flat("1.105"))).toMatchObject({ accepted: 0, quarantined: 11 });
  });

  describe("a value that moved too far", () => {
    const JUMP: Observation = [LAST, "48.4"];
    const fill = async () => {
      for (const series of ["ecb.TRY", "bdi.TRY"]) await commit(series, flat("32"));
    };

    test("is stored if another provider has the same already", async () => {
      await fill();
      await commit("bdi.TRY", [[LAST, "48"]], { batch_id: "first" });
      expect(await page("bdi.TRY")).toMatchObject({ waiting: [LAST] });
      const both = await commit("ecb.TRY", [JUMP]);
      expect(both).toMatchObject({ accepted: 2, quarantined: 0 });
      expect(both.pages).toEqual([await page("ecb.TRY"), await page("bdi.TRY")]);
      for (const { observations, waiting } of both.pages)
        expect([observations.at(-1)?.[0], waiting]).toEqual([LAST, undefined]);
      expect(await current().countWaiting()).toBe(0);
    });

    test("waits if the other differs, and is stored once it says the same", async () => {
      await fill();
      await commit("ecb.TRY", [JUMP]);
      expect(await commit("bdi.TRY", [[LAST, "40"]])).toMatchObject({ accepted: 0, quarantined: 1 });
      expect(await current().countWaiting()).toBe(2);
      const agreed = await commit("bdi.TRY", [[LAST, "48.1"]]);
      expect(agreed).toMatchObject({ accepted: 2, quarantined: 0 });
      expect((await page("ecb.TRY")).observations.at(-1)).toEqual(JUMP);
    });

    test("is confirmed by a cross of two series, and by no other date's", async () => {
      await fill();
      await commit("ecb.TRY", [JUMP]);
      await commit("boc.TRY", [[DAYS[0] as string, "0.03"]]);
      await commit("boc.EUR", [[DAYS[0] as string, "1.452"]]);
      expect(await current().countWaiting()).toBe(1);
      await commit("boc.EUR", [[LAST, "1.452"]]);
      expect(await current().countWaiting()).toBe(1);
      // 1.452 Canadian dollars a euro, 0.03 a lira: 48.4.
      expect(await commit("boc.TRY", [[LAST, "0.03"]])).toMatchObject({ accepted: 2 });
      expect(await current().countWaiting()).toBe(0);
    });
  });

  describe("a board", () => {
    const ecb = { id: "ecb", series: ["ecb.USD", "ecb.JPY", "ecb.GBP"].map((id) => findSeries(id) as Series) };
    const board = () => current().board(ecb);
    const [before, last] = DAYS.slice(-2) as [string, string];

    test("is the newest of each series, whichever instance stored it, and its version grows", async () => {
      expect(await board()).toEqual({ provider: "ecb", version: 0, values: {} });
      await commit("ecb.USD", [[before, "1.1"]]);
      const first = await commit("ecb.JPY", [[last, "156.330"]]);
      const version = first.pages[0]?.version as number;
      expect(await board()).toEqual({
        provider: "ecb",
        version,
        values: { "ecb.USD": [before, "1.1"], "ecb.JPY": [last, "156.330"] },
      });
      const next = await commit("ecb.USD", [[last, "1.11"]]);
      const { values, version: newest } = await board();
      expect([values["ecb.USD"], newest]).toEqual([[last, "1.11"], next.pages[0]?.version]);
      await commit("ecb.USD", [[before, "1.12"]], { batch_id: "revision" });
      expect((await board()).values).toEqual(values);
      expect((await board()).version).toBeGreaterThan(newest);
      await commit("ecb.JPY", [[last, "157"]]);
      expect((await board()).values["ecb.JPY"]).toEqual([last, "157"]);
      expect(isBoard(await board())).toBe(true);
    });

    test("passes over what was withdrawn and what waits", async () => {
      await commit("ecb.USD", flat("1.1"));
      const without = flat("1.1").slice(0, -1);
      const complete = { from: "2023-12-01", to: last };
      for (const minutes of [1, 6])
        await commit("ecb.USD", without, { complete, fetched_at: new Date(NOW_MS + minutes * 60_000).toISOString() });
      expect((await board()).values["ecb.USD"]).toEqual([before, "1.1"]);
      await commit("ecb.USD", [[LAST, "2"]]);
      expect((await board()).values["ecb.USD"]).toEqual([before, "1.1"]);
    });
  });

  describe("readings of several series at once", () => {
    const group = ["ecb.USD", "ecb.JPY", "ecb.GBP"];
    const readings = (values: readonly string[], date = LAST, rest: Partial<SeriesReading> = {}) =>
      group.map((series, index) =>
        readingFor(series, [[date, values[index] as string]], { batch_id: `batch-${series}`, ...rest }),
      );

    test("are judged each by itself, and respond with a page each", async () => {
      await current().commitAll(readings(["1.1", "156", "0.87"], DAYS[10]), NOW_MS);
      const answer = await current().commitAll(readings(["1.11", "1560", "0.8700"]), NOW_MS);
      expect(answer).toMatchObject({ accepted: 2, unchanged: 0, quarantined: 1 });
      expect(answer.pages).toEqual(await Promise.all(group.map((series) => page(series))));
      expect(answer.pages.map(({ waiting }) => waiting)).toEqual([undefined, [LAST], undefined]);
      expect(await current().history("ecb.GBP", LAST)).toMatchObject([{ batchId: "batch-ecb.GBP", value: "0.8700" }]);
      const again = await current().commitAll(readings(["1.11", "1560", "0.87"]), NOW_MS);
      expect(again).toEqual({ ...answer, accepted: 0, unchanged: 2 });
    });

    test("are stored all or none", async () => {
      const [first, second] = readings(["1.1", "156", "0.87"]) as [SeriesReading, SeriesReading];
      const broken = { ...second, batch_id: null as unknown as string };
      await expect(current().commitAll([first, broken], NOW_MS)).rejects.toThrow();
      expect((await page("ecb.USD")).observations).toEqual([]);
      expect(await commit("ecb.USD", [[LAST, "1.2"]])).toMatchObject({ accepted: 1, pages: [await page("ecb.USD")] });
    });
  });
}
