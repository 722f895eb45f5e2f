import { addDays, type PlainDate } from "../time/dates.ts";
import { mexicoCityDate, midnightMs } from "../time/mexico.ts";
import type { RequestClass } from "./banxico.ts";
import { MAX_BLOCK_MS, type ReadingTask, type ScheduleState } from "./schedule.ts";

/** What a reading changes in the state that decides about the next one. */

/**
 * How a reading ended. read: these series were read, the others were missing or invalid. failed: Banxico can't be reached or
 * refuses us, or the queue takes nothing. limited: it asked us to wait. undone: no request was made.
 */
export type Outcome =
  | { kind: "read"; series: readonly string[]; isNew: boolean }
  | { kind: "failed"; isQueue: boolean }
  | { kind: "limited"; requestClass: RequestClass; resetMs: number }
  | { kind: "undone" };

const HOUR_MS = 3_600_000;
const AUDIT_HOUR = 4;
/** A series' first audit is repeated this soon, in case the queue lost a part of it. */
const VERIFY_MS = 600_000;

/** The state once a reading has begun: a tick that comes while it runs does not begin another. */
export function begin(state: ScheduleState, task: ReadingTask, nowMs: number): ScheduleState {
  if (task.kind === "audit")
    return { ...state, attemptMs: { ...state.attemptMs, audit: nowMs }, auditTries: state.auditTries + 1 };
  return { ...state, attemptMs: { ...state.attemptMs, sync: nowMs, ...(task.isProbe && { probe: nowMs }) } };
}

/**
 * The state after a reading. `state` is the one before it began, so that a reading that did not come to pass is due
 * again at once.
 */
export function settle(state: ScheduleState, task: ReadingTask, outcome: Outcome, nowMs: number): ScheduleState {
  const begun = begin(state, task, nowMs);
  switch (outcome.kind) {
    case "undone":
      return state;
    case "limited": {
      const untilMs = Math.min(outcome.resetMs, nowMs + MAX_BLOCK_MS);
      const { probe } = begun.attemptMs;
      return {
        ...state,
        attemptMs: { ...state.attemptMs, ...(probe !== undefined && { probe }) },
        blockedUntilMs: { ...state.blockedUntilMs, [outcome.requestClass]: untilMs },
      };
    }
    case "failed":
      // Syncs probe an outage; an audit, which costs most, only counts its attempts.
      if (task.kind === "audit") return begun;
      return { ...begun, failure: { sinceMs: state.failure?.sinceMs ?? nowMs, isQueue: outcome.isQueue } };
    case "read":
      return settleRead(begun, task, outcome, nowMs);
  }
}

function settleRead(
  begun: ScheduleState,
  task: ReadingTask,
  { series, isNew }: { series: readonly string[]; isNew: boolean },
  nowMs: number,
): ScheduleState {
  const isWhole = series.length === task.series.length;
  const requestClass = task.kind === "audit" ? "historica" : task.requestClass;
  const state = {
    ...begun,
    failure: undefined,
    blockedUntilMs: { ...begun.blockedUntilMs, [requestClass]: undefined },
    faultySinceMs: isWhole ? undefined : (begun.faultySinceMs ?? nowMs),
    changedMs: isNew ? nowMs : begun.changedMs,
  };
  if (task.kind === "sync") return state;
  const nextMs = (id: string) => (begun.auditDueMs[id] === undefined ? nowMs + VERIFY_MS : nextMorningMs(nowMs));
  return {
    ...state,
    attemptMs: { ...state.attemptMs, sync: nowMs, probe: nowMs },
    auditDueMs: { ...begun.auditDueMs, ...Object.fromEntries(series.map((id) => [id, nextMs(id)])) },
    auditTries: isWhole ? 0 : begun.auditTries,
  };
}

/** The audits' hour, at night in Mexico City, after this instant. */
function nextMorningMs(nowMs: number): number {
  const today = mexicoCityDate(nowMs);
  const morningOf = (date: PlainDate) => midnightMs(date) + AUDIT_HOUR * HOUR_MS;
  return nowMs < morningOf(today) ? morningOf(today) : morningOf(addDays(today, 1));
}
