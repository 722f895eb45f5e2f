import { type Closures, KNOWN_CLOSURES } from "./closures.ts";
import { addDays, dayNumber, type PlainDate, utcDate, yearOf, yearsBetween } from "./dates.ts";

/**
 * Mexico City's clock and Mexico's bank calendar.
 *
 * The holidays are those on which Banxico determines no FIX (the CNBV's yearly list of bank holidays). From 2007 on the
 * rule and the known closures equal the published series; before 2007 the calendar differed. So it is used only for what
 * is expected and stale: whether there was a FIX on a day is known from the observations.
 */
export const TIME_ZONE = "America/Mexico_City";

/** Banxico announces the FIX from this hour on, Mexico City time. */
const PUBLICATION_HOUR = 12;
export const PUBLICATION_TIME = `${PUBLICATION_HOUR}:00`;

/** From this year on the calendar is that of the published series. */
export const FIRST_CALENDAR_YEAR = 2007;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Since 07:00 UTC on 30 October 2022 Mexico City is six hours behind UTC all year (Ley de los Husos Horarios en los Estados
 * Unidos Mexicanos, DOF of 28 October 2022). A test compares this with Intl's time zone database; Intl itself takes as long
 * to load as the rest of an isolate's start.
 */
const OFFSET_MS = -6 * HOUR_MS;
const OFFSET_SINCE_MS = Date.UTC(2022, 9, 30, 7);

/** Earlier offsets by UTC hour: Intl is slow, and the same few hours are needed repeatedly. */
const formerOffsets = new Map<number, number>();
const MAX_OFFSETS = 64;
let clock: Intl.DateTimeFormat | undefined;

/** The calendar date in Mexico City at the instant `nowMs` (epoch milliseconds). */
export function mexicoCityDate(nowMs: number): PlainDate {
  return utcDate(nowMs + offsetMs(nowMs));
}

/** Epoch milliseconds of 12:00 in Mexico City on `date`, when that day's FIX is announced. */
export function publicationMs(date: PlainDate): number {
  // Mexico City has been five or six hours behind UTC since 1922, so one lookup of the offset near noon is enough.
  const noonMs = Date.parse(date) + PUBLICATION_HOUR * HOUR_MS;
  return noonMs - offsetMs(noonMs + 6 * HOUR_MS);
}

/** Epoch milliseconds at which `date` begins in Mexico City. */
export function midnightMs(date: PlainDate): number {
  const startMs = Date.parse(date);
  return startMs - offsetMs(startMs + 6 * HOUR_MS);
}

const NO_RULE = KNOWN_CLOSURES.banxico;

/** Whether `date` is a Mexican bank business day: by the rule, and not one of the other closures. */
export function isBankDay(date: PlainDate, closures: Closures = NO_RULE): boolean {
  const day = dayNumber(date);
  return isWeekday(day) && !bankHolidays(yearOf(date)).includes(day) && !closures.has(date);
}

/** The first bank day strictly after `date`. */
export function nextBankDay(date: PlainDate, closures: Closures = NO_RULE): PlainDate {
  let day = addDays(date, 1);
  while (!isBankDay(day, closures)) day = addDays(day, 1);
  return day;
}

/** The last bank day strictly before `date`. */
export function previousBankDay(date: PlainDate, closures: Closures = NO_RULE): PlainDate {
  return lastBankDayOnOrBefore(addDays(date, -1), closures);
}

/** `date` itself if it is a bank day, else the last one before it. */
export function lastBankDayOnOrBefore(date: PlainDate, closures: Closures = NO_RULE): PlainDate {
  let day = date;
  while (!isBankDay(day, closures)) day = addDays(day, -1);
  return day;
}

/** Bank days in (after, upTo]; 0 if `upTo` is not later. The cost grows with the years in between, not with the days. */
export function bankDaysAfter(after: PlainDate, upTo: PlainDate, closures: Closures = NO_RULE): number {
  if (upTo <= after) return 0;
  const [first, last] = [dayNumber(after) + 1, dayNumber(upTo)];
  const holidays = new Set(yearsBetween(after, upTo).flatMap(bankHolidays));
  for (const date of closures) holidays.add(dayNumber(date));
  let closed = 0;
  for (const day of holidays) if (first <= day && day <= last && isWeekday(day)) closed++;
  return weekdaysBefore(last + 1) - weekdaysBefore(first) - closed;
}

/** The weekdays of a year on which the banks are closed, ascending. */
export function closedWeekdays(year: number, closures: Closures = NO_RULE): PlainDate[] {
  const holidays = bankHolidays(year)
    .filter(isWeekday)
    .map((day) => utcDate(day * DAY_MS));
  const declared = [...closures].filter((date) => yearOf(date) === year && isWeekday(dayNumber(date)));
  return [...new Set([...holidays, ...declared])].sort();
}

/** Easter Sunday in the Gregorian calendar (the anonymous algorithm of 1876, as in Meeus, Astronomical Algorithms). */
export function easterSunday(year: number): PlainDate {
  return addDays("1970-01-01", easterDay(year));
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

/** The year's bank holidays as day numbers, including those on weekends. */
function bankHolidays(year: number): number[] {
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

/** The federal executive takes office every six years: on 1 October from 2024, before the reform of 2014 on 1 December. */
function inauguration(year: number): number[] {
  if ((year - 2024) % 6 !== 0) return [];
  return [year < 2024 ? dayOf(year, 12, 1) : dayOf(year, 10, 1)];
}

function nthMonday(year: number, month: number, n: number): number {
  const first = dayOf(year, month, 1);
  return first + ((8 - weekday(first)) % 7) + 7 * (n - 1);
}

/** Days since 1970-01-01, as numbers: a calendar of strings would dominate a request's cost. */
function dayOf(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** 0 = Sunday … 6 = Saturday. 1970-01-01, day 0, was a Thursday. */
function weekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

function isWeekday(day: number): boolean {
  return weekday(day) % 6 !== 0;
}

/** Mondays to Fridays before `day`, counted from Monday, 1969-12-29; negative for days before it. */
function weekdaysBefore(day: number): number {
  const since = day + 3;
  const weeks = Math.floor(since / 7);
  return weeks * 5 + Math.min(since - weeks * 7, 5);
}

/** What to add to UTC for Mexico City's wall clock. */
function offsetMs(ms: number): number {
  return ms >= OFFSET_SINCE_MS ? OFFSET_MS : formerOffsetMs(ms);
}

/** Since 1922 it has changed on whole hours only. */
function formerOffsetMs(ms: number): number {
  const hour = Math.floor(ms / HOUR_MS);
  const known = formerOffsets.get(hour);
  if (known !== undefined) return known;
  clock ??= new Intl.DateTimeFormat("en-CA", {
    timeZone: TIME_ZONE,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
  });
  const parts: Record<string, string> = {};
  for (const { type, value } of clock.formatToParts(hour * HOUR_MS)) parts[type] = value;
  const offset = Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:00Z`) - hour * HOUR_MS;
  if (formerOffsets.size >= MAX_OFFSETS) formerOffsets.clear();
  formerOffsets.set(hour, offset);
  return offset;
}
