import type { Refusal } from "#core/ingest/review.ts";
import { compareDecimals, isDecimal, parseDecimal } from "#core/money/decimal.ts";
import { daysBetween, type PlainDate } from "#core/time/dates.ts";
import type { SeriesReading } from "#core/wire/internal.ts";

/** What is stored of a series, as far as the next reading of it is judged by it. */

/** What waits for a second reading, a later value or a person; nothing else in quarantine can become a rate. */
export const RELEASABLE = ["implausible_jump", "mass_revision", "withdrawal", "mass_withdrawal"] as const;
export type Releasable = (typeof RELEASABLE)[number];

/** contradiction: one reading gives two values for one date. not_storable: more digits than the tables hold. */
export type Reason = Refusal | Releasable | "contradiction" | "not_storable" | "same_as_other_series";

/** How a value's time in quarantine ended. superseded: the provider says something else by now. */
export type Outcome = "stored" | "superseded" | "released" | "dismissed";

/** What is known of a date: its newest revision. */
export interface Current {
  /** Of a withdrawn date: the value that was taken back. */
  value: string;
  revision: number;
  seq: number;
  withdrawn: boolean;
  /** When the reading that it comes from was made (RFC 3339, the edge's clock); null if unknown. */
  fetchedAt: string | null;
}
export type CurrentValues = ReadonlyMap<PlainDate, Current>;

/** A row of the quarantine that has a bearing on later readings. */
export interface Kept {
  id: number;
  series: string;
  date: PlainDate;
  value: string;
  reason: Reason;
  fetchedAt: string | null;
  /** released: a person found it right. dismissed: a person found it wrong. */
  state: "waiting" | "released" | "dismissed";
}

/** A row's state, by what was decided of it. */
export function stateOf(row: { releasedAt: string | null; outcome: string | null }): Kept["state"] {
  if (row.releasedAt !== null) return "released";
  return row.outcome === "dismissed" ? "dismissed" : "waiting";
}

/** Series → date → current value, of the series that a reading is not about. */
export type OtherSeries = ReadonlyMap<string, ReadonlyMap<PlainDate, string>>;

export interface Stored {
  /** Dates ascend. */
  current: CurrentValues;
  kept: ReadonlyMap<PlainDate, readonly Kept[]>;
  /** How many revisions of the series were stored within the last 24 hours, or wait since the same request in other years. */
  recentRevisions: number;
  others: OtherSeries;
  /** Whether another provider says the same of a value's date. */
  isConfirmed?: (date: PlainDate, value: string) => boolean;
}

/** A provider corrects a value now and then, not many on one day. */
export const MAX_REVISIONS_PER_DAY = 5;

/** 17.10 is 17.1. */
export function sameValue(a: string, b: string): boolean {
  if (a === b) return true;
  return isDecimal(a) && isDecimal(b) && compareDecimals(parseDecimal(a), parseDecimal(b)) === 0;
}

/** Whether two rows say the same of a date, for the same reason. */
export function isSameCase(a: Pick<Kept, "date" | "value" | "reason">, b: typeof a): boolean {
  return a.date === b.date && a.reason === b.reason && sameValue(a.value, b.value);
}

export function isReleasable(reason: Reason): reason is Releasable {
  return (RELEASABLE as readonly Reason[]).includes(reason);
}

export function isWithdrawal(reason: Reason): boolean {
  return reason === "withdrawal" || reason === "mass_withdrawal";
}

/** A response of several days has an empty part only in the first days of a year; any other empty one says nothing. */
const MAX_EMPTY_DAYS = 5;

/** Whether a whole response would have held the date. */
export function isWithin(date: PlainDate, { complete, observations, year }: SeriesReading): boolean {
  if (complete === null || !date.startsWith(`${year}-`)) return false;
  const { from, to } = complete;
  if (observations.length === 0 && (from !== `${year}-01-01` || daysBetween(from, to) >= MAX_EMPTY_DAYS)) return false;
  return date >= from && date <= to;
}

/** Whether a reading was made so much later than the one that put the row in quarantine. Both by the edge's clock. */
export function isLaterBy(ms: number, { fetchedAt }: Pick<Kept, "fetchedAt">, { fetched_at }: SeriesReading): boolean {
  return fetchedAt !== null && Date.parse(fetched_at) - Date.parse(fetchedAt) >= ms;
}

/** SQLite takes 32,766 parameters a statement. */
const MAX_ROWS_PER_STATEMENT = 1_000;

export function chunksOf<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / MAX_ROWS_PER_STATEMENT);
  return Array.from({ length: count }, (_, index) =>
    rows.slice(index * MAX_ROWS_PER_STATEMENT, (index + 1) * MAX_ROWS_PER_STATEMENT),
  );
}
