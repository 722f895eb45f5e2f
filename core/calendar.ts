import { addDays, dayNumber, type PlainDate, weekdayOf, yearOf } from "./dates.ts";

/**
 * Mexico City's clock and Mexico's bank calendar.
 *
 * The holidays are those on which Banxico determines no FIX (the CNBV's yearly list of bank holidays). From 2007 on
 * the rule equals the published series but for 2010-09-17; before 2007 the calendar differed. So it serves expectation
 * and staleness alone: whether there was a FIX on a day is known from the observations.
 */
export const TIME_ZONE = "America/Mexico_City";

/** Banxico announces the FIX from this hour on, Mexico City time. */
const PUBLICATION_HOUR = 12;

const HOUR_MS = 3_600_000;
const clock = new Intl.DateTimeFormat("en-CA", {
  timeZone: TIME_ZONE,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
});

/** The calendar date in Mexico City at the instant `nowMs` (epoch milliseconds). */
export function mexicoCityDate(nowMs: number): PlainDate {
  return wallClock(nowMs).date;
}

/** Epoch milliseconds of 12:00 in Mexico City on `date`, when that day's FIX is announced. */
export function publicationMs(date: PlainDate): number {
  // Mexico City has been five or six hours behind UTC since 1922, so one look at the offset near noon is enough.
  const guess = Date.parse(date) + (PUBLICATION_HOUR + 6) * HOUR_MS;
  return guess + (PUBLICATION_HOUR - wallClock(guess).hour) * HOUR_MS;
}

/** Epoch milliseconds at which `date` begins in Mexico City. */
export function midnightMs(date: PlainDate): number {
  const guess = Date.parse(date) + 6 * HOUR_MS;
  const { date: there, hour } = wallClock(guess);
  return there === date ? guess - hour * HOUR_MS : guess + (24 - hour) * HOUR_MS;
}

/** Whether `date` is a Mexican bank business day by the rule. */
export function isBankDay(date: PlainDate): boolean {
  const weekday = weekdayOf(date);
  return weekday !== 0 && weekday !== 6 && !isBankHoliday(date, weekday);
}

/** The first bank day strictly after `date`. */
export function nextBankDay(date: PlainDate): PlainDate {
  let day = addDays(date, 1);
  while (!isBankDay(day)) day = addDays(day, 1);
  return day;
}

/** The last bank day strictly before `date`. */
export function previousBankDay(date: PlainDate): PlainDate {
  return lastBankDayOnOrBefore(addDays(date, -1));
}

export function lastBankDayOnOrBefore(date: PlainDate): PlainDate {
  let day = date;
  while (!isBankDay(day)) day = addDays(day, -1);
  return day;
}

/** Bank days in (after, upTo]; 0 where `upTo` is not later. */
export function bankDaysAfter(after: PlainDate, upTo: PlainDate): number {
  let count = 0;
  for (let day = addDays(after, 1); day <= upTo; day = addDays(day, 1)) if (isBankDay(day)) count++;
  return count;
}

function isBankHoliday(date: PlainDate, weekday: number): boolean {
  const monthDay = date.slice(5);
  const year = yearOf(date);
  switch (monthDay) {
    case "01-01":
    case "05-01":
    case "09-16":
    case "11-02":
    case "12-12":
    case "12-25":
      return true;
    case "10-01": // the federal executive takes office, every six years from 2024
      return year >= 2024 && (year - 2024) % 6 === 0;
    case "12-01": // and before the reform of 2014 on this date
      return year < 2024 && (2024 - year) % 6 === 0;
  }
  const nthMonday = weekday === 1 ? Math.ceil(Number(date.slice(8)) / 7) : 0;
  switch (monthDay.slice(0, 2)) {
    case "02":
      return nthMonday === 1;
    case "11":
      return nthMonday === 3;
    case "03":
    case "04": {
      if (monthDay.startsWith("03") && nthMonday === 3) return true;
      const daysToEaster = dayNumber(easterSunday(year)) - dayNumber(date);
      return daysToEaster === 3 || daysToEaster === 2; // Maundy Thursday, Good Friday
    }
  }
  return false;
}

/** Easter Sunday in the Gregorian calendar (the anonymous algorithm of 1876, as in Meeus, Astronomical Algorithms). */
export function easterSunday(year: number): PlainDate {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const rest = year % 100;
  const leapCenturies = Math.floor(century / 4);
  const moon = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - leapCenturies - moon + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(rest / 4) - epact - (rest % 4)) % 7;
  const correction = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const days = epact + weekday - 7 * correction + 114;
  const month = String(Math.floor(days / 31)).padStart(2, "0");
  return `${year}-${month}-${String((days % 31) + 1).padStart(2, "0")}`;
}

function wallClock(ms: number): { date: PlainDate; hour: number } {
  const parts: Record<string, string> = {};
  for (const { type, value } of clock.formatToParts(ms)) parts[type] = value;
  return { date: `${parts.year}-${parts.month}-${parts.day}`, hour: Number(parts.hour) };
}
