import type { PlainDate } from "#core/time/dates.ts";
import type { SeriesReading } from "#core/wire/internal.ts";
import { isOvertaken } from "./differences.ts";
import {
  type Current,
  isLaterBy,
  isWithdrawal,
  isWithin,
  MAX_REVISIONS_PER_DAY,
  type Releasable,
  type Stored,
  sameValue,
} from "./state.ts";

/** A stored date that a whole response no longer holds. `value`: what it has. */
export interface Missing {
  date: PlainDate;
  value: string;
  before: Current;
}

export interface MissingDates {
  withdrawn: Missing[];
  waiting: (Missing & { reason: Releasable })[];
  /** Dates that were stored after the reading was made, and so could not be in it. */
  overtaken: number;
}

/** More than so many dates, or more than a third of those stored, are a fault of the response until it is said again. */
const MAX_WITHDRAWALS = 3;
const MAX_SHARE = 1 / 3;
/** A provider's replica may lag: a second reading must miss the date too. Just below five minutes, for ticks are not exact. */
const CONFIRMED_AFTER_MS = { withdrawal: 4 * 60_000, mass_withdrawal: 3_600_000 };

/** The stored dates that a reading takes back, and those that it may take back if another one says so again. */
export function missingDates(reading: SeriesReading, stored: Stored, revisions: number): MissingDates {
  const { kept, current, recentRevisions } = stored;
  const result: MissingDates = { withdrawn: [], waiting: [], overtaken: 0 };
  if (reading.complete === null) return result;
  const listed = new Set(reading.observations.map(([date]) => date));
  const inRange = [...current].filter(([date, { withdrawn }]) => !withdrawn && isWithin(date, reading));
  const absent = inRange.filter(([date]) => !listed.has(date));
  const missing: Missing[] = [];
  for (const [date, before] of absent) {
    const { value } = before;
    if (isOvertaken(reading, before)) result.overtaken++;
    else if (!kept.get(date)?.some((row) => row.state === "dismissed" && isWithdrawal(row.reason)))
      missing.push({ date, value, before });
  }
  const isMass =
    missing.length > MAX_WITHDRAWALS ||
    (missing.length > 1 && missing.length > inRange.length * MAX_SHARE) ||
    recentRevisions + revisions + missing.length > MAX_REVISIONS_PER_DAY;
  for (const one of missing) {
    const said = kept.get(one.date)?.filter(({ state, value }) => state === "waiting" && sameValue(value, one.value));
    // Once it was one of many it stays so, even if the others are settled by now.
    const reason = isMass || said?.some((row) => row.reason === "mass_withdrawal") ? "mass_withdrawal" : "withdrawal";
    const first = said?.find((row) => row.reason === reason);
    if (first && isLaterBy(CONFIRMED_AFTER_MS[reason], first, reading)) result.withdrawn.push(one);
    else result.waiting.push({ ...one, reason });
  }
  return result;
}
