import { mexicoCityDate } from "./calendar.ts";
import { type PlainDate, weekdayOf } from "./dates.ts";
import { isRateValue } from "./page.ts";
import { findSeries } from "./series.ts";

/** Why an observation is put in quarantine and not served. */
export type Refusal = "unknown_series" | "not_a_rate" | "in_the_future" | "on_a_weekend" | "implausible_jump";

/** A move larger than this, as |ln(new / old)|, waits for a person. The largest real one since 2000 is 7.4 % (2016-11-09). */
const LARGEST_MOVE = 0.1;
/** In the crisis of December 1994 to March 1995 real moves reached 20 %. */
const GUARD_SINCE: PlainDate = "1996-01-01";
/** Between observations further apart than this a large move is plausible. The longest real gap is 5 days. */
const LONGEST_GUARDED_GAP_DAYS = 14;

export interface Candidate {
  series: string;
  date: PlainDate;
  value: string;
}

/**
 * Whether a value may be stored as a rate: the last gate before the database.
 * `previous` is the stored observation before the candidate's date, where there is one.
 */
export function review(
  candidate: Candidate,
  previous: Omit<Candidate, "series"> | undefined,
  nowMs: number,
): Refusal | undefined {
  const { date, value } = candidate;
  if (!findSeries(candidate.series)) return "unknown_series";
  if (!isRateValue(value)) return "not_a_rate";
  if (date > mexicoCityDate(nowMs)) return "in_the_future";
  const weekday = weekdayOf(date);
  if (weekday === 0 || weekday === 6) return "on_a_weekend";
  if (previous && isImplausible(candidate, previous)) return "implausible_jump";
  return undefined;
}

function isImplausible({ date, value }: Candidate, previous: Omit<Candidate, "series">): boolean {
  const gapDays = (Date.parse(date) - Date.parse(previous.date)) / 86_400_000;
  if (date < GUARD_SINCE || gapDays > LONGEST_GUARDED_GAP_DAYS) return false;
  // Doubles are right here: this is a guard on the size of a move, not a rate.
  return Math.abs(Math.log(Number(value) / Number(previous.value))) > LARGEST_MOVE;
}
