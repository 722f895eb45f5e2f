import { findSeries } from "../providers/provider-list.ts";
import { isRateValue } from "../rates/page.ts";
import { type PlainDate, weekdayOf } from "../time/dates.ts";
import { mexicoCityDate } from "../time/mexico.ts";

/** Why a value cannot be a rate of its series and day. */
export type Refusal = "unknown_series" | "not_a_rate" | "in_the_future" | "on_a_weekend" | "before_first_date";

export interface Candidate {
  series: string;
  date: PlainDate;
  value: string;
}

/** What can be said of a value by itself; how it compares with others is core/rates/moves' to say. */
export function review({ series, date, value }: Candidate, nowMs: number): Refusal | undefined {
  const known = findSeries(series);
  if (!known) return "unknown_series";
  if (!isRateValue(value)) return "not_a_rate";
  if (date > mexicoCityDate(nowMs)) return "in_the_future";
  const weekday = weekdayOf(date);
  if (weekday === 0 || weekday === 6) return "on_a_weekend";
  if (date < known.since) return "before_first_date";
  return undefined;
}
