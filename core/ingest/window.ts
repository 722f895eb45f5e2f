import type { DateRange, SeriesData } from "../providers/provider.ts";
import { addDays, earlier, later, type PlainDate } from "../time/dates.ts";
import { announcedLatest, nextDateAfter } from "../time/publication.ts";
import { dateIn } from "../time/zones.ts";
import type { Plan } from "./plan.ts";

/** The dates that a sync of a whole window reads, and those that it must leave out. */

type NewestDates = Readonly<Record<string, PlainDate | undefined>>;

/** The longest trailing window that a sync reads; the audit heals what lies further back. */
const MAX_WINDOW_DAYS = 90;

/**
 * The days that a sync reads: the last `syncDays`, and after an outage back to where the stored data of these series end.
 * Where that is forgotten, it may be long ago. If each day takes a request, of those to come only the next that is announced.
 */
export function syncWindow(
  nowMs: number,
  series: readonly string[],
  newest: NewestDates,
  plan: Pick<Plan, "zone" | "horizonDays" | "groups" | "isRangeCheap">,
  syncDays: number,
): DateRange {
  const today = dateIn(plan.zone, nowMs);
  const furthest = addDays(today, -Math.max(MAX_WINDOW_DAYS, syncDays));
  const from = series.map((id) => newest[id] ?? furthest).reduce(earlier, addDays(today, -syncDays));
  const last = addDays(today, plan.horizonDays);
  return { from: later(from, furthest), to: plan.isRangeCheap ? last : earlier(last, nextAnnounced(plan, nowMs)) };
}

/**
 * What is missing of a window of which `upTo` and all before it was not read: the dates after those stored before, of the
 * series that have values. Others may have ended long ago.
 */
export function leftOutOf(
  window: DateRange,
  upTo: PlainDate,
  data: readonly SeriesData[],
  newest: NewestDates,
): DateRange | undefined {
  const stored = data.flatMap(({ series, observations }) => (observations.length > 0 ? (newest[series] ?? []) : []));
  const from = later(window.from, addDays(stored.reduce(earlier, upTo), 1));
  return from <= upTo ? { from, to: upTo } : undefined;
}

function nextAnnounced({ groups }: Pick<Plan, "groups">, nowMs: number): PlainDate {
  return groups
    .map(({ publication }) => nextDateAfter(publication, announcedLatest(publication, nowMs)))
    .reduce(later, "");
}
