import { PROVIDERS } from "../providers/provider-list.ts";
import { parseWindow } from "../rates/average.ts";
import { daysBetween, earlier, isPlainDate, later, type PlainDate } from "../time/dates.ts";
import { ENDPOINTS } from "./endpoint-list.ts";
import { DEFAULT_DAYS } from "./endpoints/historical.ts";

/** The routes whose cost grows with the period that is asked for, as patterns of the router. */
export const PERIOD_ROUTES: readonly string[] = ENDPOINTS.filter(({ costsByPeriod }) => costsByPeriod).map(
  ({ route }) => route.getRoutingPath(),
);

/** What is asked for of such a route: none of it is validated yet. */
export interface PeriodRequest {
  from?: string | undefined;
  to?: string | undefined;
  days?: string | undefined;
  limit?: string | undefined;
  /** Of an average. */
  window?: string | undefined;
}

/** Up to this many days a response costs little more than one rate. */
const MAX_LIGHT_DAYS = 200;
/** A unit is some 2 ms of processor time. */
const DAYS_PER_UNIT = 2_500;
/** Weekends and holidays lie between observations. */
const DAYS_PER_OBSERVATION = 1.5;

const FIRST_DATE = PROVIDERS.map(({ firstDate }) => firstDate).reduce(earlier);

/**
 * What a request costs, in units, before anything is read: 0 for a light one, and for one that will be refused. Limits and
 * queues count it, so that long periods leave short ones alone.
 */
export function costUnitsOf(request: PeriodRequest, today: PlainDate): number {
  const days = Math.min(daysOf(request, today), daysBetween(FIRST_DATE, today) + 1);
  return days > MAX_LIGHT_DAYS ? Math.ceil(days / DAYS_PER_UNIT) : 0;
}

function daysOf({ from, to, days, limit, window }: PeriodRequest, today: PlainDate): number {
  if (window !== undefined) {
    const parsed = parseWindow(window);
    return parsed !== undefined && "days" in parsed ? parsed.days : 0;
  }
  if (from !== undefined) {
    const last = to ?? today;
    if (!isPlainDate(from) || !isPlainDate(last)) return 0;
    return Math.max(0, daysBetween(later(from, FIRST_DATE), earlier(last, today)) + 1);
  }
  if (days !== undefined) return countOf(days);
  return limit === undefined ? DEFAULT_DAYS : countOf(limit) * DAYS_PER_OBSERVATION;
}

function countOf(text: string): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}
