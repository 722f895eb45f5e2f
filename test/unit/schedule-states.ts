import { type Plan, planOf } from "#core/ingest/plan.ts";
import { type Blind, due as dueBy, type ReadingTask, type ScheduleState, type Task } from "#core/ingest/schedule.ts";
import { type Outcome, settleTask } from "#core/ingest/schedule-settle.ts";
import { DEFAULT_POLICY, policySchema } from "#core/ops/policy.ts";
import { banxico } from "#core/providers/banxico.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { announcedLatest, type Publication } from "#core/time/publication.ts";

/** Banxico's schedule, and states of it, for its tests. */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const ids = banxico.series.map(({ id }) => id);
export const FIX = ids[0] as string;

export const plan: Plan = planOf(banxico, DEFAULT_POLICY, Date.parse("2023-12-29T18:00:00Z"));
export const publication = plan.groups[0]?.publication as Publication;

/** Banxico's plan with closures that an operator declared. */
export function planClosedOn(...dates: string[]): Plan {
  const EXTRA_CLOSURES = dates.map((date) => `banxico:${date}`).join(",");
  const policy = policySchema.parse({ EXTRA_CLOSURES, PROVIDERS: "banxico" });
  return planOf(catalogueFor("local", policy).main, policy, Date.parse("2023-12-29T18:00:00Z"));
}

export function due(nowMs: number, state: ScheduleState | Blind, by = plan): Task[] {
  return dueBy(nowMs, state, by);
}

export function settle(state: ScheduleState, task: ReadingTask, outcome: Outcome, nowMs: number): ScheduleState {
  return settleTask(state, task, outcome, nowMs, plan);
}

export function announcedDate(nowMs: number, by = plan): string {
  return announcedLatest(by.groups[0]?.publication as Publication, nowMs);
}

export const at = (text: string): number => Date.parse(text);
export const newest = (date: string): Record<string, string> => Object.fromEntries(ids.map((id) => [id, date]));
export const kinds = (nowMs: number, state: ScheduleState): string[] => due(nowMs, state).map(({ kind }) => kind);

/** All is stored, and was read ten minutes ago. */
export function calm(nowMs: number, changes: Partial<ScheduleState> = {}): ScheduleState {
  return {
    newest: newest(announcedDate(nowMs)),
    attemptMs: { sync: nowMs - 10 * MINUTE_MS, probe: nowMs - 10 * MINUTE_MS },
    auditDueMs: Object.fromEntries(ids.map((id) => [id, nowMs + 20 * HOUR_MS])),
    auditTries: 0,
    blockedUntilMs: {},
    republishedMs: nowMs - 10 * MINUTE_MS,
    ...changes,
  };
}
