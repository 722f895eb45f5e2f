import { addDays, earlier, later, monthBounds, type PlainDate, weekdayOf } from "../time/dates.ts";
import { extremesOf } from "./extremes.ts";
import type { Fixing } from "./fixing.ts";
import type { Route } from "./route.ts";

/** Longer than a day: a fixing is one number per day, so a bar of one day would say nothing. */
export const INTERVALS = ["week", "month", "quarter", "year"] as const;
export type Interval = (typeof INTERVALS)[number];

/** The fixings that a bar is drawn from. */
export interface Bar {
  /** The bar's interval, cut to the period that it was made of. */
  from: PlainDate;
  to: PlainDate;
  open: Fixing;
  high: Fixing;
  low: Fixing;
  close: Fixing;
  observations: number;
}

/** The bars over the fixings of [from, to], ascending. An interval without a fixing has no bar. */
export function barsOf(
  route: Route,
  fixings: readonly Fixing[],
  interval: Interval,
  from: PlainDate,
  to: PlainDate,
): Bar[] {
  const bars: Bar[] = [];
  let start = 0;
  while (start < fixings.length) {
    const open = fixings[start] as Fixing;
    const bounds = intervalBounds(open.date, interval);
    let end = start + 1;
    while (end < fixings.length && (fixings[end] as Fixing).date <= bounds.to) end++;
    const within = [open, ...fixings.slice(start + 1, end)] as const;
    const { high, low } = extremesOf(route, within);
    bars.push({
      from: later(bounds.from, from),
      to: earlier(bounds.to, to),
      open,
      high,
      low,
      close: within.at(-1) ?? open,
      observations: within.length,
    });
    start = end;
  }
  return bars;
}

/** The first and last day of the interval that a date lies in. Weeks are those of ISO 8601: Monday to Sunday. */
export function intervalBounds(date: PlainDate, interval: Interval): { from: PlainDate; to: PlainDate } {
  const year = date.slice(0, 4);
  switch (interval) {
    case "week": {
      const monday = addDays(date, -((weekdayOf(date) + 6) % 7));
      return { from: monday, to: addDays(monday, 6) };
    }
    case "month":
      return monthBounds(date.slice(0, 7));
    case "quarter": {
      const last = Math.ceil(Number(date.slice(5, 7)) / 3) * 3;
      const month = (number: number) => `${year}-${String(number).padStart(2, "0")}`;
      return { from: `${month(last - 2)}-01`, to: monthBounds(month(last)).to };
    }
    case "year":
      return { from: `${year}-01-01`, to: `${year}-12-31` };
  }
}
