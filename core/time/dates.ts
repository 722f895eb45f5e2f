/** Plain calendar dates as "YYYY-MM-DD" strings: they sort as text and carry no time zone. */
export type PlainDate = string;

/** Later than any date. */
export const NEVER: PlainDate = "9999-12-32";

const DAY_MS = 86_400_000;
const SHAPE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Whether `text` is a date that exists in the calendar, e.g. not 2023-02-30. */
export function isPlainDate(text: string): boolean {
  if (!SHAPE.test(text)) return false;
  // Every month has 28 days: only the last few need the calendar. A page holds some 250 dates, read at every tier.
  return Number(text.slice(8)) <= 28 || utcDate(Date.parse(text)) === text;
}

/** Days since 1970-01-01. */
export function dayNumber(date: PlainDate): number {
  return Date.parse(date) / DAY_MS;
}

/** `date` moved by whole `days`, which may be negative. */
export function addDays(date: PlainDate, days: number): PlainDate {
  return utcDate(Date.parse(date) + days * DAY_MS);
}

/** The day after `date`: like addDays, but ten times as fast within a month. */
export function nextDay(date: PlainDate): PlainDate {
  const day = digitAt(date, 8) * 10 + digitAt(date, 9);
  return day < 28 ? date.slice(0, 8) + TWO_DIGITS[day + 1] : addDays(date, 1);
}

/** Whole days from `from` to `to`; negative if `to` is earlier. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** 0 = Sunday … 6 = Saturday. */
export function weekdayOf(date: PlainDate): number {
  return new Date(date).getUTCDay();
}

export function yearOf(date: PlainDate): number {
  return Number(date.slice(0, 4));
}

/** The calendar years from `from`'s to `to`'s, ascending, both included. */
export function yearsBetween(from: PlainDate, to: PlainDate): number[] {
  const years: number[] = [];
  for (let year = yearOf(from); year <= yearOf(to); year++) years.push(year);
  return years;
}

/** First and last day of a month written "YYYY-MM". */
export function monthBounds(month: string): { from: PlainDate; to: PlainDate } {
  const [year, index] = month.split("-").map(Number) as [number, number];
  // Date.UTC treats the years 0 to 99 as those of the twentieth century.
  return { from: `${month}-01`, to: utcDate(new Date(0).setUTCFullYear(year, index, 0)) };
}

export function earlier(a: PlainDate, b: PlainDate): PlainDate {
  return a < b ? a : b;
}

export function later(a: PlainDate, b: PlainDate): PlainDate {
  return a > b ? a : b;
}

/** The date in UTC at an instant (epoch milliseconds). toISOString takes four times as long, and responses hold thousands. */
export function utcDate(ms: number): PlainDate {
  const date = new Date(ms);
  return `${String(date.getUTCFullYear()).padStart(4, "0")}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`;
}

const TWO_DIGITS = Array.from({ length: 32 }, (_, number) => String(number).padStart(2, "0"));

function twoDigits(number: number): string {
  return TWO_DIGITS[number] as string;
}

function digitAt(text: string, index: number): number {
  return text.charCodeAt(index) - 48;
}
