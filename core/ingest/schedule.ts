import type { DateRange } from "../providers/provider.ts";
import { DAY_MS, later, type PlainDate } from "../time/dates.ts";
import { announcedAtMs, announcedLatest, lastAnnouncement, publicationsAfter } from "../time/publication.ts";
import { EAGER_MINUTES, type Group, type Plan } from "./plan.ts";

/**
 * What the ingestion of a provider does at each tick of the cron (every minute), as pure functions of the instant, the
 * provider's plan and what is remembered. Time is counted in whole minutes, so that a tick some milliseconds early is not
 * taken for too early.
 */

/** A trailing window of every series in use, or only the newest values where ranges are limited or cost more. */
export interface SyncTask {
  kind: "sync";
  series: readonly string[];
  span: "window" | "newest";
  limitClass: string;
  /** Hands on what it reads even if nothing is new: a second reading may confirm what the origin holds back. */
  isThorough: boolean;
  /** One request per series, since a request for all of them fails. */
  isSplit: boolean;
  /** Made after an announcement although a limit is in force or the budget used up: either may be remembered wrongly. */
  isProbe: boolean;
}

/** Everything that there is of these series, or the next part of it. */
export interface AuditTask {
  kind: "audit";
  series: readonly string[];
  limitClass: string;
  /** Only these dates, which syncs left out. */
  leftOut?: DateRange | undefined;
}

export type ReadingTask = SyncTask | AuditTask;

/** republish: compare what Redis holds with what the origin has. It needs nothing from the provider. */
export type Task = ReadingTask | { kind: "republish" };

export type Attempt = "sync" | "window" | "audit" | "probe";

export interface ScheduleState {
  /** The newest stored date of each series that has data. */
  newest: Readonly<Record<string, PlainDate>>;
  /** When a sync or an audit was last begun, the last sync of a whole window, and the last probe. */
  attemptMs: Readonly<Partial<Record<Attempt, number>>>;
  /** When each series is to be audited next; a series that was never audited is due. */
  auditDueMs: Readonly<Record<string, number>>;
  /** Audits begun since one last succeeded. */
  auditTries: number;
  /** Where an audit goes on that takes more requests than can be made at once: the newest date that it has not read. */
  auditTo?: PlainDate | undefined;
  /** The dates that syncs of whole windows left out, to be read before an audit goes on. */
  leftOut?: DateRange | undefined;
  /** Since when readings fail, and whether that is the queue's fault rather than the provider's. */
  failure?: { sinceMs: number; isQueue: boolean } | undefined;
  /** Until when the provider refuses each class of request with the present secret. */
  blockedUntilMs: Readonly<Record<string, number | undefined>>;
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
const MINUTE_MS = 60_000;
/** For so long an outage is probed as eagerly as an announcement is awaited. */
const PROBED_MINUTES = 60;
/** A series that has missed more publications than this is no longer waited for: the routine sync sees it come back. */
const MAX_AWAITED = 5;
/** The newest values cover what was missed up to this many publications ago. */
const MAX_MISSED_BY_NEWEST = 1;
/** A stated wait counts for this long at most: it may be wrong, and one request an hour harms nobody. */
export const MAX_BLOCK_MS = HOUR * MINUTE_MS;
/** Minutes from one attempt at an audit to the next, by the number of attempts that failed. */
const AUDIT_PACES = [0, 5, 15, 60] as const;
const MAX_AUDIT_WAIT_MS = DAY_MS + HOUR * MINUTE_MS;

/** What is to be done now, in this order. An audit that succeeds sees all that a sync sees, which is then no longer due. */
export function due(nowMs: number, state: ScheduleState | Blind, plan: Plan): Task[] {
  if ("blind" in state) return dueBlindly(nowMs, state, plan);
  const tasks: Task[] = minutesSince(state.republishedMs, nowMs) >= HOUR ? [{ kind: "republish" }] : [];
  const readings = [dueAudit(nowMs, state, plan), dueSync(nowMs, state, plan)];
  return [...tasks, ...readings.filter((reading) => reading !== undefined)];
}

/** The series that a sync reads. */
export function syncedSeries({ groups }: Pick<Plan, "groups">): string[] {
  return groups.flatMap(({ series }) => series);
}

function dueAudit(nowMs: number, state: ScheduleState, plan: Plan): AuditTask | undefined {
  const { auditDueMs, auditTries, attemptMs, failure, blockedUntilMs, leftOut } = state;
  const isDue = (id: string) => !isAhead(auditDueMs[id], nowMs, MAX_AUDIT_WAIT_MS);
  const series = leftOut ? syncedSeries(plan) : plan.series.filter(isDue);
  const limitClass = plan.limitClasses.range;
  if (series.length === 0 || failure !== undefined || isBlocked(limitClass, blockedUntilMs, nowMs)) return undefined;
  if (minutesSince(attemptMs.audit, nowMs) < (AUDIT_PACES[auditTries] ?? plan.paces.routine)) return undefined;
  // One that failed before does not take a minute from a value that is awaited.
  if (auditTries > 0 && awaitingPace(nowMs, state, plan) === plan.paces.eager) return undefined;
  return { kind: "audit", series, limitClass, leftOut };
}

function dueSync(nowMs: number, state: ScheduleState, plan: Plan): SyncTask | undefined {
  const { attemptMs, failure, blockedUntilMs, faultySinceMs, changedMs } = state;
  const { paces, limitClasses } = plan;
  const announcedMs = plan.groups.map(({ publication }) => lastAnnouncement(publication, nowMs).atMs);
  const announcementMinutes = [1, ...paces.rereads];
  const isAnnouncementDue = (sinceMs: number | undefined) =>
    announcedMs.some((markMs) => isAnyDue(announcementMinutes, markMs, sinceMs, nowMs));
  const sinceSync = minutesSince(attemptMs.sync, nowMs);
  const isFaulty = faultySinceMs !== undefined && minutesSince(faultySinceMs, nowMs) < HOUR;
  const isThorough =
    sinceSync >= (isFaulty ? paces.patient : paces.routine) ||
    isAnyDue(paces.rereads, changedMs, attemptMs.sync, nowMs) ||
    isAnnouncementDue(attemptMs.sync);
  const pace = failure === undefined ? awaitingPace(nowMs, state, plan) : probingPace(nowMs, failure.sinceMs, plan);
  const isDue = sinceSync >= pace || (isThorough && failure === undefined);
  const isProbe = isAnnouncementDue(attemptMs.probe);
  const isRange = !isBlocked(limitClasses.range, blockedUntilMs, nowMs) && isRangeWanted(nowMs, state, plan);
  const limitClass = isRange ? limitClasses.range : limitClasses.newest;
  if (!isProbe && (!isDue || isBlocked(limitClass, blockedUntilMs, nowMs))) return undefined;
  return {
    kind: "sync",
    series: syncedSeries(plan),
    span: isRange ? "window" : "newest",
    limitClass,
    isThorough: isThorough || failure !== undefined,
    // A fault of one series may fail the request for all: every other probe looks at each of them.
    isSplit: plan.isDivisible && failure?.isQueue === false && minuteOf(nowMs) % 2 === 1,
    isProbe,
  };
}

/** Nothing is remembered, so the clock alone decides: one reading in five minutes. */
function dueBlindly(nowMs: number, { empty }: Blind, plan: Plan): Task[] {
  const { patient } = plan.paces;
  const minute = minuteOf(nowMs);
  if (minute % patient !== 0) return [];
  const limitClass = plan.limitClasses.range;
  if (empty.length > 0 && (minute / patient) % 2 === 0) return [{ kind: "audit", series: empty, limitClass }];
  const span = plan.isRangeCheap ? "window" : "newest";
  const how = { isThorough: true, isSplit: false, isProbe: false } as const;
  return [{ kind: "sync", series: syncedSeries(plan), span, limitClass, ...how }];
}

/** Where ranges cost more than the newest values, they are read once a day, and if these would leave a gap. */
function isRangeWanted(nowMs: number, { newest, attemptMs }: ScheduleState, plan: Plan): boolean {
  const { groups, hasRanges, isRangeCheap } = plan;
  if (!hasRanges) return false;
  if (isRangeCheap || minutesSince(attemptMs.window, nowMs) >= DAY_MS / MINUTE_MS) return true;
  return groups.some(({ publication, series }) => {
    const latest = latestOf(series, newest);
    if (latest === undefined) return false;
    return publicationsAfter(publication, latest, announcedLatest(publication, nowMs)) > MAX_MISSED_BY_NEWEST;
  });
}

/** Minutes between two looks for announced values that are not stored yet; infinite if none is missing. */
function awaitingPace(nowMs: number, state: ScheduleState, plan: Plan): number {
  return Math.min(...plan.groups.map((group) => awaitingPaceOf(group, nowMs, state, plan)));
}

function awaitingPaceOf(
  { publication, series }: Group,
  nowMs: number,
  { newest, faultySinceMs }: ScheduleState,
  { paces }: Plan,
): number {
  const announced = announcedLatest(publication, nowMs);
  const isAwaited = (id: string) => {
    const date = newest[id];
    return date !== undefined && date < announced && publicationsAfter(publication, date, announced) <= MAX_AWAITED;
  };
  const [first = ""] = series;
  if ((latestOf(series, newest) ?? "") < announced || isAwaited(first))
    return minutesSince(announcedAtMs(publication, announced), nowMs) < EAGER_MINUTES ? paces.eager : paces.patient;
  // A series that has been faulty for long is left to the routine sync.
  if (faultySinceMs !== undefined && minutesSince(faultySinceMs, nowMs) >= HOUR) return Number.POSITIVE_INFINITY;
  return series.some(isAwaited) ? paces.patient : Number.POSITIVE_INFINITY;
}

/** The newest date that any of these series has. */
function latestOf(series: readonly string[], newest: ScheduleState["newest"]): PlainDate | undefined {
  return series.reduce((latest, id) => later(latest, newest[id] ?? ""), "") || undefined;
}

function probingPace(nowMs: number, failingSinceMs: number, { paces }: Plan): number {
  return minutesSince(failingSinceMs, nowMs) >= PROBED_MINUTES ? paces.patient : paces.eager;
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

function isBlocked(limitClass: string, untilMs: ScheduleState["blockedUntilMs"], nowMs: number): boolean {
  return isAhead(untilMs[limitClass], nowMs, MAX_BLOCK_MS);
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
