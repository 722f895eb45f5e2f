import { addDays, type PlainDate } from "../time/dates.ts";

/** How far the evaluation of a metric has come: the newest date, and the version of its value then. */
export interface MetricHead {
  date: PlainDate;
  /** The highest sequence number among the observations that the value is made of. */
  version: number;
}

/** A date so long before today was loaded as history: it is no news. An outage of a month loses no crossing. */
export const MAX_MISSED_DAYS = 31;

/**
 * What a value of a metric is. `ignore`: an older date, whose revision changes nothing that holds today, a value that
 * was evaluated before, or history.
 */
export type Verdict = "published" | "revised" | "ignore";

/** Judges a value of a metric that was evaluated up to `head`. `today`: the UTC date of the evaluation. */
export function judge(head: MetricHead, value: MetricHead, today: PlainDate): Verdict {
  if (value.date < head.date || value.date < addDays(today, -MAX_MISSED_DAYS)) return "ignore";
  if (value.date > head.date) return "published";
  return value.version > head.version ? "revised" : "ignore";
}
