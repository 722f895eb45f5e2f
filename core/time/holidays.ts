import { addDays, DAY_MS, type PlainDate } from "./dates.ts";

/** The holidays of bank calendars by rule, as day numbers (days since 1970-01-01), those on weekends included. */

/** The euro area's payment system, TARGET. The rule matches the ECB's rates from 1999-01-04 to 2026-04-13 without exception. */
export function targetHolidays(year: number): number[] {
  const [newYear, christmas, lastDay] = [dayOf(year, 1, 1), dayOf(year, 12, 25), dayOf(year, 12, 31)];
  if (year === 1999) return [newYear, christmas, lastDay];
  const easter = easterDay(year);
  const days = [newYear, easter - 2, easter + 1, dayOf(year, 5, 1), christmas, christmas + 1];
  // Closed for the changeover to banknotes.
  return year === 2001 ? [...days, lastDay] : days;
}

/**
 * Mexican banks, as the CNBV lists their holidays each year: the days on which no FIX is determined. From 2007 on the
 * rule and the known closures equal the published series.
 */
export function mexicanHolidays(year: number): number[] {
  const easter = easterDay(year);
  return [
    dayOf(year, 1, 1),
    nthMonday(year, 2, 1),
    nthMonday(year, 3, 3),
    easter - 3, // Maundy Thursday
    easter - 2, // Good Friday
    dayOf(year, 5, 1),
    dayOf(year, 9, 16),
    ...inauguration(year),
    dayOf(year, 11, 2),
    nthMonday(year, 11, 3),
    dayOf(year, 12, 12),
    dayOf(year, 12, 25),
  ];
}

/** Easter Sunday in the Gregorian calendar (the anonymous algorithm of 1876, as in Meeus, Astronomical Algorithms). */
export function easterSunday(year: number): PlainDate {
  return addDays("1970-01-01", easterDay(year));
}

/** 0 = Sunday … 6 = Saturday. 1970-01-01, day 0, was a Thursday. */
export function weekdayOfDay(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

function easterDay(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const rest = year % 100;
  const leapCenturies = Math.floor(century / 4);
  const moon = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - leapCenturies - moon + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - epact - (rest % 4)) % 7;
  const correction = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const days = epact + weekday - 7 * correction + 114;
  return dayOf(year, Math.floor(days / 31), (days % 31) + 1);
}

/** The federal executive takes office every six years: on 1 October from 2024, before the reform of 2014 on 1 December. */
function inauguration(year: number): number[] {
  if ((year - 2024) % 6 !== 0) return [];
  return [year < 2024 ? dayOf(year, 12, 1) : dayOf(year, 10, 1)];
}

function nthMonday(year: number, month: number, n: number): number {
  const first = dayOf(year, month, 1);
  return first + ((8 - weekdayOfDay(first)) % 7) + 7 * (n - 1);
}

function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}
