import { announcedDate, due, type ScheduleState } from "#core/ingest/schedule.ts";
import { banxico } from "#core/providers/banxico.ts";

/** States of the schedule for its tests. */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const ids = banxico.series.map(({ id }) => id);

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
