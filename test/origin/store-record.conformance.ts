import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPage, type Page } from "#core/rates/page.ts";
import type { Batch } from "#core/wire/internal.ts";
import { commitBatch } from "../../origin/routes/old-batches.ts";
import type { Store } from "../../origin/store/store.ts";
import { batchOf, EUR, NOW_MS, USD, type Value } from "./data.ts";

/** The part of the conformance suite about what is kept beside the current values. `current`: an emptied store. */
export function describeRecord(current: () => Store): void {
  const commit = (values: readonly Value[], batchId?: string) =>
    commitBatch(current(), batchOf(values, batchId), NOW_MS);
  const page = async (year: number, series = USD) => (await current().pages(series, year, year))[0] as Page;

  describe("revisions", () => {
    test("a new value is served, and the old one stays on record", async () => {
      const first = await commit([["2023-01-02", "19.5"]]);
      const second = await commitBatch(current(), batchOf([["2023-01-02", "19.6"]], "batch-2"), NOW_MS + 60_000);
      const third = await commitBatch(
        current(),
        batchOf([["2023-01-02", "19.60"]], "batch-3", NOW_MS + 60_000),
        NOW_MS + 120_000,
      );
      expect([second.revised, third.revised, third.unchanged]).toEqual([1, 0, 1]);
      expect((await page(2023)).observations).toEqual([["2023-01-02", "19.6"]]);
      expect(await current().history(USD, "2023-01-02")).toMatchObject([
        { revision: 0, value: "19.5", batchId: "batch-1", observedAt: "2023-12-29T20:00:00.123Z" },
        { revision: 1, value: "19.6", batchId: "batch-2", observedAt: "2023-12-29T20:01:00.123Z" },
      ]);
      const versions = [first, second, third].map(({ pages }) => (pages[0] as Page).version);
      expect(versions[1]).toBeGreaterThan(versions[0] as number);
      expect(versions[2]).toBe(versions[1]);
    });

    test("what was fetched before the current value was stored does not bring an old value back", async () => {
      await commitBatch(current(), batchOf([["2023-01-02", "19.6"]], "newer", NOW_MS + 1_000), NOW_MS + 2_000);
      const late = batchOf(
        [
          ["2023-01-02", "19.5"],
          ["2023-01-03", "19.7"],
        ],
        "older",
        NOW_MS,
      );
      expect(await commitBatch(current(), late, NOW_MS + 3_000)).toMatchObject({
        accepted: 1,
        unchanged: 0,
        revised: 0,
      });
      expect((await page(2023)).observations).toEqual([
        ["2023-01-02", "19.6"],
        ["2023-01-03", "19.7"],
      ]);
    });

    test("what was stored under a clock that ran ahead does not keep revisions out", async () => {
      await commitBatch(current(), batchOf([["2023-01-02", "19.5"]]), NOW_MS + 365 * 86_400_000);
      const revision = batchOf([["2023-01-02", "19.6"]], "batch-2", NOW_MS);
      expect(await commitBatch(current(), revision, NOW_MS + 1_000)).toMatchObject({ revised: 1 });
    });

    test("a value that returns to what it was is a revision too", async () => {
      for (const value of ["19.5", "19.6", "19.5"]) await commit([["2023-01-02", value]]);
      expect((await current().history(USD, "2023-01-02")).map(({ value }) => value)).toEqual(["19.5", "19.6", "19.5"]);
    });
  });

  describe("quarantine", () => {
    test("what fails review is kept aside, once, and the rest is stored", async () => {
      const values: Value[] = [
        ["2023-12-26", "17"],
        ["2023-12-27", "0"],
        ["2023-12-28", "N/E"],
        ["2023-12-23", "17"],
        ["2024-01-02", "17"],
        ["2023-12-29", "170"],
        ["2023-12-28", "17", "banxico.SF99999"],
      ];
      for (let time = 0; time < 2; time++) expect(await commit(values)).toMatchObject({ quarantined: 6 });
      expect((await page(2023)).observations).toEqual([["2023-12-26", "17"]]);
      const reasons = (await current().quarantined(20)).map(({ date, reason }) => `${date} ${reason}`).sort();
      expect(reasons).toEqual([
        "2023-12-23 on_a_weekend",
        "2023-12-27 not_a_rate",
        "2023-12-28 not_a_rate",
        "2023-12-28 unknown_series",
        "2023-12-29 implausible_jump",
        "2024-01-02 in_the_future",
      ]);
    });

    test("a jump is seen over New Year, within a batch and in a revision", async () => {
      await commit([["2022-12-30", "19.5"]]);
      expect(await commit([["2023-01-02", "22.5"]])).toMatchObject({ accepted: 0, quarantined: 1 });
      const within: Value[] = [
        ["2023-01-03", "19.6"],
        ["2023-01-04", "1.96"],
        ["2023-01-05", "19.7"],
      ];
      expect(await commit(within)).toMatchObject({ accepted: 2, quarantined: 1 });
      expect(await commit([["2023-01-05", "197"]])).toMatchObject({ revised: 0, quarantined: 1 });
      expect((await page(2023)).observations).toEqual([
        ["2023-01-03", "19.6"],
        ["2023-01-05", "19.7"],
      ]);
    });

    test("the moves of the crisis of 1994 and 1995 pass", async () => {
      const values: Value[] = [
        ["1994-12-19", "3.4662"],
        ["1994-12-20", "3.9750"],
        ["1994-12-21", "3.9950"],
        ["1994-12-22", "4.7000"],
        ["1994-12-23", "4.7250"],
        ["1994-12-26", "4.8250"],
        ["1994-12-27", "5.7625"],
      ];
      expect(await commit(values)).toMatchObject({ accepted: 7, quarantined: 0 });
    });

    test("two values for one date: neither is taken, in either order", async () => {
      const values: Value[] = [
        ["2023-01-02", "19.5"],
        ["2023-01-02", "19.6"],
        ["2023-01-03", "19.7"],
        ["2023-01-03", "19.7"],
      ];
      expect(await commit(values)).toMatchObject({ accepted: 1, quarantined: 2 });
      expect(await commit(values.reverse())).toMatchObject({ accepted: 0, unchanged: 1, quarantined: 2 });
      expect((await page(2023)).observations).toEqual([["2023-01-03", "19.7"]]);
    });
  });

  test("runs are recorded once, newest first", async () => {
    const run = {
      run_id: "run-1",
      provider: "banxico" as const,
      kind: "latest" as const,
      started_at: "2023-12-29T18:00:00.000Z",
      ended_at: "2023-12-29T18:00:01.250Z",
      outcome: "failed" as const,
      requests: 1,
      observations: 0,
      queued: 0,
      error: "it's \\ down",
    };
    const later = { ...run, run_id: "run-2", started_at: "2023-12-29T18:05:00.000Z", error: null };
    for (const each of [run, later, run]) await current().recordRun(each);
    expect(await current().runs(9)).toEqual([later, run]);
    expect(await current().runs(1)).toEqual([later]);
  });

  test("anything that the contract lets in is stored or set aside, and the second time changes nothing", async () => {
    const observation = fc.record({
      series: fc.constantFrom(USD, EUR, "x.Y"),
      date: fc
        .date({ min: new Date("1991-01-01"), max: new Date("2024-06-01"), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
      value: fc.oneof(fc.string({ minLength: 1, maxLength: 32 }), fc.constantFrom("19.5", "1e5", "-1", "0.0", "19.50")),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(observation, { minLength: 1, maxLength: 40 }), async (observations) => {
        const batch: Batch = { ...batchOf([]), observations };
        const first = await commitBatch(current(), batch, NOW_MS);
        expect(first.pages.every(isPage)).toBe(true);
        const again = await commitBatch(current(), batch, NOW_MS);
        expect(again).toMatchObject({ accepted: 0, revised: 0, pages: first.pages });
      }),
      { numRuns: 25 },
    );
  });
}
