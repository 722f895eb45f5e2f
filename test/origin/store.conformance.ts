import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Batch } from "#core/internal.ts";
import { isPage, type Page } from "#core/page.ts";
import type { Store } from "../../origin/store/store.ts";

/** What the suite needs of a driver. */
export interface StoreUnderTest {
  /** A second connection to the same database, or the same store where there can be only one. */
  openAgain: () => Promise<Store>;
  store: Store;
  /** Statements past the store, e.g. to empty tables between tests. */
  execute: (sql: string) => Promise<unknown>;
  close: () => Promise<void>;
}

export const USD = "banxico.SF43718";
export const EUR = "banxico.SF46410";
export const NOW_MS = Date.parse("2023-12-29T20:00:00.123Z");

export type Value = [date: string, value: string, series?: string];

export function batchOf(values: readonly Value[], batchId = "batch-1"): Batch {
  return {
    batch_id: batchId,
    provider: "banxico",
    fetched_at: "2023-12-29T20:00:00Z",
    observations: values.map(([date, value, series = USD]) => ({ series, date, value })),
  };
}

/** The weekdays of a year. */
export function weekdaysOf(year: number): string[] {
  const days: string[] = [];
  for (let ms = Date.UTC(year, 0, 1); ms < Date.UTC(year + 1, 0, 1); ms += 86_400_000) {
    const weekday = new Date(ms).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days.push(new Date(ms).toISOString().slice(0, 10));
  }
  return days;
}

/** What every store must do, whatever is behind it. */
export function describeStore(open: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest;
  let store: Store;

  beforeAll(async () => {
    under = await open();
    store = under.store;
    await store.migrate();
  });
  beforeEach(async () => {
    for (const table of ["observations", "quarantine", "ingest_runs"]) await under.execute(`DELETE FROM ${table}`);
  });
  afterAll(() => under.close());

  const commit = (values: readonly Value[], batchId?: string) => store.commit(batchOf(values, batchId), NOW_MS);
  const page = async (year: number, series = USD) => (await store.pages(series, year, year))[0] as Page;

  describe("tables", () => {
    test("migrating again, or twice at once, changes nothing", async () => {
      await commit([["2023-12-29", "16.9190"]]);
      await Promise.all([store.migrate(), store.migrate()]);
      expect((await page(2023)).observations).toEqual([["2023-12-29", "16.9190"]]);
      await store.ping();
    });

    test("the series of the registry are in the database", async () => {
      await under.execute("DELETE FROM series");
      await expect(commit([["2023-12-29", "16.9190"]])).resolves.toMatchObject({ accepted: 1 });
      await store.migrate();
    });
  });

  describe("values", () => {
    test("come back digit for digit", async () => {
      const values: Value[] = [
        ["2023-01-02", "19"],
        ["2023-01-03", "19.1"],
        ["2023-01-04", "19.10"],
        ["2023-01-05", "19.0000"],
        ["2023-01-06", "19.12345678"],
        ["2023-01-09", "20.00000000"],
      ];
      expect(await commit(values)).toMatchObject({ accepted: 6, quarantined: 0 });
      expect((await page(2023)).observations).toEqual(values);
    });

    test("are exact at both ends of what can be stored", async () => {
      expect(await commit([["2023-01-02", "999999999999.99999999"]])).toMatchObject({ accepted: 1 });
      expect(await commit([["2023-01-02", "0.00000001", EUR]])).toMatchObject({ accepted: 1 });
      expect((await page(2023)).observations).toEqual([["2023-01-02", "999999999999.99999999"]]);
      expect((await page(2023, EUR)).observations).toEqual([["2023-01-02", "0.00000001"]]);
    });

    test("with more digits than can be stored are refused, not rounded", async () => {
      const commitment = await commit([
        ["2023-01-02", "19.123456789"],
        ["2023-01-03", "1234567890123"],
      ]);
      expect(commitment).toMatchObject({ accepted: 0, quarantined: 2 });
      expect((await store.quarantined(9)).map(({ reason }) => reason)).toEqual(["not_storable", "not_storable"]);
    });

    test("any decimal that fits comes back as it went in", async () => {
      const digits = (least: number, most: number) =>
        fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: least, maxLength: most });
      const decimal = fc
        .tuple(fc.constantFrom(..."123456789"), digits(0, 11), digits(0, 8))
        .map(([first, whole, fraction]) => `${first}${whole}${fraction === "" ? "" : `.${fraction}`}`);
      const days = weekdaysOf(1995);
      const series = fc.uniqueArray(decimal, { minLength: 30, maxLength: 30 });
      await fc.assert(
        fc.asyncProperty(series, async (values) => {
          await under.execute("DELETE FROM observations");
          const observations = values.map((value, index): Value => [days[index] as string, value]);
          await commit(observations);
          expect((await page(1995)).observations).toEqual(observations);
        }),
        { numRuns: 10 },
      );
    });
  });

  describe("pages", () => {
    test("there is one for each year asked for, empty where there is no data", async () => {
      await commit([
        ["2021-12-31", "20.5"],
        ["2023-01-02", "19.5"],
      ]);
      const pages = await store.pages(USD, 2020, 2024);
      expect(pages.map(({ year, observations }) => [year, observations.length])).toEqual([
        [2020, 0],
        [2021, 1],
        [2022, 0],
        [2023, 1],
        [2024, 0],
      ]);
      expect(pages.every(isPage)).toBe(true);
      expect(pages[0]).toEqual({ series: USD, year: 2020, version: 0, updated_at: null, observations: [] });
      expect(await store.pages("banxico.NONE", 2023, 2023)).toHaveLength(1);
    });

    test("ascend by date, whatever the order of commits, and say when they were stored", async () => {
      await commit([["2023-06-01", "17.7"]]);
      await store.commit(batchOf([["2023-05-31", "17.6"]], "later"), NOW_MS + 1_000);
      expect(await page(2023)).toMatchObject({
        observations: [
          ["2023-05-31", "17.6"],
          ["2023-06-01", "17.7"],
        ],
        updated_at: "2023-12-29T20:00:01.123Z",
      });
    });

    test("versions are theirs, by series and year", async () => {
      expect(await store.versions()).toEqual({});
      const { pages } = await commit([
        ["2022-12-30", "19.4"],
        ["2023-01-02", "19.5"],
        ["2023-01-02", "20.5", EUR],
      ]);
      const [usd2022, usd2023, eur2023] = pages as [Page, Page, Page];
      expect(await store.versions()).toEqual({
        [USD]: { 2022: usd2022.version, 2023: usd2023.version },
        [EUR]: { 2023: eur2023.version },
      });
    });
  });

  describe("commits", () => {
    test("answer with every page they touch, changed or not", async () => {
      await commit([["2022-12-30", "19.4"]]);
      const answer = await commit([
        ["2022-12-30", "19.4"],
        ["2023-01-02", "19.5"],
        ["2023-01-03", "0"],
        ["2023-01-02", "20.5", EUR],
      ]);
      expect(answer).toMatchObject({ accepted: 2, unchanged: 1, revised: 0, quarantined: 1 });
      expect(answer.pages).toEqual([await page(2022), await page(2023), await page(2023, EUR)]);
    });

    test("the same batch again changes nothing", async () => {
      const values = weekdaysOf(2022).map((date, index): Value => [date, `19.${String(index).padStart(4, "0")}`]);
      const first = await commit(values);
      const again = await commit(values);
      expect(again).toEqual({ accepted: 0, unchanged: 260, revised: 0, quarantined: 0, pages: first.pages });
    });

    test("the same batch many times at once is stored once", async () => {
      const values = weekdaysOf(2022).map((date): Value => [date, "19.5"]);
      const other = await under.openAgain();
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => (index % 2 ? other : store).commit(batchOf(values), NOW_MS)),
      );
      expect(answers.map(({ accepted }) => accepted).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 260]);
      expect(new Set(answers.map(({ pages }) => JSON.stringify(pages))).size).toBe(1);
      if (other !== store) await other.close();
    });

    test("concurrent commits: a page's version never goes back, and a changed page has a new one", async () => {
      const other = await under.openAgain();
      const days = weekdaysOf(2022).slice(0, 40);
      const seen: Page[] = [];
      let running = true;
      const watching = (async () => {
        while (running) seen.push(await page(2022));
      })();
      await Promise.all(
        days.map((date, index) =>
          (index % 2 ? other : store).commit(batchOf([[date, "19.5"]], `batch-${index}`), NOW_MS),
        ),
      );
      running = false;
      await watching;
      seen.push(await page(2022));
      expect(seen.at(-1)?.observations).toHaveLength(40);
      for (const [index, now] of seen.entries()) {
        const before = seen[index - 1];
        if (!before) continue;
        expect(now.version).toBeGreaterThanOrEqual(before.version);
        expect(now.observations.length).toBeGreaterThanOrEqual(before.observations.length);
        if (now.version === before.version) expect(now).toEqual(before);
      }
      if (other !== store) await other.close();
    });

    test("batches of several series, in opposite orders at once, do not lock each other out", async () => {
      const days = weekdaysOf(2022).slice(0, 20);
      const answers = await Promise.all(
        days.map((date, index) => {
          const values: Value[] = [
            [date, "19.5", USD],
            [date, "20.5", EUR],
          ];
          return store.commit(batchOf(index % 2 ? values : values.reverse(), `batch-${index}`), NOW_MS);
        }),
      );
      expect(answers.every(({ accepted }) => accepted === 2)).toBe(true);
    });

    test("are whole or not at all", async () => {
      await commit([["2023-01-02", "19.5"]]);
      const before = await page(2023);
      const broken = batchOf([
        ["2023-01-03", "19.6"],
        ["2023-01-04", "0"],
      ]);
      // Only the store can tell that it has no such column value; the first insert has been made by then.
      broken.batch_id = null as unknown as string;
      await expect(store.commit(broken, NOW_MS)).rejects.toThrow();
      expect(await page(2023)).toEqual(before);
      expect(await store.quarantined(9)).toEqual([]);
      expect(await commit([["2023-01-03", "19.6"]])).toMatchObject({ accepted: 1 });
    });

    test("a thousand observations of several years", async () => {
      const days = [2019, 2020, 2021, 2022].flatMap(weekdaysOf).slice(0, 1_000);
      const answer = await commit(days.map((date, index): Value => [date, (19 + index / 10_000).toFixed(4)]));
      expect(answer).toMatchObject({ accepted: 1_000, quarantined: 0 });
      expect(answer.pages.map(({ year }) => year)).toEqual([2019, 2020, 2021, 2022]);
    });

    test("text is data, whatever it says", async () => {
      const nasty = `'; DROP TABLE observations; -- \\' " ? ? 💱 %s \u0000`;
      const answer = await store.commit(
        batchOf(
          [
            ["2023-01-02", "19.5"],
            ["2023-01-03", `1' OR '1'='1`],
            ["2023-01-04", "'; DELETE FROM series; --\\"],
            ["2023-01-05", "19.6", `x'; DROP TABLE series; --`],
          ],
          nasty,
        ),
        NOW_MS,
      );
      expect(answer).toMatchObject({ accepted: 1, quarantined: 3 });
      expect(await store.history(USD, "2023-01-02")).toMatchObject([{ batchId: nasty }]);
      const [third, second, first] = await store.quarantined(9);
      expect([first?.value, second?.value, third?.series]).toEqual([
        `1' OR '1'='1`,
        "'; DELETE FROM series; --\\",
        `x'; DROP TABLE series; --`,
      ]);
      expect(await store.pages(`' OR 1=1 --`, 2023, 2023)).toMatchObject([{ observations: [] }]);
    });
  });

  describe("revisions", () => {
    test("a new value is served, and the old one stays on record", async () => {
      const first = await commit([["2023-01-02", "19.5"]]);
      const second = await store.commit(batchOf([["2023-01-02", "19.6"]], "batch-2"), NOW_MS + 60_000);
      const third = await commit([["2023-01-02", "19.60"]], "batch-3");
      expect([second.revised, third.revised]).toEqual([1, 1]);
      expect((await page(2023)).observations).toEqual([["2023-01-02", "19.60"]]);
      expect(await store.history(USD, "2023-01-02")).toMatchObject([
        { revision: 0, value: "19.5", batchId: "batch-1", observedAt: "2023-12-29T20:00:00.123Z" },
        { revision: 1, value: "19.6", batchId: "batch-2", observedAt: "2023-12-29T20:01:00.123Z" },
        { revision: 2, value: "19.60", batchId: "batch-3" },
      ]);
      const versions = [first, second, third].map(({ pages }) => (pages[0] as Page).version);
      expect([...versions].sort((a, b) => a - b)).toEqual(versions);
      expect(new Set(versions).size).toBe(3);
    });

    test("a value that returns to what it was is a revision too", async () => {
      for (const value of ["19.5", "19.6", "19.5"]) await commit([["2023-01-02", value]]);
      expect((await store.history(USD, "2023-01-02")).map(({ value }) => value)).toEqual(["19.5", "19.6", "19.5"]);
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
      const reasons = (await store.quarantined(20)).map(({ date, reason }) => `${date} ${reason}`).sort();
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

    test("what a person releases is stored when it comes again", async () => {
      await commit([["2023-01-02", "19.5"]]);
      const jump = { series: USD, date: "2023-01-03", value: "25" };
      await commit([["2023-01-03", "25"]]);
      expect(await store.release({ ...jump, value: "26" }, NOW_MS)).toBe(false);
      expect(await store.release(jump, NOW_MS)).toBe(true);
      expect(await store.quarantined(9)).toEqual([]);
      expect(await commit([["2023-01-03", "26"]])).toMatchObject({ quarantined: 1 });
      expect(await commit([["2023-01-03", "25"]])).toMatchObject({ accepted: 1 });
      expect(await commit([["2023-01-04", "25.1"]])).toMatchObject({ accepted: 1 });
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
    for (const each of [run, later, run]) await store.recordRun(each);
    expect(await store.runs(9)).toEqual([later, run]);
    expect(await store.runs(1)).toEqual([later]);
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
        const first = await store.commit(batch, NOW_MS);
        expect(first.pages.every(isPage)).toBe(true);
        const again = await store.commit(batch, NOW_MS);
        expect(again).toMatchObject({ accepted: 0, revised: 0, pages: first.pages });
      }),
      { numRuns: 25 },
    );
  });
}
