import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isPage, type Page } from "#core/rates/page.ts";
import { commitBatch } from "../../origin/routes/old-batches.ts";
import type { Store } from "../../origin/store/store.ts";
import { batchOf, EUR, IDS, NOW_MS, USD, type Value, weekdaysOf } from "./data.ts";
import { describeAccounts } from "./store-accounts.conformance.ts";
import { describeAlerts } from "./store-alerts.conformance.ts";
import { describeArchive } from "./store-archive.conformance.ts";
import { describeClaims } from "./store-claims.conformance.ts";
import { describeCooldowns } from "./store-cooldowns.conformance.ts";
import { describeCrossings } from "./store-crossings.conformance.ts";
import { describeDeliveries } from "./store-deliveries.conformance.ts";
import { describeEvents } from "./store-events.conformance.ts";
import { describeMarks } from "./store-marks.conformance.ts";
import { describeProviders } from "./store-providers.conformance.ts";
import { describeReadings } from "./store-readings.conformance.ts";
import { describeRecord } from "./store-record.conformance.ts";
import { describeTables } from "./store-tables.conformance.ts";
import { describeTicks } from "./store-ticks.conformance.ts";

/** What the suite needs of a driver. */
export interface StoreUnderTest {
  /** A second connection to the same database, or the same store where there can be only one. */
  openAgain: () => Promise<Store>;
  store: Store;
  /** Statements past the store, e.g. to empty tables between tests. */
  execute: (sql: string) => Promise<unknown>;
  close: () => Promise<void>;
  /** Whether decimals are kept as text, scale and all. */
  isEmbedded?: boolean;
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
    for (const table of ["observations", "quarantine", "ingest_runs", "events", "event_cursors"])
      await under.execute(`DELETE FROM ${table}`);
    await under.execute("DELETE FROM store_meta WHERE name = 'seq_floor'");
  });
  afterAll(() => under.close());

  const commit = (values: readonly Value[], batchId?: string) => commitBatch(store, batchOf(values, batchId), NOW_MS);
  const page = async (year: number, series = USD) => (await store.pages(series, year, year))[0] as Page;

  describe("values", () => {
    test("come back digit for digit", async () => {
      const values: Value[] = [
        ["2023-01-02", "19"],
        ["2023-01-03", "19.1"],
        ["2023-01-04", "19.10"],
        ["2023-01-05", "19.0000"],
        ["2023-01-06", "19.12345678"],
        ["2023-01-09", "20.00000000"],
        ["2023-01-10", "20.12345678901234"],
        ["2023-01-11", "20.10000000000000"],
      ];
      expect(await commit(values)).toMatchObject({ accepted: 8, quarantined: 0 });
      expect((await page(2023)).observations).toEqual(values);
      expect(await store.history(USD, "2023-01-10")).toMatchObject([{ value: "20.12345678901234" }]);
    });

    test("are exact at both ends of what can be stored", async () => {
      expect(await commit([["2023-01-02", "999999999999.99999999999999"]])).toMatchObject({ accepted: 1 });
      expect(await commit([["2023-01-02", "0.00000000000001", EUR]])).toMatchObject({ accepted: 1 });
      expect((await page(2023)).observations).toEqual([["2023-01-02", "999999999999.99999999999999"]]);
      expect((await page(2023, EUR)).observations).toEqual([["2023-01-02", "0.00000000000001"]]);
    });

    test("with more digits than can be stored are refused, not rounded", async () => {
      const commitment = await commit([
        ["2023-01-02", "19.123456789012345"],
        ["2023-01-03", "1234567890123"],
      ]);
      expect(commitment).toMatchObject({ accepted: 0, quarantined: 2 });
      expect((await store.quarantined(9)).map(({ reason }) => reason)).toEqual(["not_storable", "not_storable"]);
    });

    test("any decimal that fits comes back as it went in", async () => {
      const digits = (least: number, most: number) =>
        fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: least, maxLength: most });
      const decimal = fc
        .tuple(fc.constantFrom(..."123456789"), digits(0, 11), digits(0, 14))
        .map(([first, whole, fraction]) => `${first}${whole}${fraction === "" ? "" : `.${fraction}`}`);
      await fc.assert(
        fc.asyncProperty(decimal, async (value) => {
          await under.execute("DELETE FROM observations");
          await commit([["2023-01-02", value]]);
          expect((await page(2023)).observations).toEqual([["2023-01-02", value]]);
        }),
        { numRuns: 60 },
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
      await commitBatch(store, batchOf([["2023-05-31", "17.6"]], "later"), NOW_MS + 1_000);
      expect(await page(2023)).toMatchObject({
        observations: [
          ["2023-05-31", "17.6"],
          ["2023-06-01", "17.7"],
        ],
        updated_at: "2023-12-29T20:00:01.123Z",
      });
    });

    test("versions are theirs, by series and year", async () => {
      expect(await store.versions(IDS)).toEqual({});
      const { pages } = await commit([
        ["2022-12-30", "19.4"],
        ["2023-01-02", "19.5"],
        ["2023-01-02", "20.5", EUR],
      ]);
      const [usd2022, usd2023, eur2023] = pages as [Page, Page, Page];
      expect(await store.versions(IDS)).toEqual({
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
        Array.from({ length: 8 }, (_, index) => commitBatch(index % 2 ? other : store, batchOf(values), NOW_MS)),
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
          commitBatch(index % 2 ? other : store, batchOf([[date, "19.5"]], `batch-${index}`), NOW_MS),
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
          return commitBatch(store, batchOf(index % 2 ? values : values.reverse(), `batch-${index}`), NOW_MS);
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
      await expect(commitBatch(store, broken, NOW_MS)).rejects.toThrow();
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
      const answer = await commitBatch(
        store,
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

  describeRecord(() => store);
  describeArchive(() => store);
  describeReadings(() => store);
  describeMarks(() => store);
  describeProviders(() => store);
  describeTables(() => under);
  describeEvents(() => under);
  describeAccounts(() => store);
  describeAlerts(() => store);
  describeCooldowns(() => store);
  describeCrossings(() => store);
  describeDeliveries(() => store);
  describeClaims(() => store);
  describeTicks(
    () => store,
    () => under.openAgain(),
  );
}
