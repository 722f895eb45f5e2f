import type { Closures } from "./closures.ts";
import { addDays, DAY_MS, dayNumber, type PlainDate, utcDate, weekdayOf, yearOf, yearsBetween } from "./dates.ts";
import { mexicanHolidays, targetHolidays, weekdayOfDay } from "./holidays.ts";

/** The days on which a provider publishes. Used for what is expected and stale; the data says whether there was a value. */
export interface Calendar {
  id: "target" | "mexico" | "weekdays";
  /** Whether holidays are known. If not, staleness needs a tolerance. */
  isExact: boolean;
  /** From this year on the rule is that of the published series. */
  firstYear: number;
  /** The year's holidays as day numbers, those on weekends included. */
  holidays(year: number): readonly number[];
  /** Further days without a publication, which no rule foresees. */
  closures: Closures;
}

const NONE: Closures = new Set();

export const TARGET: Calendar = calendar("target", 1999, targetHolidays);

/** 2010-09-17: the day after the bicentenary of independence. Since 2007 the only one that no rule foresaw. */
export const MEXICO: Calendar = {
  ...calendar("mexico", 2007, (year) => mexicanHolidays(year).map(({ day }) => day)),
  closures: new Set(["2010-09-17"]),
};

/** Mondays to Fridays: for countries whose holidays are not known here. */
export const WEEKDAYS: Calendar = { ...calendar("weekdays", 1990, () => []), isExact: false };

/** The calendar with further closures. */
export function withClosures(calendar: Calendar, closures: Closures = NONE): Calendar {
  return closures.size === 0 ? calendar : { ...calendar, closures: new Set([...calendar.closures, ...closures]) };
}

export function isBusinessDay({ holidays, closures }: Calendar, date: PlainDate): boolean {
  const day = dayNumber(date);
  return isWeekday(day) && !holidays(yearOf(date)).includes(day) && !closures.has(date);
}

/** The last business day on or before `date`. */
export function lastBusinessDay(calendar: Calendar, date: PlainDate): PlainDate {
  let day = date;
  while (!isBusinessDay(calendar, day)) day = addDays(day, -1);
  return day;
}

/** The last business day strictly before `date`. */
export function previousBusinessDay(calendar: Calendar, date: PlainDate): PlainDate {
  return lastBusinessDay(calendar, addDays(date, -1));
}

/** The first business day strictly after `date`. */
export function nextBusinessDay(calendar: Calendar, date: PlainDate): PlainDate {
  let day = addDays(date, 1);
  while (!isBusinessDay(calendar, day)) day = addDays(day, 1);
  return day;
}

/** Business days in (after, upTo]; 0 if `upTo` is not later. The cost grows with the years in between, not with the days. */
export function businessDaysAfter({ holidays, closures }: Calendar, after: PlainDate, upTo: PlainDate): number {
  if (upTo <= after) return 0;
  const [first, last] = [dayNumber(after) + 1, dayNumber(upTo)];
  const closed = new Set(yearsBetween(after, upTo).flatMap(holidays));
  for (const date of closures) closed.add(dayNumber(date));
  let closedWeekdays = 0;
  for (const day of closed) if (first <= day && day <= last && isWeekday(day)) closedWeekdays++;
  return weekdaysBefore(last + 1) - weekdaysBefore(first) - closedWeekdays;
}

/** The business days of [from, to], ascending. */
export function businessDaysIn(calendar: Calendar, from: PlainDate, to: PlainDate): PlainDate[] {
  const days: PlainDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) if (isBusinessDay(calendar, day)) days.push(day);
  return days;
}

/** The weekdays of a year on which nothing is published, as far as the calendar knows, ascending. */
export function closedWeekdays({ holidays, closures }: Calendar, year: number): PlainDate[] {
  const byRule = holidays(year).map((day) => utcDate(day * DAY_MS));
  const declared = [...closures].filter((date) => yearOf(date) === year);
  return [...new Set([...byRule, ...declared])].filter((date) => weekdayOf(date) % 6 !== 0).sort();
}

/** Holidays are computed once a year: a request needs those of the same few years many times. */
function calendar(id: Calendar["id"], firstYear: number, rule: (year: number) => number[]): Calendar {
  const byYear = new Map<number, number[]>();
  const holidays = (year: number) => {
    const known = byYear.get(year) ?? rule(year);
    byYear.set(year, known);
    return known;
  };
  return { id, isExact: true, firstYear, holidays, closures: NONE };
}

function isWeekday(day: number): boolean {
  return weekdayOfDay(day) % 6 !== 0;
}

/** Mondays to Fridays before `day`, counted from Monday, 1969-12-29; negative for days before it. */
function weekdaysBefore(day: number): number {
  const since = day + 3;
  const weeks = Math.floor(since / 7);
  return weeks * 5 + Math.min(since - weeks * 7, 5);
}
