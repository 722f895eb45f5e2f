import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBankDay, mexicoCityDate, publicationMs } from "#core/calendar.ts";
import {
  announcedDate,
  begin,
  due,
  FIX,
  type Outcome,
  type ReadingTask,
  reconcileWindow,
  type ScheduleState,
  settle,
} from "#core/schedule.ts";
import { SERIES } from "#core/series.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAYS = 5;
const at = (text: string) => Date.parse(text);
const ids = SERIES.map(({ id }) => id);
const newest = (date: string) => Object.fromEntries(ids.map((id) => [id, date]));

/** A Thursday evening in Mexico City; all is stored, and was reconciled within the hour. */
function calm(nowMs: number, changes: Partial<ScheduleState> = {}): ScheduleState {
  return {
    empty: [],
    unknown: [],
    newest: newest(announcedDate(nowMs)),
    attemptMs: { reconcile: nowMs - 10 * MINUTE_MS },
    historyMs: {},
    auditDueMs: nowMs + 20 * HOUR_MS,
    auditMisses: 0,
    republishedMs: nowMs - 10 * MINUTE_MS,
    ...changes,
  };
}

const kinds = (nowMs: number, state: ScheduleState) => due(nowMs, state).map(({ kind }) => kind);

describe("what is due", () => {
  const evening = at("2023-12-29T01:00:00Z");

  test("nothing, where all is stored and was looked at within the hour", () => {
    expect(kinds(evening, calm(evening))).toEqual([]);
  });

  test("a reconcile and a comparison with Redis every hour, to the minute and not the millisecond", () => {
    const state = calm(evening, {
      attemptMs: { reconcile: evening - HOUR_MS + 900 },
      republishedMs: evening - HOUR_MS,
    });
    expect(kinds(evening, state)).toEqual(["republish", "reconcile"]);
  });

  test("from noon every minute for ninety minutes, then every five, until the FIX is stored", () => {
    const noon = publicationMs("2023-12-29");
    const state = calm(noon - MINUTE_MS, { attemptMs: { reconcile: noon - 30 * MINUTE_MS, latest: noon - MINUTE_MS } });
    expect(kinds(noon - MINUTE_MS, state)).toEqual([]);
    expect(kinds(noon, state)).toEqual(["latest"]);
    expect(kinds(noon, { ...state, newest: newest("2023-12-29") })).toEqual([]);
    const late = noon + 95 * MINUTE_MS;
    const attempted = (ago: number) => ({ reconcile: late - 40 * MINUTE_MS, latest: late - ago * MINUTE_MS });
    expect(kinds(late, { ...state, attemptMs: attempted(4), republishedMs: late })).toEqual([]);
    expect(kinds(late, { ...state, attemptMs: attempted(5), republishedMs: late })).toEqual(["latest"]);
  });

  test("where only other series are missing every five minutes do", () => {
    const noon = publicationMs("2023-12-29");
    const state = calm(noon, { newest: { ...newest("2023-12-28"), [FIX]: "2023-12-29" } });
    const attempted = (ago: number) => ({ ...state, attemptMs: { reconcile: noon - ago * MINUTE_MS } });
    expect(kinds(noon, attempted(4))).toEqual([]);
    expect(kinds(noon, attempted(5))).toEqual(["latest"]);
  });

  test("no FIX is waited for on a holiday", () => {
    const noon = publicationMs("2024-01-01");
    expect(kinds(noon + HOUR_MS, calm(noon + HOUR_MS, { newest: newest("2023-12-29") }))).toEqual([]);
  });

  test("the whole history of a series without data, at once", () => {
    const tasks = due(evening, calm(evening, { empty: [ids[1] as string] }));
    expect(tasks).toEqual([{ kind: "history", series: [ids[1]] }]);
    const read = calm(evening, { empty: [ids[1] as string], historyMs: { [ids[1] as string]: evening - HOUR_MS } });
    expect(due(evening, read)).toEqual([]);
  });

  test("nothing of a series of which nobody knows whether it has data", () => {
    const state = calm(evening, { unknown: ids, newest: {}, attemptMs: {} });
    expect(kinds(evening, state)).toEqual([]);
  });

  test("after a rate limit nothing until its reset, then what is overdue", () => {
    const state = calm(evening, { attemptMs: {}, blockedUntilMs: evening + 1 });
    expect(kinds(evening, state)).toEqual([]);
    expect(kinds(evening + 1, state)).toEqual(["reconcile"]);
  });

  test("a clock that was set back a year stops nothing", () => {
    const ahead = evening + 365 * 24 * HOUR_MS;
    const state = calm(evening, {
      attemptMs: { reconcile: ahead },
      blockedUntilMs: ahead,
      auditDueMs: ahead,
      republishedMs: ahead,
    });
    expect(kinds(evening, state)).toEqual(["republish", "reconcile", "audit"]);
  });

  test("with nothing remembered one reading in five minutes, by the clock alone", () => {
    const blind = (minute: number, empty: string[] = [], unknown: string[] = []) =>
      due(at("2023-12-29T01:00:00Z") + minute * MINUTE_MS, { blind: true, empty, unknown });
    const counts = Array.from({ length: 60 }, (_, minute) => blind(minute).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(12);
    expect(blind(0, ids)).toEqual([{ kind: "history", series: ids }]);
    expect(blind(0, [], ids)).toEqual([]);
  });
});

describe("after a reading", () => {
  const nowMs = at("2023-12-29T16:00:00Z");
  const reconcile: ReadingTask = { kind: "reconcile", series: ids };
  const audit: ReadingTask = { kind: "audit", series: ids };

  test("one that did not come to pass is due again", () => {
    const state = calm(nowMs, { attemptMs: {} });
    expect(kinds(nowMs, begin(state, reconcile, nowMs))).toEqual([]);
    expect(settle(state, reconcile, { kind: "undone" }, nowMs)).toBe(state);
  });

  test("an outage is probed every minute for an hour, then every five", () => {
    let state = calm(nowMs, { attemptMs: {}, republishedMs: nowMs + 10 * HOUR_MS });
    const probes: number[] = [];
    for (let minute = 0; minute < 120; minute++) {
      const now = nowMs + minute * MINUTE_MS;
      for (const task of due(now, { ...state, republishedMs: now })) {
        probes.push(minute);
        state = settle(state, task as ReadingTask, { kind: "failed" }, now);
      }
    }
    expect(probes.filter((minute) => minute < 60)).toHaveLength(60);
    expect(probes.filter((minute) => minute >= 60)).toHaveLength(12);
  });

  test("an outage is probed by the audit where nothing else is to be read: a first fill that was lost with the queue", () => {
    const lost = calm(nowMs, { empty: ids, newest: {}, historyMs: Object.fromEntries(ids.map((id) => [id, nowMs])) });
    const failed = settle({ ...lost, auditDueMs: nowMs }, audit, { kind: "failed" }, nowMs);
    expect(kinds(nowMs + MINUTE_MS, failed)).toEqual([]);
    expect(kinds(nowMs + 5 * MINUTE_MS, failed)).toEqual(["audit"]);
  });

  test("audits that find differences are repeated ever later; one that finds none waits for the morning", () => {
    const delays: number[] = [];
    let state = calm(nowMs);
    for (let round = 0; round < 4; round++) {
      state = settle(state, audit, { kind: "read", series: ids, differences: 3 }, nowMs);
      delays.push(((state.auditDueMs ?? 0) - nowMs) / MINUTE_MS);
    }
    expect(delays).toEqual([10, 60, 360, 18 * 60]);
    const clean = settle(state, audit, { kind: "read", series: ids, differences: 0 }, nowMs);
    expect([clean.auditDueMs, clean.auditMisses]).toEqual([at("2023-12-30T10:00:00Z"), 0]);
  });
});

test("a reconcile reaches back to where data end, but not further than three months", () => {
  const nowMs = at("2023-12-29T20:00:00Z");
  const window = (known: Record<string, string>, days = 10) => reconcileWindow(nowMs, ids, known, days);
  const stored = newest("2023-12-29");
  expect(window(stored)).toEqual({ from: "2023-12-19", to: "2023-12-29" });
  expect(window({ ...stored, [FIX]: "2023-11-30" }).from).toBe("2023-11-30");
  expect(window({ ...stored, [FIX]: "1993-01-04" }).from).toBe("2023-09-30");
  expect(window({ ...stored, unserved: "2023-11-30" }).from).toBe("2023-12-19");
  expect(window({}).from).toBe("2023-09-30");
  const evening = at("2023-12-30T05:00:00Z");
  expect(reconcileWindow(evening, ids, stored, 1)).toEqual({ from: "2023-12-28", to: "2023-12-29" });
});

/** Days of ticks, a long weekend among them, against a Banxico that is away, limits us or publishes late at random. */
test("over days: within the budget, nothing twice in a minute, and each FIX found soon after it can be", () => {
  const spell = fc.record({
    startMinute: fc.nat(DAYS * 1_440),
    lengthMinutes: fc.integer({ min: 1, max: 1_000 }),
    what: fc.constantFrom<"failed" | "undone" | "limited">("failed", "undone", "limited"),
  });
  fc.assert(
    fc.property(fc.array(spell, { maxLength: 5 }), fc.nat(300), (spells, delayMinutes) => {
      const startMs = at("2023-11-17T06:00:00Z");
      let state = calm(startMs);
      const requestsByDay = new Map<string, number>();
      const foundMs = new Map<string, number>();
      const goodMinutes: number[] = [];
      for (let minute = 0; minute < DAYS * 1_440; minute++) {
        const nowMs = startMs + minute * MINUTE_MS + (minute % 7) * 100;
        const spellNow = spells.find(
          (one) => minute >= one.startMinute && minute < one.startMinute + one.lengthMinutes,
        );
        if (!spellNow) goodMinutes.push(nowMs);
        const published = publishedAt(nowMs - delayMinutes * MINUTE_MS);
        const seen = new Set<string>();
        for (const task of due(nowMs, state)) {
          expect(seen.has(task.kind)).toBe(false);
          seen.add(task.kind);
          if (task.kind === "republish") {
            state = { ...state, republishedMs: nowMs };
            continue;
          }
          const day = mexicoCityDate(nowMs);
          requestsByDay.set(day, (requestsByDay.get(day) ?? 0) + 1);
          const outcome: Outcome = !spellNow
            ? { kind: "read", series: task.series, differences: 0 }
            : spellNow.what === "limited"
              ? { kind: "limited", resetMs: nowMs + 54_000 }
              : { kind: spellNow.what };
          state = settle(state, task, outcome, nowMs);
          if (outcome.kind === "read") {
            if (!foundMs.has(published)) foundMs.set(published, nowMs);
            state = { ...state, newest: newest(published) };
          }
          expect(due(nowMs, outcome.kind === "undone" ? begin(state, task, nowMs) : state)).not.toContainEqual(task);
        }
        expect(seen.has("reconcile") && seen.has("latest")).toBe(false);
      }
      // Refusals of our own (undone) cost no request.
      if (spells.every(({ what }) => what === "failed"))
        for (const [, requests] of requestsByDay) expect(requests).toBeLessThanOrEqual(500);
      for (const [date, ms] of foundMs) {
        const possible = goodMinutes.filter((good) => good >= publicationMs(date) + delayMinutes * MINUTE_MS);
        const patience = delayMinutes < 85 && spells.length === 0 ? 1 : 6;
        const soon =
          possible[0] === undefined || publicationMs(date) < startMs || ms - possible[0] <= patience * MINUTE_MS;
        expect(soon).toBe(true);
      }
    }),
    { numRuns: 15 },
  );
}, 60_000);

/** The newest bank day whose FIX was announced by then. */
function publishedAt(nowMs: number): string {
  const date = announcedDate(nowMs);
  expect(isBankDay(date)).toBe(true);
  return date;
}
