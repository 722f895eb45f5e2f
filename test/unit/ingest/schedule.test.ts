import { describe, expect, test } from "vitest";
import type { ScheduleState, SyncTask } from "#core/ingest/schedule.ts";
import { begin, type Outcome } from "#core/ingest/schedule-settle.ts";
import { syncWindow } from "#core/ingest/window.ts";
import { publicationMs } from "../../../tools/simulators/banxico/mexico.ts";
import {
  announcedDate,
  at,
  calm,
  due,
  FIX,
  HOUR_MS,
  ids,
  kinds,
  MINUTE_MS,
  newest,
  plan,
  planClosedOn,
  settle,
} from "../schedule-states.ts";

const syncAt = (nowMs: number, state: ScheduleState) =>
  due(nowMs, state).find((task): task is SyncTask => task.kind === "sync");

describe("what is due", () => {
  const evening = at("2023-12-29T01:00:00Z");
  const noon = publicationMs("2023-12-29");

  test("nothing, if all is stored and was read within the hour", () => {
    expect(kinds(evening, calm(evening))).toEqual([]);
  });

  test("a thorough sync and a comparison with Redis every hour, to the minute and not the millisecond", () => {
    const state = calm(evening, {
      attemptMs: { sync: evening - HOUR_MS + 900, probe: evening - HOUR_MS },
      republishedMs: evening - HOUR_MS,
    });
    expect(kinds(evening, state)).toEqual(["republish", "sync"]);
    expect(syncAt(evening, state)).toMatchObject({ isThorough: true, isSplit: false, limitClass: "historica" });
  });

  test("from noon every minute for ninety minutes, then every five, until the FIX is stored", () => {
    const before = calm(noon - MINUTE_MS, { attemptMs: { sync: noon - MINUTE_MS, probe: noon - HOUR_MS } });
    expect(kinds(noon - MINUTE_MS, before)).toEqual([]);
    expect(syncAt(noon, before)).toMatchObject({ isThorough: false, isProbe: false });
    expect(kinds(noon, { ...before, newest: newest("2023-12-29") })).toEqual([]);
    const late = noon + 95 * MINUTE_MS;
    const attempted = (ago: number) =>
      calm(late, {
        newest: newest("2023-12-28"),
        attemptMs: { sync: late - ago * MINUTE_MS, probe: noon + 30 * MINUTE_MS },
      });
    expect(kinds(late, attempted(4))).toEqual([]);
    expect(kinds(late, attempted(5))).toEqual(["sync"]);
  });

  test("a FIX of which no date is remembered is awaited too", () => {
    const { [FIX]: _, ...others } = newest("2023-12-28");
    expect(kinds(noon, calm(noon, { newest: others, attemptMs: { sync: noon - MINUTE_MS, probe: noon } }))).toEqual([
      "sync",
    ]);
  });

  test("every five minutes if only other series are missing, for an hour if they are faulty", () => {
    const late = noon + 100 * MINUTE_MS;
    const attempted = (ago: number, changes: Partial<ScheduleState> = {}) =>
      calm(late, {
        newest: { ...newest("2023-12-28"), [FIX]: "2023-12-29" },
        attemptMs: { sync: late - ago * MINUTE_MS, probe: late },
        ...changes,
      });
    expect(kinds(late, attempted(4))).toEqual([]);
    expect(syncAt(late, attempted(5))?.isThorough).toBe(false);
    expect(syncAt(late, attempted(5, { faultySinceMs: late - 59 * MINUTE_MS }))?.isThorough).toBe(true);
    expect(kinds(late, attempted(59, { faultySinceMs: late - 60 * MINUTE_MS }))).toEqual([]);
  });

  test("no FIX is awaited on a holiday", () => {
    const holiday = publicationMs("2024-01-01") + HOUR_MS;
    expect(kinds(holiday, calm(holiday, { newest: newest("2023-12-29") }))).toEqual([]);
  });

  test("nor on a declared closure, of which the last announcement stands", () => {
    const closed = planClosedOn("2023-12-28", "2023-12-29");
    const state = calm(noon, { newest: newest("2023-12-27"), attemptMs: { sync: noon - 5 * MINUTE_MS, probe: noon } });
    expect(announcedDate(noon, closed)).toBe("2023-12-27");
    expect(kinds(noon, state)).toEqual(["sync"]);
    expect(due(noon, state, closed)).toEqual([]);
  });

  test("a series is waited for as long as it lacks at most five publications, a closure counting for none", () => {
    const late = noon + 100 * MINUTE_MS;
    const id = ids[1] as string;
    const state = calm(late, {
      newest: { ...newest("2023-12-29"), [id]: "2023-12-20" },
      attemptMs: { sync: late - 5 * MINUTE_MS, probe: late },
    });
    expect(kinds(late, state)).toEqual([]);
    expect(due(late, state, planClosedOn("2023-12-26")).map(({ kind }) => kind)).toEqual(["sync"]);
  });

  test("the newest is read again 3, 10 and 30 minutes after something new came", () => {
    const minutes: number[] = [];
    let state = calm(evening, { changedMs: evening, attemptMs: { sync: evening, probe: evening } });
    for (let minute = 0; minute < 59; minute++) {
      const nowMs = evening + minute * MINUTE_MS;
      const task = syncAt(nowMs, { ...state, republishedMs: nowMs });
      if (!task) continue;
      expect(task.isThorough).toBe(true);
      minutes.push(minute);
      state = settle(state, task, { kind: "read", series: ids, isNew: false }, nowMs);
    }
    expect(minutes).toEqual([3, 10, 30]);
  });

  test("and 1, 3, 10 and 30 minutes after each announcement, whatever is remembered", () => {
    const minutes: number[] = [];
    let state = calm(noon, { newest: newest("2023-12-29"), attemptMs: { sync: noon, probe: noon - HOUR_MS } });
    for (let minute = 0; minute < 59; minute++) {
      const nowMs = noon + minute * MINUTE_MS;
      const task = syncAt(nowMs, { ...state, republishedMs: nowMs });
      if (!task) continue;
      expect(task.isProbe).toBe(true);
      minutes.push(minute);
      state = settle(state, task, { kind: "read", series: ids, isNew: false }, nowMs);
    }
    expect(minutes).toEqual([1, 3, 10, 30]);
  });

  test("a series that was never audited, at once; it is audited again ten minutes later, and then each morning", () => {
    const id = ids[1] as string;
    const state = calm(evening, { auditDueMs: { ...calm(evening).auditDueMs, [id]: undefined as never } });
    const [audit] = due(evening, state);
    expect(audit).toEqual({ kind: "audit", series: [id], limitClass: "historica" });
    const read: Outcome = { kind: "read", series: [id], isNew: false };
    const once = settle(state, audit as never, read, evening);
    expect(once.auditDueMs[id]).toBe(evening + 10 * MINUTE_MS);
    expect(settle(once, audit as never, read, evening).auditDueMs[id]).toBe(at("2023-12-29T10:00:00Z"));
  });

  test("a clock that was set back a year stops nothing", () => {
    const ahead = evening + 365 * 24 * HOUR_MS;
    const state = calm(evening, {
      attemptMs: { sync: ahead, audit: ahead, probe: ahead },
      blockedUntilMs: { historica: ahead, oportuna: ahead },
      republishedMs: ahead,
      changedMs: ahead,
    });
    expect(kinds(evening, state)).toEqual(["republish", "sync"]);
    expect(kinds(evening, { ...state, auditDueMs: {} })).toEqual(["republish", "audit", "sync"]);
  });

  test("with nothing remembered one reading in five minutes, by the clock only", () => {
    const blind = (minute: number, empty: string[] = []) =>
      due(evening + minute * MINUTE_MS, { blind: true, empty }).map(({ kind }) => kind);
    const hour = (empty: string[] = []) => Array.from({ length: 60 }, (_, minute) => blind(minute, empty)).flat();
    expect(hour()).toEqual(Array(12).fill("sync"));
    expect(hour(ids).filter((kind) => kind === "audit")).toHaveLength(6);
  });
});

describe("limits", () => {
  const nowMs = at("2023-12-29T16:00:00Z");
  const state = calm(nowMs, { attemptMs: { probe: nowMs } });
  const sync = syncAt(nowMs, state) as SyncTask;
  const limited = (limitClass: "historica" | "oportuna", seconds: number, before = state) =>
    settle(before, sync, { kind: "limited", limitClass, resetMs: nowMs + seconds * 1_000 }, nowMs);

  test("hold for their class: the newest values are read while ranges are limited, and nothing if both are", () => {
    expect(syncAt(nowMs, limited("oportuna", 54))?.limitClass).toBe("historica");
    const one = limited("historica", 54);
    expect(syncAt(nowMs, one)?.limitClass).toBe("oportuna");
    expect(due(nowMs, { ...one, auditDueMs: {} }).map(({ kind }) => kind)).toEqual(["sync"]);
    const both = limited("oportuna", 54, one);
    expect(kinds(nowMs, both)).toEqual([]);
    expect(syncAt(nowMs + 54_000, both)?.limitClass).toBe("historica");
  });

  test("hold for an hour at most", () => {
    const both = limited("oportuna", 86_000, limited("historica", 86_000));
    expect(kinds(nowMs + 59 * MINUTE_MS, { ...both, republishedMs: nowMs })).toEqual([]);
    expect(syncAt(nowMs + 60 * MINUTE_MS, both)?.limitClass).toBe("historica");
  });

  test("let a probe through 1, 3, 10 and 30 minutes after each announcement", () => {
    const noon = publicationMs("2023-12-29");
    const untilMs = noon + 30 * MINUTE_MS;
    const both = calm(noon, { blockedUntilMs: { historica: untilMs, oportuna: untilMs } });
    expect(kinds(noon, both)).toEqual([]);
    const probed: number[] = [];
    let state = { ...both, republishedMs: noon };
    for (let minute = 1; minute < 30; minute++) {
      const nowMs = noon + minute * MINUTE_MS;
      const probe = syncAt(nowMs, state);
      if (!probe) continue;
      expect(probe).toMatchObject({ isProbe: true, limitClass: "oportuna" });
      probed.push(minute);
      state = settle(
        state,
        probe,
        { kind: "limited", limitClass: "oportuna", resetMs: untilMs },
        nowMs,
      ) as typeof state;
    }
    expect(probed).toEqual([1, 3, 10]);
  });

  test("end with a response", () => {
    const one = limited("historica", 3_000);
    const read = settle(one, sync, { kind: "read", series: ids, isNew: false }, nowMs);
    expect(read.blockedUntilMs.historica).toBeUndefined();
  });
});

test("a reading that did not come to pass is due again", () => {
  const nowMs = at("2023-12-29T16:00:00Z");
  const state = calm(nowMs, { attemptMs: {} });
  const sync = syncAt(nowMs, state) as SyncTask;
  expect(kinds(nowMs, begin(state, sync, nowMs))).toEqual([]);
  expect(settle(state, sync, { kind: "undone" }, nowMs)).toBe(state);
});

test("a sync reaches back to where data end, but not further than three months", () => {
  const nowMs = at("2023-12-29T20:00:00Z");
  const window = (known: Record<string, string>, days = 10) => syncWindow(nowMs, ids, known, plan, days);
  const stored = newest("2023-12-29");
  expect(window(stored)).toEqual({ from: "2023-12-19", to: "2023-12-29" });
  expect(window({ ...stored, [FIX]: "2023-11-30" }).from).toBe("2023-11-30");
  expect(window({ ...stored, [FIX]: "1993-01-04" }).from).toBe("2023-09-30");
  expect(window({ ...stored, unserved: "2023-11-30" }).from).toBe("2023-12-19");
  expect(window({}).from).toBe("2023-09-30");
  const evening = at("2023-12-30T05:00:00Z");
  expect(syncWindow(evening, ids, stored, plan, 1)).toEqual({ from: "2023-12-28", to: "2023-12-29" });
  expect(announcedDate(evening)).toBe("2023-12-29");
});
