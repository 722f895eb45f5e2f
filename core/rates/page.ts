import { isDecimal } from "../money/decimal.ts";
import { contentHash } from "../ops/hash.ts";
import { isPlainDate, type PlainDate } from "../time/dates.ts";

/** One published value: determination date, and the decimal exactly as published. */
export type Observation = readonly [date: PlainDate, value: string];

/** One series in one calendar year: the unit that is stored, replicated, cached and looked up. */
export interface Page {
  series: string;
  year: number;
  /** The highest sequence number among the current revisions, withdrawals included; 0 if there are none. */
  version: number;
  /** When the newest of them was stored (RFC 3339, UTC); null if there are none. */
  updated_at: string | null;
  /** Dates ascending and unique, all within `year`. */
  observations: readonly Observation[];
  /** Dates whose value the provider withdrew, ascending. Absent if there are none. */
  withdrawn?: readonly PlainDate[];
  /** Dates with a value that waits for confirmation or a person, ascending. Absent if there are none. */
  waiting?: readonly PlainDate[];
}

export interface PageKey {
  series: string;
  year: number;
}

const MAX_OBSERVATIONS = 366;
const MAX_VALUE_LENGTH = 32;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;

export function emptyPage({ series, year }: PageKey): Page {
  return { series, year, version: 0, updated_at: null, observations: [] };
}

export function encodePage(page: Page): string {
  return JSON.stringify(page);
}

/** The page that `text` encodes, or undefined if it is not a valid page of that key: a corrupt entry is a miss. */
export function decodePage(text: string, key: PageKey): Page | undefined {
  try {
    const page: unknown = JSON.parse(text);
    return isPage(page) && page.series === key.series && page.year === key.year ? page : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value from outside is a page: shape, order, dates within the year, positive decimals. */
export function isPage(value: unknown): value is Page {
  if (typeof value !== "object" || value === null) return false;
  const { series, year, version, updated_at, observations, withdrawn, waiting } = value as Partial<
    Record<keyof Page, unknown>
  >;
  if (typeof series !== "string" || !Number.isInteger(year) || !Number.isSafeInteger(version)) return false;
  if (!Array.isArray(observations) || observations.length > MAX_OBSERVATIONS) return false;
  if (!isDateList(withdrawn, year as number) || !isDateList(waiting, year as number)) return false;
  if (observations.length === 0 && withdrawn === undefined) return version === 0 && updated_at === null;
  if ((version as number) <= 0 || typeof updated_at !== "string" || !TIMESTAMP.test(updated_at)) return false;
  let before = `${year}-00-00`;
  for (const observation of observations) {
    if (!isObservation(observation) || observation[0] <= before || !observation[0].startsWith(`${year}-`)) return false;
    before = observation[0];
  }
  return true;
}

/** A digest of a page's content without its version: equal digests mean equal rates. */
export function pageDigest({ observations, withdrawn = [], waiting = [] }: Page): string {
  return contentHash(JSON.stringify([observations, withdrawn, waiting]));
}

/** Whether two pages have the same content, regardless of their versions. */
export function isSameContent(a: Page, b: Page): boolean {
  return (
    a === b ||
    (isSameList(a.observations, b.observations, ([date, value], other) => date === other[0] && value === other[1]) &&
      isSameList(a.withdrawn ?? [], b.withdrawn ?? [], Object.is) &&
      isSameList(a.waiting ?? [], b.waiting ?? [], Object.is))
  );
}

/** Whether a page has no value, no withdrawn one and none that waits. */
export function isEmptyPage({ version, waiting }: Pick<Page, "version" | "waiting">): boolean {
  return version === 0 && waiting === undefined;
}

/** The last observation on or before `date`. */
export function lastOnOrBefore(observations: readonly Observation[], date: PlainDate): Observation | undefined {
  return observations.findLast(([observed]) => observed <= date);
}

/** How many observations have an earlier date, or with `inclusive` that date or an earlier one; by bisection. */
export function countBefore(observations: readonly Observation[], date: PlainDate, inclusive: boolean): number {
  let low = 0;
  let high = observations.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const [observed] = observations[middle] as Observation;
    if (observed < date || (inclusive && observed === date)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A rate as published: a plain decimal above zero, of bounded length. */
export function isRateValue(value: unknown): value is string {
  return (
    typeof value === "string" && value.length <= MAX_VALUE_LENGTH && isDecimal(value) && /^[\d.]*[1-9]/.test(value)
  );
}

function isObservation(value: unknown): value is Observation {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === "string" &&
    isPlainDate(value[0]) &&
    isRateValue(value[1])
  );
}

function isSameList<T>(a: readonly T[], b: readonly T[], isSame: (one: T, other: T) => boolean): boolean {
  return a.length === b.length && a.every((one, index) => isSame(one, b[index] as T));
}

/** Absent, or a list of dates of the year, ascending and not empty. */
function isDateList(value: unknown, year: number): boolean {
  if (value === undefined) return true;
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_OBSERVATIONS) return false;
  return value.every(
    (date, index) =>
      typeof date === "string" &&
      isPlainDate(date) &&
      date.startsWith(`${year}-`) &&
      (index === 0 || date > value[index - 1]),
  );
}
