import { type Reviewer, reviewerOf } from "#core/ingest/review.ts";
import { parseDecimal } from "#core/money/decimal.ts";
import type { PlainDate } from "#core/time/dates.ts";
import type { SeriesReading } from "#core/wire/internal.ts";
import { type Current, isReleasable, isWithdrawal, type Kept, type Reason, type Stored, sameValue } from "./state.ts";

/** A value that is not what is stored. `before`: the newest revision of its date, if there is one. */
export interface Change {
  date: PlainDate;
  value: string;
  before: Current | undefined;
  /** Whether a person, or another provider, has found this very value right. */
  isReleased: boolean;
}

export interface Differences {
  /** Dates ascend. */
  changes: Change[];
  refused: { date: PlainDate; value: string; reason: Reason }[];
  unchanged: number;
  overtaken: number;
}

/** What DECIMAL(28,14) holds, but for two whole digits that no rate needs and the release before could not store. */
const MAX_DECIMALS = 14;
const MAX_WHOLE_DIGITS = 12;

/** How a reading's values differ from what is stored. Those that a person has dismissed count nowhere. */
export function differencesOf(
  reading: SeriesReading,
  { current, kept, isConfirmed }: Pick<Stored, "current" | "kept" | "isConfirmed">,
  nowMs: number,
): Differences {
  const differences: Differences = { changes: [], refused: [], unchanged: 0, overtaken: 0 };
  // By the later of two clocks: the edge has judged the dates by its own, and the origin's may be a day behind.
  const judgedAtMs = Math.max(nowMs, Date.parse(reading.fetched_at));
  const review = reviewerOf(reading.series, judgedAtMs);
  for (const [date, values] of valuesByDate(reading)) {
    const [value = ""] = values;
    const before = current.get(date);
    const reason = values.length > 1 ? "contradiction" : refusalOf(review, date, value);
    if (reason !== undefined) {
      differences.refused.push(...values.map((each) => ({ date, value: each, reason })));
    } else if (before && !before.withdrawn && sameValue(before.value, value)) {
      differences.unchanged++;
    } else if (isOvertaken(reading, before)) {
      differences.overtaken++;
    } else if (!isJudged("dismissed", date, value)) {
      const isReleased = isJudged("released", date, value) || isConfirmed?.(date, value) === true;
      differences.changes.push({ date, value, before, isReleased });
    }
  }
  return differences;

  function isJudged(state: Kept["state"], date: PlainDate, value: string): boolean {
    const isIt = (row: Kept) => row.state === state && isReleasable(row.reason) && !isWithdrawal(row.reason);
    return kept.get(date)?.some((row) => isIt(row) && sameValue(row.value, value)) ?? false;
  }
}

/**
 * Whether what is stored is newer than what the reading was based on. If that is unknown, two readings' own times are
 * compared, which are both by the edge's clock.
 */
export function isOvertaken({ based_on, fetched_at }: SeriesReading, before: Current | undefined): boolean {
  if (before === undefined) return false;
  if (based_on !== null) return before.seq > based_on;
  return before.fetchedAt !== null && Date.parse(fetched_at) < Date.parse(before.fetchedAt);
}

/** Dates ascend. Of equal values of a date the one with the most decimals is kept. */
function valuesByDate({ observations }: SeriesReading): Map<PlainDate, string[]> {
  const dates = new Map<PlainDate, string[]>();
  const inOrder = [...observations].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [date, value] of inOrder) {
    const values = dates.get(date) ?? [];
    dates.set(date, values);
    const index = values.findIndex((each) => sameValue(each, value));
    if (index < 0) values.push(value);
    else if (value.length > (values[index] as string).length) values[index] = value;
  }
  return dates;
}

function refusalOf(review: Reviewer, date: PlainDate, value: string): Reason | undefined {
  return review(date, value) ?? (isStorable(value) ? undefined : "not_storable");
}

function isStorable(value: string): boolean {
  const { scale } = parseDecimal(value);
  const wholeDigits = scale === 0 ? value.length : value.length - scale - 1;
  return scale <= MAX_DECIMALS && wholeDigits <= MAX_WHOLE_DIGITS;
}
