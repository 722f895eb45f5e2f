import { compareDecimals, parseDecimal } from "../money/decimal.ts";
import type { PlainDate } from "../time/dates.ts";
import { dateIn, type Zone } from "../time/zones.ts";

/** An instant as RFC 3339 in UTC, whole seconds: "2026-03-13T18:00:30Z". */
export type Instant = string;

/** A value that holds from an instant on, until the next tick of its series. */
export type Tick = readonly [from: Instant, value: string];

/** The ticks of one series in one period: an hour ("2026-03-13T18"), or a day where they come every five minutes or more. */
export interface TickPage {
  series: string;
  period: string;
  /** The tick in force when the period began; null if none is known. */
  opening: Tick | null;
  /** Ascending; each differs in value from the one before it. */
  ticks: readonly Tick[];
}

/** The newest value of a series. */
export interface TickHead {
  /** Since when it holds. */
  from: Instant;
  value: string;
  /** When the provider last gave it. */
  seen: Instant;
}

/** No provider is polled more often. */
export const MIN_EVERY_SECONDS = 30;
/** How long ticks are kept. */
export const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** From this cadence on, a day's ticks fit into a page. */
const DAY_PAGES_FROM_SECONDS = 300;
/** The periods that a ring of pages has room for: those that are kept, the current one, and one for clocks that differ. */
const RING_DAYS = KEPT_DAYS + 2;
const RING_HOURS = RING_DAYS * 24;
const INSTANT = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

export function isInstant(text: string): boolean {
  return INSTANT.test(text) && instantAt(Date.parse(text)) === text;
}

/** The instant of a number of epoch milliseconds, fractions of a second cut off. NaN has none. */
export function instantAt(ms: number): Instant {
  return Number.isNaN(ms) ? "" : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The date of an instant where the provider is. */
export function dateOfInstant(instant: Instant, zone: Zone): PlainDate {
  return dateIn(zone, Date.parse(instant));
}

/** The page that an instant belongs to. */
export function periodOf(instant: Instant, everySeconds: number): string {
  return everySeconds < DAY_PAGES_FROM_SECONDS ? instant.slice(0, 13) : instant.slice(0, 10);
}

/** The place of a page in its series' ring, where it overwrites a page that is past keeping. */
export function slotOf(period: string): number {
  const isHour = period.length > 10;
  const startMs = Date.parse(isHour ? `${period}:00:00Z` : period);
  return isHour ? Math.floor(startMs / HOUR_MS) % RING_HOURS : RING_HOURS + (Math.floor(startMs / DAY_MS) % RING_DAYS);
}

/** The first instant whose ticks are still kept. */
export function keptFrom(nowMs: number): Instant {
  return instantAt(nowMs - KEPT_DAYS * DAY_MS);
}

export function isSameValue(a: string, b: string): boolean {
  return a === b || compareDecimals(parseDecimal(a), parseDecimal(b)) === 0;
}

/**
 * A history, ascending, with one more tick. `resumedAt`: of a tick that arrives late, the instant after it at which the
 * provider was known to have the value before it again, or one that is already listed.
 */
export function withTick(history: readonly Tick[], tick: Tick, resumedAt: Instant | undefined): Tick[] {
  const [instant] = tick;
  const before = history.filter(([from]) => from < instant);
  const after = history.filter(([from]) => from > instant);
  const [nextFrom] = after[0] ?? [];
  const was = before.at(-1);
  const isResumed = was !== undefined && resumedAt !== undefined && (nextFrom === undefined || resumedAt < nextFrom);
  return changesOf([...before, tick, ...(isResumed ? [[resumedAt, was[1]] as const] : []), ...after]);
}

/** The ticks that differ from the one before them. */
export function changesOf(ticks: readonly Tick[]): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) {
    const last = kept.at(-1);
    if (last === undefined || !isSameValue(last[1], tick[1])) kept.push(tick);
  }
  return kept;
}

/** The ticks of some pages of one series in order, each once, begun by what was in force before them. */
export function historyOf(pages: readonly TickPage[]): Tick[] {
  const inOrder = pages.toSorted((a, b) => (a.period < b.period ? -1 : 1));
  const opening = inOrder.find((page) => page.opening !== null)?.opening;
  const ticks = new Map<Instant, string>(inOrder.flatMap((page) => page.ticks));
  const [first] = [...ticks.keys()].sort();
  if (opening && (first === undefined || opening[0] < first)) ticks.set(...opening);
  return [...ticks].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The same history cut into pages: those of these periods, and of the periods of its ticks from `since` on. */
export function pagesOf(
  series: string,
  history: readonly Tick[],
  { since, everySeconds, periods }: { since: Instant; everySeconds: number; periods: readonly string[] },
): TickPage[] {
  const own = history.filter(([from]) => from >= since).map(([from]) => periodOf(from, everySeconds));
  return [...new Set([...periods, ...own])].sort().map((period) => ({
    series,
    period,
    opening: history.findLast(([from]) => from < period) ?? null,
    ticks: history.filter(([from]) => from.startsWith(period)),
  }));
}

/** The tick in force at an instant. */
export function tickAt(history: readonly Tick[], instant: Instant): Tick | undefined {
  return history.findLast(([from]) => from <= instant);
}
