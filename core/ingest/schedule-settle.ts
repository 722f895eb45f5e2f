import type { DateRange } from "../providers/provider.ts";
import { addDays, earlier, later, type PlainDate } from "../time/dates.ts";
import { dateIn, instantOf } from "../time/zones.ts";
import type { Plan } from "./plan.ts";
import { type AuditTask, MAX_BLOCK_MS, type ReadingTask, type ScheduleState } from "./schedule.ts";

/** What a reading changes in the state that decides about the next one. */

/** A request was refused because there were too many, until an instant. */
export interface Limit {
  limitClass: string;
  resetMs: number;
}

/**
 * How a reading ended. read: these series were read, the others were missing or invalid; `limit`: before all of it was;
 * `auditTo`: an audit that has more to read goes on at this date; `leftOut`: dates of a sync's window that were not read.
 * failed: the provider can't be reached or refuses us, or the queue takes nothing; `unread`: the dates at which an audit in
 * parts got no further. limited: it asked us to wait. undone: no request was made.
 */
export type Outcome =
  | {
      kind: "read";
      series: readonly string[];
      isNew: boolean;
      auditTo?: PlainDate | undefined;
      leftOut?: DateRange | undefined;
      limit?: Limit | undefined;
    }
  | { kind: "failed"; isQueue: boolean; unread?: DateRange | undefined }
  | ({ kind: "limited" } & Limit)
  | { kind: "undone" };

type Read = Extract<Outcome, { kind: "read" }>;

const AUDIT_MINUTES = 4 * 60;
/** A series' first audit is repeated this soon, in case the queue lost a part of it. */
const VERIFY_MS = 600_000;
/** After so many failures at the same dates an audit in parts goes on without them. */
const MAX_AUDIT_TRIES = 3;

/** The state once a reading has begun: a tick that comes while it runs does not begin another. */
export function begin(state: ScheduleState, task: ReadingTask, nowMs: number): ScheduleState {
  if (task.kind === "audit")
    return { ...state, attemptMs: { ...state.attemptMs, audit: nowMs }, auditTries: state.auditTries + 1 };
  const isWindow = task.span === "window";
  const marks = { sync: nowMs, ...(isWindow && { window: nowMs }), ...(task.isProbe && { probe: nowMs }) };
  return { ...state, attemptMs: { ...state.attemptMs, ...marks } };
}

/** The dates that an audit gives up because of how its latest try ended: syncs succeed, so that the dates are at fault. */
export function givenUp({ auditTries }: ScheduleState, task: ReadingTask, outcome: Outcome): DateRange | undefined {
  if (task.kind !== "audit" || outcome.kind !== "failed" || auditTries + 1 < MAX_AUDIT_TRIES) return undefined;
  return outcome.unread;
}

/**
 * The state after a reading. `state` is the one before it began, so that a reading that did not come to pass is due
 * again at once.
 */
export function settleTask(
  state: ScheduleState,
  task: ReadingTask,
  outcome: Outcome,
  nowMs: number,
  plan: Pick<Plan, "zone">,
): ScheduleState {
  const begun = begin(state, task, nowMs);
  switch (outcome.kind) {
    case "undone":
      return state;
    case "limited": {
      const { probe } = begun.attemptMs;
      const attemptMs = { ...state.attemptMs, ...(probe !== undefined && { probe }) };
      return blocked({ ...state, attemptMs }, outcome, nowMs);
    }
    case "failed": {
      if (task.kind === "sync")
        return { ...begun, failure: { sinceMs: state.failure?.sinceMs ?? nowMs, isQueue: outcome.isQueue } };
      // Syncs probe an outage; an audit, which costs most, only counts its attempts.
      const lost = givenUp(state, task, outcome);
      return lost ? { ...begun, ...goneOn(task, addDays(lost.from, -1)), auditTries: 0 } : begun;
    }
    case "read":
      return settleRead(begun, task, outcome, nowMs, plan);
  }
}

function settleRead(
  begun: ScheduleState,
  task: ReadingTask,
  outcome: Read,
  nowMs: number,
  plan: Pick<Plan, "zone">,
): ScheduleState {
  const { series, isNew, limit, leftOut } = outcome;
  const isWhole = series.length === task.series.length;
  const state = {
    ...begun,
    failure: undefined,
    blockedUntilMs: { ...begun.blockedUntilMs, [task.limitClass]: undefined },
    faultySinceMs: isWhole ? undefined : (begun.faultySinceMs ?? nowMs),
    changedMs: isNew ? nowMs : begun.changedMs,
    ...(leftOut && { leftOut: widened(leftOut, begun.leftOut), auditTries: 0 }),
  };
  const after = task.kind === "sync" ? state : settleAudit(state, task, outcome, nowMs, plan);
  return limit === undefined ? after : blocked(after, limit, nowMs);
}

function settleAudit(
  state: ScheduleState,
  task: AuditTask,
  { series, auditTo }: Read,
  nowMs: number,
  { zone }: Pick<Plan, "zone">,
): ScheduleState {
  const { series: wanted, leftOut } = task;
  if (leftOut) return { ...state, ...goneOn(task, auditTo), auditTries: 0 };
  const isFirstPart = state.auditTo === undefined;
  // The newest part sees all that a sync sees.
  const attemptMs = isFirstPart ? { ...state.attemptMs, sync: nowMs, window: nowMs, probe: nowMs } : state.attemptMs;
  if (auditTo !== undefined) return { ...state, attemptMs, auditTo, auditTries: 0 };
  // What an earlier part has read of a series is not known any more, so that all count as read.
  const read = isFirstPart ? series : wanted;
  const nextMs = (id: string) =>
    isFirstPart && state.auditDueMs[id] === undefined ? nowMs + VERIFY_MS : nextMorningMs(zone, nowMs);
  return {
    ...state,
    attemptMs,
    auditTo: undefined,
    auditDueMs: { ...state.auditDueMs, ...Object.fromEntries(read.map((id) => [id, nextMs(id)])) },
    auditTries: read.length === wanted.length ? 0 : state.auditTries,
  };
}

/** Where what an audit reads goes on: at a date; undefined if all of it was read. */
function goneOn({ leftOut }: AuditTask, to: PlainDate | undefined): Pick<ScheduleState, "auditTo" | "leftOut"> {
  if (leftOut === undefined) return { auditTo: to };
  return { leftOut: to !== undefined && to >= leftOut.from ? { from: leftOut.from, to } : undefined };
}

function widened(range: DateRange, other: DateRange = range): DateRange {
  return { from: earlier(range.from, other.from), to: later(range.to, other.to) };
}

function blocked(state: ScheduleState, { limitClass, resetMs }: Limit, nowMs: number): ScheduleState {
  const untilMs = Math.min(resetMs, nowMs + MAX_BLOCK_MS);
  return { ...state, blockedUntilMs: { ...state.blockedUntilMs, [limitClass]: untilMs } };
}

/** The audits' hour, at night where the provider is, after this instant. */
function nextMorningMs(zone: Plan["zone"], nowMs: number): number {
  const today = dateIn(zone, nowMs);
  const morningMs = instantOf(zone, today, AUDIT_MINUTES);
  return nowMs < morningMs ? morningMs : instantOf(zone, addDays(today, 1), AUDIT_MINUTES);
}
