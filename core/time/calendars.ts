import type { Closures } from "./closures.ts";
import { addDays, daysBetween, type PlainDate, weekdayOf, yearOf } from "./dates.ts";
import { easterSunday, isBankDay } from "./mexico.ts";

/** The days on which a provider publishes. Used for what is expected and stale; the data says whether there was a value. */
export interface Calendar {
  id: "target" | "mexico" | "weekdays";
  /** Whether holidays are known. If not, staleness needs a tolerance. */
  isExact: boolean;
  isBusinessDay(date: PlainDate): boolean;
}

/** The euro area's payment system. The rule matches the ECB's reference rates from 1999-01-04 to 2026-04-13 without exception. */
export const TARGET: Calendar = { id: "target", isExact: true, isBusinessDay: isTargetDay };

/** Mexican banks, as the CNBV lists their holidays. */
export const MEXICO: Calendar = { id: "mexico", isExact: true, isBusinessDay: isBankDay };

/** Mondays to Fridays: for countries whose holidays are not known here. */
export const WEEKDAYS: Calendar = { id: "weekdays", isExact: false, isBusinessDay: isWeekday };

/** The calendar with further closures. */
export function withClosures(calendar: Calendar, closures: Closures = new Set()): Calendar {
  return closures.size === 0
    ? calendar
    : { ...calendar, isBusinessDay: (date) => calendar.isBusinessDay(date) && !closures.has(date) };
}

/** The last business day on or before `date`. */
export function lastBusinessDay(calendar: Calendar, date: PlainDate): PlainDate {
  let day = date;
  while (!calendar.isBusinessDay(day)) day = addDays(day, -1);
  return day;
}

/** The first business day strictly after `date`. */
export function nextBusinessDay(calendar: Calendar, date: PlainDate): PlainDate {
  let day = addDays(date, 1);
  while (!calendar.isBusinessDay(day)) day = addDays(day, 1);
  return day;
}

/** The business days of [from, to], ascending. */
export function businessDaysIn(calendar: Calendar, from: PlainDate, to: PlainDate): PlainDate[] {
  const days: PlainDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) if (calendar.isBusinessDay(day)) days.push(day);
  return days;
}

/** The weekdays of a year on which nothing is published, as far as the calendar knows. */
export function closedWeekdays(calendar: Calendar, year: number): PlainDate[] {
  return businessDaysIn(WEEKDAYS, `${year}-01-01`, `${year}-12-31`).filter((date) => !calendar.isBusinessDay(date));
}

function isWeekday(date: PlainDate): boolean {
  return weekdayOf(date) % 6 !== 0;
}

function isTargetDay(date: PlainDate): boolean {
  return isWeekday(date) && !isTargetHoliday(date);
}

function isTargetHoliday(date: PlainDate): boolean {
  const year = yearOf(date);
  const monthDay = date.slice(5);
  if (monthDay === "01-01" || monthDay === "12-25") return true;
  // 31 December was closed for the changeovers of computers and of banknotes.
  if (monthDay === "12-31") return year === 1999 || year === 2001;
  if (year === 1999) return false;
  if (monthDay === "05-01" || monthDay === "12-26") return true;
  const afterEaster = daysBetween(easterSunday(year), date);
  return afterEaster === -2 || afterEaster === 1;
}
