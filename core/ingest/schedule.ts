import { banxico } from "../providers/banxico.ts";
import type { Closures } from "../time/closures.ts";
import { addDays, earlier, later, type PlainDate } from "../time/dates.ts";
import {
  bankDaysAfter,
  lastBankDayOnOrBefore,
  mexicoCityDate,
  previousBankDay,
  publicationMs,
} from "../time/mexico.ts";
import type { RequestClass } from "./banxico.ts";

/**
 * What the ingestion does at each tick of the cron (every minute), as pure functions of the instant and of what is
 * remembered. Time is counted in whole minutes, so that a tick some milliseconds early is not taken for too early.
 */

/** A trailing window of every series, or only the newest observations while Banxico limits requests for ranges. */
export interface SyncTask {
  kind: "sync";
  series: readonly string[];
  requestClass: RequestClass;
  /** Hands on what it reads even if nothing is new: a second reading may confirm what the origin holds back. */
  isThorough: boolean;
  /** One request per series, since a request for all of them fails. */
  isSplit: boolean;
  /** Made after an announcement although a limit is in force or the budget used up: either may be remembered wrongly. */
  isProbe: boolean;
}

/** Everything that there is of these series. */
export interface AuditTask {
  kind: "audit";
  series: readonly string[];
}

export type ReadingTask = SyncTask | AuditTask;

/** republish: compare what Redis holds with what the origin has. It needs nothing from the provider. */
export type Task = ReadingTask | { kind: "republish" };

export interface ScheduleState {
  /** The newest stored date of each series that has data. */
  newest: Readonly<Record<string, PlainDate>>;
  /** When a sync or an audit was last begun, and the last probe. */
  attemptMs: Readonly<Partial<Record<"sync" | "audit" | "probe", number>>>;
  /** When each series is to be audited next; a series that was never audited is due. */
  auditDueMs: Readonly<Record<string, number>>;
  /** Audits begun since one last succeeded. */
  auditTries: number;
  /** Since when readings fail, and whether that is the queue's fault rather than Banxico's. */
  failure?: { sinceMs: number; isQueue: boolean } | undefined;
  /** Until when Banxico refuses each class of request with the present token. */
  blockedUntilMs: Readonly<Partial<Record<RequestClass, number | undefined>>>;
  /** Since when some series are missing from the responses, or invalid. */
  faultySinceMs?: number | undefined;
  /** When something new was last handed on, or the origin last held a newer value than a reading knew of. */
  changedMs?: number | undefined;
  republishedMs?: number | undefined;
}

/** What is left to go by while Redis is away and nothing is remembered. */
export interface Blind {
  blind: true;
  /** Series without any data at the origin. */
  empty: readonly string[];
}

const HOUR = 60;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** From the announcement on, this many minutes long, every minute counts; and so long is an outage probed every minute. */
const EAGER_MINUTES = 90;
const PROBED_MINUTES = 60;
const PATIENT_PACE = 5;
/** A series that has missed more publications than this is no longer waited for: the hourly sync sees it come back. */
const MAX_AWAITED = 5;
/** A new value may be corrected within minutes, so it is read again this many minutes after it was taken in. */
const REREAD_MINUTES = [3, 10, 30] as const;
/** And this many after each announcement, whatever is remembered of it, of limits and of the budget. */
const ANNOUNCEMENT_MINUTES = [1, ...REREAD_MINUTES] as const;
/** A stated wait counts for this long at most: it may be wrong, and one request an hour harms nobody. */
export const MAX_BLOCK_MS = HOUR * MINUTE_MS;
/** Minutes from one attempt at an audit to the next, by the number of attempts that failed. */
const AUDIT_PACES = [0, 5, 15, 60] as const;
const MAX_AUDIT_WAIT_MS = DAY_MS + HOUR * MINUTE_MS;
/** The longest trailing window that a sync reads; the audit heals what lies further back. */
const MAX_WINDOW_DAYS = 90;

/** The series whose publication the platform waits for. */
export const FIX = "banxico.SF43718";

const ALL = banxico.series.map(({ id }) => id);

/**
 * What is to be done now, in this order. An audit that succeeds sees all that a sync sees, which is then no longer due.
 * `closures`: the days on which no FIX is awaited although the rule has the banks open.
 */
export function due(nowMs: number, state: ScheduleState | Blind, closures?: Closures): Task[] {
  if ("blind" in state) return dueBlindly(nowMs, state);
  const tasks: Task[] = minutesSince(state.republishedMs, nowMs) >= HOUR ? [{ kind: "republish" }] : [];
  const readings = [dueAudit(nowMs, state, closures), dueSync(nowMs, state, closures)];
  return [...tasks, ...readings.filter((reading) => reading !== undefined)];
}

/**
 * The days that a sync reads: the last `syncDays`, and after an outage back to where the stored data of these series end.
 * Where that is forgotten, it may be long ago.
 */
export function syncWindow(
  nowMs: number,
  series: readonly string[],
  newest: ScheduleState["newest"],
  syncDays: number,
): { from: PlainDate; to: PlainDate } {
  const to = mexicoCityDate(nowMs);
  const furthest = addDays(to, -Math.max(MAX_WINDOW_DAYS, syncDays));
  const from = series.map((id) => newest[id] ?? furthest).reduce(earlier, addDays(to, -syncDays));
  return { from: later(from, furthest), to };
}

/** The newest FIX that may be out: that of the last bank day whose announcement has come. */
export function announcedDate(nowMs: number, closures?: Closures): PlainDate {
  const day = lastBankDayOnOrBefore(mexicoCityDate(nowMs), closures);
  return nowMs >= publicationMs(day) ? day : previousBankDay(day, closures);
}

function dueAudit(nowMs: number, state: ScheduleState, closures: Closures | undefined): AuditTask | undefined {
  const { auditDueMs, auditTries, attemptMs, failure, blockedUntilMs } = state;
  const series = ALL.filter((id) => !isAhead(auditDueMs[id], nowMs, MAX_AUDIT_WAIT_MS));
  if (series.length === 0 || failure !== undefined || isBlocked("historica", blockedUntilMs, nowMs)) return undefined;
  if (minutesSince(attemptMs.audit, nowMs) < (AUDIT_PACES[auditTries] ?? HOUR)) return undefined;
  // One that failed before does not take a minute from a FIX that is awaited.
  return auditTries > 0 && awaitingPace(nowMs, state, closures) === 1 ? undefined : { kind: "audit", series };
}

function dueSync(nowMs: number, state: ScheduleState, closures: Closures | undefined): SyncTask | undefined {
  const { attemptMs, failure, blockedUntilMs, faultySinceMs, changedMs } = state;
  const sinceSync = minutesSince(attemptMs.sync, nowMs);
  const announcedMs = publicationMs(announcedDate(nowMs, closures));
  const isFaulty = faultySinceMs !== undefined && minutesSince(faultySinceMs, nowMs) < HOUR;
  const isThorough =
    sinceSync >= (isFaulty ? PATIENT_PACE : HOUR) ||
    isAnyDue(REREAD_MINUTES, changedMs, attemptMs.sync, nowMs) ||
    isAnyDue(ANNOUNCEMENT_MINUTES, announcedMs, attemptMs.sync, nowMs);
  const pace = failure === undefined ? awaitingPace(nowMs, state, closures) : probingPace(nowMs, failure.sinceMs);
  const isDue = sinceSync >= pace || (isThorough && failure === undefined);
  const isProbe = isAnyDue(ANNOUNCEMENT_MINUTES, announcedMs, attemptMs.probe, nowMs);
  const requestClass = isBlocked("historica", blockedUntilMs, nowMs) ? "oportuna" : "historica";
  if (!isProbe && (!isDue || isBlocked(requestClass, blockedUntilMs, nowMs))) return undefined;
  return {
    kind: "sync",
    series: ALL,
    requestClass,
    isThorough: isThorough || failure !== undefined,
    // A fault of one series may fail the request for all: every other probe looks at each of them.
    isSplit: failure?.isQueue === false && minuteOf(nowMs) % 2 === 1,
    isProbe,
  };
}

/** Nothing is remembered, so the clock alone decides: one reading in five minutes. */
function dueBlindly(nowMs: number, { empty }: Blind): Task[] {
  const minute = minuteOf(nowMs);
  if (minute % PATIENT_PACE !== 0) return [];
  if (empty.length > 0 && (minute / PATIENT_PACE) % 2 === 0) return [{ kind: "audit", series: empty }];
  const sync = { requestClass: "historica", isThorough: true, isSplit: false, isProbe: false } as const;
  return [{ kind: "sync", series: ALL, ...sync }];
}

/** Minutes between two looks for an announced observation that is not stored yet; infinite if none is missing. */
function awaitingPace(nowMs: number, { newest, faultySinceMs }: ScheduleState, closures: Closures | undefined): number {
  const announced = announcedDate(nowMs, closures);
  if ((newest[FIX] ?? "") < announced)
    return minutesSince(publicationMs(announced), nowMs) < EAGER_MINUTES ? 1 : PATIENT_PACE;
  // A series that has been faulty for long is left to the hourly sync.
  if (faultySinceMs !== undefined && minutesSince(faultySinceMs, nowMs) >= HOUR) return Number.POSITIVE_INFINITY;
  const isAwaited = ALL.some((id) => {
    const date = newest[id];
    return date !== undefined && date < announced && bankDaysAfter(date, announced, closures) <= MAX_AWAITED;
  });
  return isAwaited ? PATIENT_PACE : Number.POSITIVE_INFINITY;
}

function probingPace(nowMs: number, failingSinceMs: number): number {
  return minutesSince(failingSinceMs, nowMs) >= PROBED_MINUTES ? PATIENT_PACE : 1;
}

/** Whether no attempt was made since the latest of these minutes after `markMs`. */
function isAnyDue(
  minutes: readonly number[],
  markMs: number | undefined,
  attemptMs: number | undefined,
  nowMs: number,
): boolean {
  const elapsed = minutesSince(markMs, nowMs);
  if (markMs === undefined || elapsed === Number.POSITIVE_INFINITY) return false;
  const sinceAttempt = minutesSince(attemptMs, nowMs);
  return minutes.some((minute) => elapsed >= minute && sinceAttempt > elapsed - minute);
}

function isBlocked(requestClass: RequestClass, untilMs: ScheduleState["blockedUntilMs"], nowMs: number): boolean {
  return isAhead(untilMs[requestClass], nowMs, MAX_BLOCK_MS);
}

/** An instant further ahead than `maxMs` comes from a clock that jumped: nothing waits for it. */
function isAhead(instantMs: number | undefined, nowMs: number, maxMs: number): boolean {
  return instantMs !== undefined && instantMs > nowMs && instantMs - nowMs <= maxMs;
}

/** Never, and an instant that has yet to come (a clock was set back), count as long ago. */
function minutesSince(thenMs: number | undefined, nowMs: number): number {
  if (thenMs === undefined || thenMs > nowMs + MINUTE_MS) return Number.POSITIVE_INFINITY;
  return minuteOf(nowMs) - minuteOf(thenMs);
}

function minuteOf(instantMs: number): number {
  return Math.floor(instantMs / MINUTE_MS);
}
