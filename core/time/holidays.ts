import { addDays, DAY_MS, dayNumber, type PlainDate, yearOf } from "./dates.ts";

/** The holidays of bank calendars by rule, as day numbers (days since 1970-01-01), those on weekends included. */

/** A day number with what is celebrated on it. */
export interface Holiday {
  day: number;
  name: { en: string; es: string };
}

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
export function mexicanHolidays(year: number): Holiday[] {
  const easter = easterDay(year);
  return [
    holiday(dayOf(year, 1, 1), "New Year's Day", "Año Nuevo"),
    holiday(nthMonday(year, 2, 1), "Constitution Day", "Día de la Constitución"),
    holiday(nthMonday(year, 3, 3), "Benito Juárez's birthday", "natalicio de Benito Juárez"),
    holiday(easter - 3, "Maundy Thursday (Easter)", "Jueves Santo (Semana Santa)"),
    holiday(easter - 2, "Good Friday (Easter)", "Viernes Santo (Semana Santa)"),
    holiday(dayOf(year, 5, 1), "Labour Day", "Día del Trabajo"),
    holiday(dayOf(year, 9, 16), "Independence Day", "Día de la Independencia"),
    ...inauguration(year).map((day) =>
      holiday(day, "transfer of federal executive power", "transmisión del Poder Ejecutivo Federal"),
    ),
    holiday(dayOf(year, 11, 2), "Day of the Dead", "Día de Muertos"),
    holiday(nthMonday(year, 11, 3), "Revolution Day", "aniversario de la Revolución"),
    holiday(dayOf(year, 12, 12), "Bank Employees' Day", "Día del Empleado Bancario"),
    holiday(dayOf(year, 12, 25), "Christmas Day", "Navidad"),
  ];
}

/** What Mexico's banks celebrate on a date; undefined if they open by rule. */
export function mexicanHolidayOn(date: PlainDate): Holiday["name"] | undefined {
  return mexicanHolidays(yearOf(date)).find(({ day }) => day === dayNumber(date))?.name;
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

function holiday(day: number, en: string, es: string): Holiday {
  return { day, name: { en, es } };
}

function nthMonday(year: number, month: number, n: number): number {
  const first = dayOf(year, month, 1);
  return first + ((8 - weekdayOfDay(first)) % 7) + 7 * (n - 1);
}

function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}
