import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Page } from "#core/rates/page.ts";
import { EVENT_TYPES, type LogEvent, type RateEvent } from "#core/wire/events.ts";
import type { SeriesReading } from "#core/wire/internal.ts";
import type { EventQuery } from "../../origin/store/event-log.ts";
import type { Store } from "../../origin/store/store.ts";
import { EUR, NOW_MS, USD, weekdaysOf } from "./data.ts";
import type { StoreUnderTest } from "./store.conformance.ts";
import { readingOf } from "./store-readings.conformance.ts";

/** The part of the conformance suite about the log of events. `current`: an emptied store, whose numbers go on. */
export function describeEvents(current: () => StoreUnderTest): void {
  const store = () => current().store;
  const read = (query: Partial<EventQuery> = {}) =>
    store().events.read({ after: 0, limit: 1_000, types: EVENT_TYPES, ...query });
  const logged = async (): Promise<LogEvent[]> => {
    const events: LogEvent[] = [];
    for (let after = 0; ; ) {
      const page = await read({ after });
      events.push(...page.events);
      if (page.next >= page.latest) return events;
      after = page.next;
    }
  };
  const versions = (events: readonly LogEvent[]) =>
    events.flatMap(({ data }) => ("version" in data ? [data.version] : []));
  /** As the queue has it: what a busy database gives up is committed again. */
  const stored = async (writer: Store, reading: SeriesReading) => {
    while (!(await writer.commit(reading, NOW_MS).catch(() => undefined)));
  };
  const later = (minutes: number) => ({ fetched_at: new Date(NOW_MS + minutes * 60_000).toISOString() });
  const at = "2023-12-29T20:00:00.123Z";
  const about = { series: USD, base: "USD", quote: "MXN", at };

  describe("events", () => {
    test("say what was published, revised and taken back, in order, and what each replaces", async () => {
      await store().commit(
        readingOf([
          ["2023-01-02", "19.50"],
          ["2023-01-03", "19.51"],
        ]),
        NOW_MS,
      );
      await store().commit(readingOf([["2023-01-02", "19.55"]], later(1)), NOW_MS);
      const whole = { complete: { from: "2023-01-01", to: "2023-01-03" } };
      for (const minutes of [2, 7])
        await store().commit(readingOf([["2023-01-02", "19.55"]], { ...later(minutes), ...whole }), NOW_MS);
      await store().commit(readingOf([["2023-01-04", "19.6"]], later(8)), NOW_MS);
      await store().commit(readingOf([["2023-02-10", "19.7"]], later(9)), NOW_MS);
      const all = await logged();
      const said = all.filter(({ type }) => type !== "rate.quarantined") as RateEvent[];
      const [first] = said as [RateEvent];
      expect(first).toEqual({
        seq: first.seq,
        type: "rate.published",
        subject: USD,
        occurred_at: at,
        data: {
          ...about,
          date: "2023-01-02",
          rate: "19.50",
          previous: null,
          version: first.data.version,
          revised: false,
        },
      });
      expect(
        said.map(({ type, data: { date, rate, previous, revised } }) => [type, date, rate, previous, revised]),
      ).toEqual([
        ["rate.published", "2023-01-02", "19.50", null, false],
        ["rate.published", "2023-01-03", "19.51", "19.50", false],
        ["rate.revised", "2023-01-02", "19.55", "19.50", true],
        ["rate.withdrawn", "2023-01-03", null, "19.51", true],
        ["rate.published", "2023-01-04", "19.6", "19.55", false],
        // Further back than a rate is carried.
        ["rate.published", "2023-02-10", "19.7", null, false],
      ]);
      expect(all.find(({ type }) => type === "rate.quarantined")).toMatchObject({
        subject: USD,
        data: { series: USD, date: "2023-01-03", value: "19.51", reason: "withdrawal", at },
      });
      const history = await store().history(USD, "2023-01-03");
      expect(versions(all)).toEqual(expect.arrayContaining(history.map(({ seq }) => seq)));
    });

    test("are written once: the same reading again adds none, nor does a value that goes on waiting", async () => {
      const reading = readingOf([
        ["2023-01-02", "19.5"],
        ["2023-01-03", "0"],
        ["2023-01-04", "90.5"],
      ]);
      await store().commit(reading, NOW_MS);
      const before = await logged();
      expect(before.map(({ type }) => type).sort()).toEqual(["rate.published", "rate.quarantined", "rate.quarantined"]);
      for (let turn = 0; turn < 3; turn++) await store().commit(reading, NOW_MS + turn);
      expect(await logged()).toEqual(before);
    });

    test("tell of what a person released", async () => {
      await store().commit(readingOf([["2023-01-02", "19.5"]]), NOW_MS);
      await store().commit(readingOf([["2023-01-03", "90.5"]], later(1)), NOW_MS);
      await store().release({ series: USD, from: "2023-01-03", to: "2023-01-03" }, NOW_MS);
      expect((await logged()).at(-1)).toMatchObject({
        type: "rate.published",
        data: { date: "2023-01-03", rate: "90.5", previous: "19.5" },
      });
    });

    test("of rows that a release without a log stored come with the next commit of their series", async () => {
      await store().commit(readingOf([["2023-01-02", "19.5"]]), NOW_MS);
      await current().execute(
        `INSERT INTO observations (series_id, date, value, scale, revision, observed_at, batch_id, withdrawn)
         VALUES ('${USD}', '2023-01-03', '19.60000000', 1, 0, '2023-01-03 20:00:00.000', 'old', 0)`,
      );
      await store().commit(readingOf([["2023-01-02", "20.5"]], { series: EUR }), NOW_MS);
      expect(await logged()).toHaveLength(2);
      await store().commit(readingOf([["2023-01-02", "19.5"]], later(1)), NOW_MS);
      const [, , healed, ...rest] = (await logged()) as RateEvent[];
      expect(healed?.data).toMatchObject({ date: "2023-01-03", previous: "19.5", series: USD });
      expect(rest).toEqual([]);
    });

    test("a transaction that fails leaves no number unused, and no observation without an event", async () => {
      await store().commit(readingOf([["2023-01-02", "19.5"]]), NOW_MS);
      const { latest } = await read();
      // Each of these comes after what was written before it; the last one after numbering.
      for (const [table, column] of [
        ["observations", "batch_id"],
        ["event_head", "seq"],
        ["events", "batch_id"],
      ] as const) {
        await current().execute(`ALTER TABLE ${table} RENAME COLUMN ${column} TO gone`);
        await expect(store().commit(readingOf([["2023-01-03", "19.6"]]), NOW_MS)).rejects.toThrow();
        await current().execute(`ALTER TABLE ${table} RENAME COLUMN gone TO ${column}`);
      }
      expect(await store().history(USD, "2023-01-03")).toEqual([]);
      await store().commit(readingOf([["2023-01-03", "19.6"]]), NOW_MS);
      expect((await logged()).map(({ seq }) => seq)).toEqual([latest, latest + 1]);
    });

    test("eight writers at once: who never goes back sees every event, without a gap", async () => {
      const others = await Promise.all(Array.from({ length: 7 }, () => current().openAgain()));
      const writers = [store(), ...others];
      const start = (await read()).latest;
      const days = weekdaysOf(2023).slice(0, 40);
      const seen: LogEvent[] = [];
      let after = start;
      let running = true;
      const follow = async () => {
        const page = await read({ after, limit: 7 });
        seen.push(...page.events);
        after = page.next;
      };
      const polling = (async () => {
        while (running) await follow();
      })();
      await Promise.all(
        writers.map(async (writer, index) => {
          for (const [turn, date] of days.entries())
            if (turn % 8 === index)
              for (const series of [USD, EUR])
                await stored(writer, readingOf([[date, "19.5"]], { series, batch_id: `b${index}` }));
        }),
      );
      running = false;
      await polling;
      for (let before = -1; before !== after; ) {
        before = after;
        await follow();
      }
      expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: 80 }, (_, index) => start + index + 1));
      expect(new Set(versions(seen)).size).toBe(80);
      for (const other of others) if (other !== store()) await other.close();
    });

    test("after any readings each observation has one event, and the newest of a date is its value", async () => {
      const days = weekdaysOf(2023).slice(0, 6);
      const reading = fc.array(fc.tuple(fc.constantFrom(...days), fc.constantFrom("19.5", "19.6", "90", "0")), {
        maxLength: 6,
      });
      await fc.assert(
        fc.asyncProperty(fc.array(reading, { minLength: 1, maxLength: 6 }), async (readings) => {
          for (const table of ["observations", "quarantine", "events"]) await current().execute(`DELETE FROM ${table}`);
          for (const [turn, values] of readings.entries())
            await store().commit(readingOf([...new Map(values)], later(turn * 61)), NOW_MS);
          const events = (await logged()).filter(({ type }) => type !== "rate.quarantined") as RateEvent[];
          const rows = (await Promise.all(days.map((date) => store().history(USD, date)))).flat();
          expect(versions(events).sort()).toEqual(rows.map(({ seq }) => seq).sort());
          const newest = new Map(events.map(({ data }) => [data.date, data.rate]));
          const [page] = (await store().pages(USD, 2023, 2023)) as [Page];
          expect(page.observations).toEqual([...newest].filter(([, rate]) => rate !== null).sort());
        }),
        { numRuns: 25 },
      );
    });
  });

  describe("reading the log", () => {
    test("in parts, by type, series and provider; next is where to go on even if nothing matched", async () => {
      const days = weekdaysOf(2023).slice(0, 5);
      await store().commit(readingOf(days.map((date) => [date, "19.5"])), NOW_MS);
      await store().commit(readingOf([["2023-01-02", "20.5"]], { series: EUR }), NOW_MS);
      const all = await logged();
      const first = all[0]?.seq as number;
      const two = await read({ after: first - 1, limit: 2 });
      expect(two).toEqual({ events: all.slice(0, 2), next: first + 1, latest: first + 5 });
      expect(await read({ after: first + 1 })).toMatchObject({ events: all.slice(2), next: first + 5 });
      expect(await read({ after: first + 5 })).toEqual({ events: [], next: first + 5, latest: first + 5 });
      expect((await read({ after: first, series: [EUR] })).events).toEqual(all.slice(5));
      expect((await read({ after: first - 1, providers: ["banxico"] })).events).toEqual(all);
      for (const filter of [{ providers: ["ecb"] }, { providers: [] }, { types: ["rate.withdrawn"] as const }])
        expect(await read({ after: first, ...filter })).toMatchObject({ events: [], next: first + 5 });
      // Of a reader who has seen more than there is, as after a restore.
      expect(await read({ after: first + 90 })).toMatchObject({ events: [], next: first + 5 });
    });

    test("numbers go on far above after a restore, and a reader gets past the gap at once", async () => {
      await store().commit(readingOf([["2023-01-02", "19.5"]]), NOW_MS);
      const { latest } = await read();
      await store().declareRestored(undefined);
      await store().commit(readingOf([["2023-01-03", "19.6"]]), NOW_MS);
      const gap = await read({ after: latest });
      expect(gap.events).toEqual([]);
      const page = await read({ after: gap.next });
      expect(page.events).toMatchObject([{ data: { date: "2023-01-03" } }]);
      expect(page.latest).toBeGreaterThan(latest + 999_999);
    });
  });

  describe("cursors", () => {
    test("move only from where their consumer found them, so that a replay is not undone", async () => {
      const { events } = store();
      expect(await events.cursor("hub")).toBe(0);
      expect(await events.moveCursor("hub", 0, 40, NOW_MS)).toBe(40);
      expect(await events.moveCursor("hub", 0, 20, NOW_MS)).toBe(40);
      await events.setCursor("hub", 10, NOW_MS + 5);
      expect(await events.moveCursor("hub", 40, 50, NOW_MS)).toBe(10);
      expect(await events.cursor("alerts")).toBe(0);
      expect((await events.lag()).cursors).toEqual([
        { consumer: "hub", seq: 10, movedAt: new Date(NOW_MS + 5).toISOString() },
      ]);
    });
  });
}
