import {
  businessDaysAfter,
  closedWeekdays as closedWeekdaysOf,
  isBusinessDay,
  lastBusinessDay,
  MEXICO,
  nextBusinessDay,
  withClosures,
} from "#core/time/calendars.ts";
import type { Closures } from "#core/time/closures.ts";
import { addDays, type PlainDate } from "#core/time/dates.ts";
import { dateIn, instantOf, MEXICO_CITY } from "#core/time/zones.ts";

/** Mexico City's clock and Mexico's bank calendar. */
export const TIME_ZONE = MEXICO_CITY.id;

const NOON_MINUTES = 12 * 60;

/** The calendar date in Mexico City at the instant `nowMs` (epoch milliseconds). */
export function mexicoCityDate(nowMs: number): PlainDate {
  return dateIn(MEXICO_CITY, nowMs);
}

/** Epoch milliseconds of 12:00 in Mexico City on `date`, when that day's FIX is announced. */
export function publicationMs(date: PlainDate): number {
  return instantOf(MEXICO_CITY, date, NOON_MINUTES);
}

/** Epoch milliseconds at which `date` begins in Mexico City. */
export function midnightMs(date: PlainDate): number {
  return instantOf(MEXICO_CITY, date, 0);
}

/** Whether `date` is a Mexican bank business day: by the rule, and not one of the other closures. */
export function isBankDay(date: PlainDate, closures?: Closures): boolean {
  return isBusinessDay(withClosures(MEXICO, closures), date);
}

/** The first bank day strictly after `date`. */
export function nextBankDay(date: PlainDate, closures?: Closures): PlainDate {
  return nextBusinessDay(withClosures(MEXICO, closures), date);
}

/** The last bank day strictly before `date`. */
export function previousBankDay(date: PlainDate, closures?: Closures): PlainDate {
  return lastBankDayOnOrBefore(addDays(date, -1), closures);
}

/** `date` itself if it is a bank day, else the last one before it. */
export function lastBankDayOnOrBefore(date: PlainDate, closures?: Closures): PlainDate {
  return lastBusinessDay(withClosures(MEXICO, closures), date);
}

/** Bank days in (after, upTo]; 0 if `upTo` is not later. */
export function bankDaysAfter(after: PlainDate, upTo: PlainDate, closures?: Closures): number {
  return businessDaysAfter(withClosures(MEXICO, closures), after, upTo);
}

/** The weekdays of a year on which the banks are closed, ascending. */
export function closedWeekdays(year: number, closures?: Closures): PlainDate[] {
  return closedWeekdaysOf(withClosures(MEXICO, closures), year);
}
