import { describe, expect, test } from "vitest";
import { type Plan, planOf } from "#core/ingest/plan.ts";
import { due, type ScheduleState, type SyncTask } from "#core/ingest/schedule.ts";
import { settleTask } from "#core/ingest/schedule-settle.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { banxico } from "#core/providers/banxico.ts";
import { bcb } from "#core/providers/bcb.ts";
import { bdi } from "#core/providers/bdi.ts";
import { ecb } from "#core/providers/ecb.ts";
import { nbp } from "#core/providers/nbp.ts";
import type { Provider } from "#core/providers/provider.ts";
import { freshnessOf, outlookAt } from "#core/rates/freshness.ts";
import { announcedLatest } from "#core/time/publication.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const at = (text: string) => Date.parse(text);
const planFor = (provider: Provider, nowMs: number) => planOf(provider, DEFAULT_POLICY, nowMs);

/** All that is announced is stored; the last reading was ten minutes ago. */
function calm(plan: Plan, nowMs: number, newest?: string): ScheduleState {
  const stored = plan.groups.flatMap(({ publication, series }) =>
    series.map((id) => [id, newest ?? announcedLatest(publication, nowMs)] as const),
  );
  const tenMinutesAgo = nowMs - 10 * MINUTE_MS;
  return {
    newest: Object.fromEntries(stored),
    attemptMs: { sync: tenMinutesAgo, window: tenMinutesAgo, probe: tenMinutesAgo },
    auditDueMs: Object.fromEntries(plan.series.map((id) => [id, nowMs + 20 * HOUR_MS])),
    auditTries: 0,
    blockedUntilMs: {},
    republishedMs: tenMinutesAgo,
  };
}

function syncAt(provider: Provider, instant: string, newest?: string): SyncTask | undefined {
  const nowMs = at(instant);
  const plan = planFor(provider, nowMs);
  return due(nowMs, calm(plan, nowMs, newest), plan).find((task) => task.kind === "sync");
}

describe("each provider's own calendar", () => {
  test("Good Friday and Easter Monday 2026: nothing of the ECB is awaited or stale", () => {
    // The last value is that of Thursday, 2 April; the next comes on Tuesday, the 7th.
    for (const instant of ["2026-04-03T15:00:00Z", "2026-04-06T15:00:00Z", "2026-04-07T13:00:00Z"]) {
      expect(syncAt(ecb, instant, "2026-04-02"), instant).toBeUndefined();
      expect(freshnessOf("2026-04-02", outlookAt(ecb.publication, at(instant))).stale, instant).toBe(false);
    }
    expect(syncAt(ecb, "2026-04-07T14:20:00Z", "2026-04-02")).toMatchObject({ span: "window" });
    expect(freshnessOf("2026-04-02", outlookAt(ecb.publication, at("2026-04-07T15:30:00Z"))).stale).toBe(true);
  });

  test("Mexico's holidays do not touch the ECB, nor Europe's Banxico", () => {
    // 16 March 2026 is a holiday in Mexico; Easter Monday is a bank day there.
    expect(syncAt(banxico, "2026-03-16T18:20:00Z", "2026-03-13")).toBeUndefined();
    expect(syncAt(ecb, "2026-03-16T15:20:00Z", "2026-03-13")).toBeDefined();
    expect(syncAt(ecb, "2026-04-06T18:20:00Z", "2026-04-02")).toBeUndefined();
    expect(syncAt(banxico, "2026-04-06T18:20:00Z", "2026-04-01")).toBeDefined();
  });

  test("NBP's weekly table is awaited on Wednesdays, its daily one on weekdays", () => {
    const monday = at("2026-03-09T11:35:00Z");
    const plan = planFor(nbp, monday);
    const [daily, weekly] = plan.groups.map(({ series }) => series);
    expect([daily?.length, weekly?.length].every((length) => (length ?? 0) > 30)).toBe(true);
    const stored = (dates: [string, string]) => ({
      ...calm(plan, monday),
      newest: Object.fromEntries([
        ...(daily ?? []).map((id) => [id, dates[0]]),
        ...(weekly ?? []).map((id) => [id, dates[1]]),
      ]),
    });
    expect(due(monday, stored(["2026-03-09", "2026-03-04"]), plan)).toEqual([]);
    expect(due(monday, stored(["2026-03-06", "2026-03-04"]), plan)).toHaveLength(1);
    const wednesday = monday + 48 * HOUR_MS;
    const late = { attemptMs: { sync: wednesday - 10 * MINUTE_MS, window: wednesday, probe: wednesday } };
    const state = { ...stored(["2026-03-11", "2026-03-04"]), ...late, republishedMs: wednesday };
    const audits = { auditDueMs: Object.fromEntries(plan.series.map((id) => [id, wednesday + HOUR_MS])) };
    expect(due(wednesday, { ...state, ...audits }, plan)).toHaveLength(1);
  });
});

describe("what a reading costs", () => {
  test("decides how often there may be one", () => {
    const nowMs = at("2026-03-11T12:00:00Z");
    expect(planFor(banxico, nowMs).paces).toEqual({ eager: 1, patient: 5, routine: 60, rereads: [3, 10, 30] });
    expect(planFor(ecb, nowMs).paces).toMatchObject({ eager: 1, patient: 21 });
    const { paces, budget } = planFor(bcb, nowMs);
    // A request for each currency, two hundred a day.
    expect(paces.rereads).toEqual([30]);
    const looks = 90 / paces.eager + 1_350 / paces.patient;
    expect(looks * new Set(bcb.series.map(({ base }) => base)).size).toBeLessThan(budget.perDay);
  });

  test("and whether it is of a window: of a provider that serves day by day once a day, and after a gap", () => {
    const plan = planFor(bdi, at("2026-03-11T12:00:00Z"));
    expect(plan).toMatchObject({ isRangeCheap: false, isDivisible: false });
    expect(syncAt(bdi, "2026-03-11T16:20:00Z", "2026-03-10")?.span).toBe("newest");
    expect(syncAt(bdi, "2026-03-11T16:20:00Z", "2026-03-06")?.span).toBe("window");
    const nowMs = at("2026-03-11T16:20:00Z");
    const state = calm(plan, nowMs, "2026-03-10");
    const attemptMs = { ...state.attemptMs, window: nowMs - 25 * HOUR_MS };
    expect(due(nowMs, { ...state, attemptMs }, plan)).toMatchObject([{ kind: "sync", span: "window" }]);
  });
});

test("an audit in parts goes on where it stopped, and ends for all series", () => {
  const nowMs = at("2026-03-11T12:00:00Z");
  const plan = planFor(bdi, nowMs);
  const before = { ...calm(plan, nowMs), auditDueMs: {} };
  const [audit] = due(nowMs, before, plan);
  if (audit?.kind !== "audit") throw new Error("no audit is due");
  const read = { kind: "read", series: audit.series, isNew: false } as const;
  const part = settleTask(before, audit, { ...read, auditTo: "2025-12-01" }, nowMs, plan);
  expect(part.auditTo).toBe("2025-12-01");
  expect(due(nowMs + MINUTE_MS, part, plan)).toMatchObject([{ kind: "audit" }]);
  const limit = { limitClass: audit.limitClass, resetMs: nowMs + 10 * MINUTE_MS };
  const held = settleTask(part, audit, { ...read, auditTo: "2025-11-01", limit }, nowMs, plan);
  expect(due(nowMs + 2 * MINUTE_MS, held, plan)).toEqual([]);
  const last = settleTask(part, audit, { ...read, series: audit.series.slice(3) }, nowMs, plan);
  expect(last.auditTo).toBeUndefined();
  expect(due(nowMs + 12 * HOUR_MS, { ...last, republishedMs: nowMs + 12 * HOUR_MS }, plan)).not.toContainEqual(
    expect.objectContaining({ kind: "audit" }),
  );
  // The next one comes at four in the morning, in Rome.
  expect(last.auditDueMs[plan.series[0] as string]).toBe(at("2026-03-12T03:00:00Z"));
});
