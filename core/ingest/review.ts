import type { Provider } from "../providers/provider.ts";
import { findProvider, findSeries } from "../providers/provider-list.ts";
import { isRateValue } from "../rates/page.ts";
import type { Series } from "../rates/series.ts";
import { addDays, type PlainDate, weekdayOf } from "../time/dates.ts";
import { dateIn } from "../time/zones.ts";

/** Why a value cannot be a rate of its series and day. */
export type Refusal = "unknown_series" | "not_a_rate" | "in_the_future" | "on_a_weekend" | "before_first_date";

export interface Candidate {
  series: string;
  date: PlainDate;
  value: string;
}

/** What can be said of a value by itself; how it compares with others is core/ingest/moves' to say. */
export type Reviewer = (date: PlainDate, value: string) => Refusal | undefined;

/** For many values of a series: what they have in common is looked up once. */
export function reviewerOf(series: string, nowMs: number): Reviewer {
  const known = findSeries(series);
  const provider = known && findProvider(known.provider);
  if (known === undefined || provider === undefined) return () => "unknown_series";
  const lastDate = lastDateOf(known, provider, nowMs);
  return (date, value) => {
    if (!isRateValue(value)) return "not_a_rate";
    if (date > lastDate) return "in_the_future";
    if (!provider.hasWeekendDates && weekdayOf(date) % 6 === 0) return "on_a_weekend";
    if (date < known.since) return "before_first_date";
    return undefined;
  };
}

/** The last date that a series may have a value for: today where its provider is, or some days ahead. */
export function lastDateOf(series: Series, provider: Provider, nowMs: number): PlainDate {
  return addDays(dateIn(provider.publication.zone, nowMs), series.horizonDays ?? provider.horizonDays);
}
