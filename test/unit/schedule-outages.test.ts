import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReadingTask, ScheduleState } from "#core/ingest/schedule.ts";
import { begin, type Outcome } from "#core/ingest/schedule-settle.ts";
import { mexicoCityDate, publicationMs } from "../../tools/simulators/banxico/mexico.ts";
import { announcedDate, at, calm, due, HOUR_MS, ids, MINUTE_MS, newest, settle } from "./schedule-states.ts";

const DAYS = 5;

/** The minutes at which something is read, each reading ending as said. */
function readings(startMs: number, minutes: number, before: ScheduleState, outcomeOf: (task: ReadingTask) => Outcome) {
  const found: { minute: number; task: ReadingTask }[] = [];
  let state = before;
  for (let minute = 0; minute < minutes; minute++) {
    const nowMs = startMs + minute * MINUTE_MS;
    const done = new Set<string>();
    const next = () =>
      due(nowMs, { ...state, republishedMs: nowMs }).find(({ kind }) => kind !== "republish" && !done.has(kind));
    for (let task = next() as ReadingTask | undefined; task; task = next() as ReadingTask | undefined) {
      done.add(task.kind);
      found.push({ minute, task });
      state = settle(state, task, outcomeOf(task), nowMs);
    }
  }
  return found;
}

describe("an outage", () => {
  const nowMs = at("2023-12-29T06:00:00Z");
  const overdue = calm(nowMs, { attemptMs: {} });

  test("is probed every minute for an hour, then every five; every other probe looks at each series", () => {
    const probes = readings(nowMs, 120, overdue, () => ({ kind: "failed", isQueue: false }));
    expect(probes.filter(({ minute }) => minute < 60)).toHaveLength(60);
    expect(probes.filter(({ minute }) => minute >= 60)).toHaveLength(12);
    const split = probes.filter(({ task }) => task.kind === "sync" && task.isSplit);
    expect(split).toHaveLength(36);
    const queue = readings(nowMs, 120, overdue, () => ({ kind: "failed", isQueue: true }));
    expect(queue.some(({ task }) => task.kind === "sync" && task.isSplit)).toBe(false);
  });

  test("of histories only is tried after 5, 15 and 60 minutes, and syncs go on", () => {
    const state = calm(nowMs, { auditDueMs: {} });
    const tried = readings(nowMs, 200, state, ({ kind }) =>
      kind === "audit" ? { kind: "failed", isQueue: false } : { kind: "read", series: ids, isNew: false },
    );
    const of = (kind: string) => tried.filter(({ task }) => task.kind === kind).map(({ minute }) => minute);
    expect(of("audit")).toEqual([0, 5, 20, 80, 140]);
    expect(of("sync").length).toBeGreaterThanOrEqual(3);
  });

  test("is no time for audits, and a retried one takes no minute from an awaited FIX", () => {
    const failing = calm(nowMs, { auditDueMs: {}, failure: { sinceMs: nowMs, isQueue: false } });
    expect(due(nowMs + MINUTE_MS, failing).map(({ kind }) => kind)).not.toContain("audit");
    const noon = publicationMs("2023-12-29");
    const awaited = calm(noon, { auditDueMs: {}, auditTries: 2, newest: newest("2023-12-28") });
    expect(due(noon, awaited).map(({ kind }) => kind)).toEqual(["sync"]);
    expect(due(noon, { ...awaited, auditTries: 0 }).map(({ kind }) => kind)).toEqual(["audit", "sync"]);
  });

  test("a series missing from an audit is audited again soon, the others in the morning", () => {
    const [audit] = due(nowMs, calm(nowMs, { auditDueMs: {} })) as [ReadingTask];
    const after = settle(
      calm(nowMs, { auditDueMs: {} }),
      audit,
      { kind: "read", series: ids.slice(1), isNew: false },
      nowMs,
    );
    expect(due(nowMs + 4 * MINUTE_MS, after)).toEqual([]);
    expect(due(nowMs + 5 * MINUTE_MS, after)[0]).toEqual({ kind: "audit", series: [ids[0]], limitClass: "historica" });
  });
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
        const published = announcedDate(nowMs - delayMinutes * MINUTE_MS);
        for (const task of due(nowMs, state)) {
          if (task.kind === "republish") {
            state = { ...state, republishedMs: nowMs };
            continue;
          }
          if (!due(nowMs, state).some(({ kind }) => kind === task.kind)) continue;
          const day = mexicoCityDate(nowMs);
          requestsByDay.set(day, (requestsByDay.get(day) ?? 0) + 1);
          const { limitClass } = task;
          const outcome: Outcome = !spellNow
            ? { kind: "read", series: task.series, isNew: (state.newest[ids[0] as string] ?? "") < published }
            : spellNow.what === "limited"
              ? { kind: "limited", limitClass, resetMs: nowMs + 54_000 }
              : spellNow.what === "failed"
                ? { kind: "failed", isQueue: false }
                : { kind: "undone" };
          state = settle(state, task, outcome, nowMs);
          if (outcome.kind === "read") {
            if (!foundMs.has(published)) foundMs.set(published, nowMs);
            state = { ...state, newest: newest(published) };
          }
          expect(due(nowMs, outcome.kind === "undone" ? begin(state, task, nowMs) : state)).not.toContainEqual(task);
        }
      }
      // Refusals of our own (undone) cost no request.
      if (spells.every(({ what }) => what === "failed"))
        for (const [, requests] of requestsByDay) expect(requests).toBeLessThanOrEqual(500);
      for (const [date, ms] of foundMs) {
        const possible = goodMinutes.filter((good) => good >= publicationMs(date) + delayMinutes * MINUTE_MS);
        const patience = delayMinutes < 85 && spells.length === 0 ? 1 : 6;
        const isSoon =
          possible[0] === undefined || publicationMs(date) < startMs || ms - possible[0] <= patience * MINUTE_MS;
        expect(isSoon).toBe(true);
      }
    }),
    { numRuns: 15 },
  );
});

test("however long Banxico says to wait, it is asked again within the hour and at each announcement", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200_000 }), fc.nat(1_439), (seconds, startMinute) => {
      const startMs = at("2023-12-28T06:00:00Z") + startMinute * MINUTE_MS;
      const asked = readings(startMs, 1_440, calm(startMs, { attemptMs: {} }), (task) => ({
        kind: "limited",
        limitClass: task.limitClass,
        resetMs: startMs + seconds * 1_000,
      }));
      const minutes = asked.map(({ minute }) => minute);
      for (const [index, minute] of minutes.entries())
        expect(minute - (minutes[index - 1] ?? 0)).toBeLessThanOrEqual(HOUR_MS / MINUTE_MS);
      const noon = publicationMs(announcedDate(startMs + 1_439 * MINUTE_MS));
      if (noon > startMs) expect(minutes).toContain((noon - startMs) / MINUTE_MS + 1);
    }),
    { numRuns: 50 },
  );
});
