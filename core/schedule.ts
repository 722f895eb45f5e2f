import {
  bankDaysAfter,
  lastBankDayOnOrBefore,
  mexicoCityDate,
  midnightMs,
  nextBankDay,
  previousBankDay,
  publicationMs,
} from "./calendar.ts";
import { addDays, earlier, later, type PlainDate } from "./dates.ts";
import { SERIES } from "./series.ts";

/**
 * What the ingestion does at each tick of the cron (every minute), as pure functions of the instant and of what is
 * remembered. Time is counted in whole minutes, so that a tick some milliseconds early is not taken for too early.
 */

/** history and audit read everything there is, reconcile a trailing window, latest the newest observation. */
export type ReadingKind = "history" | "audit" | "reconcile" | "latest";

export interface ReadingTask {
  kind: ReadingKind;
  series: readonly string[];
}

/** republish: compare what Redis holds with what the origin has. It needs nothing from the provider. */
export type Task = ReadingTask | { kind: "republish" };

export interface ScheduleState {
  /** Series known to have no data at all: their whole history is wanted. */
  empty: readonly string[];
  /** Series of which nobody can say at the moment whether they have data: they are left alone. */
  unknown: readonly string[];
  /** The newest stored date of each series that has data. */
  newest: Readonly<Record<string, PlainDate>>;
  /** When each kind of reading was last begun. */
  attemptMs: Readonly<Partial<Record<ReadingKind, number>>>;
  /** When each series' whole history was last read. */
  historyMs: Readonly<Record<string, number>>;
  /** Since when the provider can't be reached. */
  failingSinceMs?: number | undefined;
  /** The provider has told us to stay away until then. */
  blockedUntilMs?: number | undefined;
  auditDueMs?: number | undefined;
  /** Audits in a row that found differences. */
  auditMisses: number;
  republishedMs?: number | undefined;
}

/** What is left to go by while Redis is away and nothing is remembered. */
export interface Blind {
  blind: true;
  empty: readonly string[];
  unknown: readonly string[];
}

/**
 * How a reading ended. read: these series were answered rightly. failed: the provider can't be reached or refuses us, or
 * its answer could not be handed on; either way requests were spent in vain, and the next are spaced alike.
 * limited: it asked us to wait. undone: it was not asked.
 */
export type Outcome =
  | { kind: "read"; series: readonly string[]; differences: number }
  | { kind: "failed" }
  | { kind: "limited"; resetMs: number }
  | { kind: "undone" };

const HOUR = 60;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** From the announcement on, this many minutes long, every minute counts; and so long is an outage probed every minute. */
const EAGER_MINUTES = 90;
const PROBED_MINUTES = 60;
const PATIENT_PACE = 5;
/** A series that has missed more publications than this is no longer waited for: the hourly reconcile sees it come back. */
const MOST_AWAITED = 5;
/** A series without any data at the provider is looked at again after this; the daily audit covers it besides. */
const HISTORY_AGAIN_MS = DAY_MS;
const AUDIT_HOUR = 4;
/** How soon what was handed on is compared with what is stored, and how soon again while they differ. */
const VERIFY_MS = 10 * MINUTE_MS;
const AUDIT_AGAIN_MS = [VERIFY_MS, 60 * MINUTE_MS, 360 * MINUTE_MS] as const;
/** No instant to wait for lies further ahead than a daily limit's end: one that does comes from a clock that jumped. */
const FURTHEST_MS = 25 * 3_600_000;

/** The longest trailing window that a reconcile reads; the audit heals what lies further back. */
const LONGEST_WINDOW_DAYS = 90;

/** The series whose publication the platform waits for. */
export const FIX = "banxico.SF43718";

const ALL = SERIES.map(({ id }) => id);

/** What is to be done now. At most one reading of each kind, and never a reconcile besides a latest. */
export function due(nowMs: number, state: ScheduleState | Blind): Task[] {
  if ("blind" in state) return dueBlindly(nowMs, state);
  const tasks: Task[] = minutesSince(state.republishedMs, nowMs) >= HOUR ? [{ kind: "republish" }] : [];
  if (!isAhead(state.blockedUntilMs, nowMs)) tasks.push(...dueReadings(nowMs, state));
  return tasks;
}

/** The state once a reading has begun: whoever ticks while it runs does not begin another. */
export function begin(state: ScheduleState, { kind }: ReadingTask, nowMs: number): ScheduleState {
  return { ...state, attemptMs: { ...state.attemptMs, [kind]: nowMs } };
}

/**
 * The state after a reading. `state` is the one before it began, so that a reading that did not come to pass is due
 * again at once.
 */
export function settle(state: ScheduleState, task: ReadingTask, outcome: Outcome, nowMs: number): ScheduleState {
  switch (outcome.kind) {
    case "undone":
      return state;
    case "limited":
      return { ...state, blockedUntilMs: outcome.resetMs };
    case "failed":
      return { ...begin(state, task, nowMs), failingSinceMs: state.failingSinceMs ?? nowMs };
    case "read": {
      const read = { ...begin(state, task, nowMs), failingSinceMs: undefined, blockedUntilMs: undefined };
      if (task.kind === "audit") return { ...read, ...nextAudit(state, task, outcome, nowMs) };
      if (task.kind !== "history") return read;
      const historyMs = { ...state.historyMs, ...Object.fromEntries(outcome.series.map((id) => [id, nowMs])) };
      return { ...read, historyMs, auditDueMs: nowMs + VERIFY_MS, auditMisses: 0 };
    }
  }
}

/**
 * The days that a reconcile reads: the last `reconcileDays`, and after an outage back to where the stored data of these
 * series end. Where that is forgotten, it may be long ago.
 */
export function reconcileWindow(
  nowMs: number,
  series: readonly string[],
  newest: ScheduleState["newest"],
  reconcileDays: number,
): { from: PlainDate; to: PlainDate } {
  const to = mexicoCityDate(nowMs);
  const furthest = addDays(to, -Math.max(LONGEST_WINDOW_DAYS, reconcileDays));
  const from = series.map((id) => newest[id] ?? furthest).reduce(earlier, addDays(to, -reconcileDays));
  return { from: later(from, furthest), to };
}

/** Whether a bank day lies between the newest stored date of a series and one just read: that day's observation is missing. */
export function leavesGap(newest: PlainDate | undefined, read: PlainDate): boolean {
  return newest !== undefined && nextBankDay(newest) < read;
}

/** The newest FIX that may be out: that of the last bank day whose announcement has come. */
export function announcedDate(nowMs: number): PlainDate {
  const day = lastBankDayOnOrBefore(mexicoCityDate(nowMs));
  return nowMs >= publicationMs(day) ? day : previousBankDay(day);
}

function dueReadings(nowMs: number, state: ScheduleState): ReadingTask[] {
  const tasks: ReadingTask[] = [];
  const { attemptMs, failingSinceMs } = state;
  const isFailing = failingSinceMs !== undefined;
  const probePace = isFailing && minutesSince(failingSinceMs, nowMs) >= PROBED_MINUTES ? PATIENT_PACE : 1;
  const retryPace = isFailing ? probePace : HOUR;

  const unread = state.empty.filter((id) => elapsedMs(state.historyMs[id], nowMs) >= HISTORY_AGAIN_MS);
  const known = ALL.filter((id) => !state.unknown.includes(id));
  const series = known.filter((id) => !state.empty.includes(id));
  // A history that alone fails must not keep the rest from being read: others probe an outage where there are any.
  const isHistorysTurn = !isFailing || series.length === 0;
  // Where nothing is remembered either, a fill may have been cut short: then all of it is read again.
  if (unread.length > 0 && isHistorysTurn && minutesSince(attemptMs.history, nowMs) >= retryPace)
    tasks.push({ kind: "history", series: state.auditDueMs === undefined ? known : unread });

  if (series.length > 0) {
    const sinceReconcile = minutesSince(attemptMs.reconcile, nowMs);
    const sinceAny = Math.min(sinceReconcile, minutesSince(attemptMs.latest, nowMs));
    // A reconcile sees all that a latest sees, so one request does for both.
    if ((isFailing ? sinceAny : sinceReconcile) >= retryPace) tasks.push({ kind: "reconcile", series });
    else if (sinceAny >= awaitingPace(nowMs, state.newest)) tasks.push({ kind: "latest", series });
  }

  // While the provider fails, the others probe it; an audit, which costs most, only where it is all there is to do.
  const hasProbe = unread.length > 0 || series.length > 0;
  if ((!isFailing || !hasProbe) && isAuditDue(nowMs, state, series.length > 0))
    tasks.push({ kind: "audit", series: ALL });
  return tasks;
}

/**
 * Where no audit is remembered something was lost, perhaps halfway through the first fill: it is due as soon as what the
 * origin has is in Redis again to be compared with. `hasOthers`: there are series with data, which other readings see.
 */
function isAuditDue(
  nowMs: number,
  { auditDueMs, attemptMs, republishedMs, empty, unknown }: ScheduleState,
  hasOthers: boolean,
): boolean {
  // Begun since it fell due, and due still: it failed.
  const hasFailed = attemptMs.audit !== undefined && attemptMs.audit >= (auditDueMs ?? 0);
  const pace = hasFailed && hasOthers ? HOUR : PATIENT_PACE;
  if (minutesSince(attemptMs.audit, nowMs) < pace) return false;
  if (auditDueMs === undefined && (empty.length > 0 || unknown.length > 0)) return false;
  if (auditDueMs === undefined) return republishedMs !== undefined && minutesSince(republishedMs, nowMs) >= 1;
  return !isAhead(auditDueMs, nowMs);
}

/** Nothing is remembered, so the clock alone decides: one reading in five minutes. */
function dueBlindly(nowMs: number, { empty, unknown }: Blind): Task[] {
  const minute = minuteOf(nowMs);
  if (minute % PATIENT_PACE !== 0) return [];
  const others = ALL.filter((id) => !empty.includes(id) && !unknown.includes(id));
  const isHistorysTurn = others.length === 0 || (minute / PATIENT_PACE) % 2 === 0;
  if (empty.length > 0 && isHistorysTurn) return [{ kind: "history", series: empty }];
  return others.length > 0 ? [{ kind: "reconcile", series: others }] : [];
}

/** Minutes between two looks for an announced observation that is not stored yet; infinite where none is missing. */
function awaitingPace(nowMs: number, newest: ScheduleState["newest"]): number {
  const announced = announcedDate(nowMs);
  const missing = ALL.filter((id) => {
    const date = newest[id];
    return date !== undefined && date < announced && (id === FIX || bankDaysAfter(date, announced) <= MOST_AWAITED);
  });
  if (missing.length === 0) return Number.POSITIVE_INFINITY;
  const isEager = missing.includes(FIX) && minutesSince(publicationMs(announced), nowMs) < EAGER_MINUTES;
  return isEager ? 1 : PATIENT_PACE;
}

function nextAudit(
  state: ScheduleState,
  task: ReadingTask,
  { series, differences }: { series: readonly string[]; differences: number },
  nowMs: number,
): Pick<ScheduleState, "auditDueMs" | "auditMisses"> {
  const daily = nextMorningMs(nowMs);
  // Parts of the answer were not right: the next may be.
  if (series.length < task.series.length) return { auditDueMs: nowMs + HOUR * MINUTE_MS, auditMisses: 0 };
  if (differences === 0) return { auditDueMs: daily, auditMisses: 0 };
  const againMs = AUDIT_AGAIN_MS[state.auditMisses];
  return {
    auditDueMs: againMs === undefined ? daily : Math.min(daily, nowMs + againMs),
    auditMisses: state.auditMisses + 1,
  };
}

function nextMorningMs(nowMs: number): number {
  const today = mexicoCityDate(nowMs);
  const morningOf = (date: PlainDate) => midnightMs(date) + AUDIT_HOUR * HOUR * MINUTE_MS;
  return nowMs < morningOf(today) ? morningOf(today) : morningOf(addDays(today, 1));
}

function isAhead(instantMs: number | undefined, nowMs: number): boolean {
  return instantMs !== undefined && instantMs > nowMs && instantMs - nowMs <= FURTHEST_MS;
}

/** Never, and an instant that has yet to come (a clock was set back), count as long ago. */
function elapsedMs(thenMs: number | undefined, nowMs: number): number {
  return thenMs === undefined || thenMs > nowMs + MINUTE_MS ? Number.POSITIVE_INFINITY : nowMs - thenMs;
}

function minutesSince(thenMs: number | undefined, nowMs: number): number {
  return elapsedMs(thenMs, nowMs) === Number.POSITIVE_INFINITY
    ? Number.POSITIVE_INFINITY
    : minuteOf(nowMs) - minuteOf(thenMs ?? 0);
}

function minuteOf(instantMs: number): number {
  return Math.floor(instantMs / MINUTE_MS);
}
