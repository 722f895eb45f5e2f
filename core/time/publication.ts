import {
  businessDaysAfter,
  type Calendar,
  isBusinessDay,
  lastBusinessDay,
  nextBusinessDay,
  previousBusinessDay,
} from "./calendars.ts";
import { addDays, type PlainDate, weekdayOf } from "./dates.ts";
import { dateIn, instantOf, minutesOf, type Zone } from "./zones.ts";

/** When a provider publishes, and which date its values carry. */
export interface Publication {
  zone: Zone;
  calendar: Calendar;
  /** Wall-clock time of the announcement, "16:00". */
  at: string;
  /** How long after it a missing value is not a fault yet. */
  graceMinutes: number;
  /** Published on this day of the week only (0 = Sunday). Absent: on every business day. */
  weekday?: number;
  /** Values carry the day of their announcement, the day after, or the business day after. */
  dated: "same_day" | "next_day" | "next_business_day";
  /**
   * How many days behind the expected date the latest value may be: the length of holidays that the calendar does not know.
   * By an exact calendar, how many publications.
   */
  toleranceDays: number;
}

const MINUTE_MS = 60_000;

/** Epoch milliseconds at which the value for `date` is announced. */
export function announcedAtMs(publication: Publication, date: PlainDate): number {
  const { dated, calendar } = publication;
  const day = dated === "same_day" ? date : addDays(date, -1);
  return announcementMs(publication, dated === "next_business_day" ? lastBusinessDay(calendar, day) : day);
}

/** The newest date whose announcement has come by an instant: a value for it may be out. */
export function announcedLatest(publication: Publication, nowMs: number): PlainDate {
  return dateOfAnnouncement(publication, lastPublicationDay(publication, nowMs, 0));
}

/** The newest date whose announcement has come by an instant, and when it came (epoch milliseconds). */
export function lastAnnouncement(publication: Publication, nowMs: number): { date: PlainDate; atMs: number } {
  const date = announcedLatest(publication, nowMs);
  return { date, atMs: announcedAtMs(publication, date) };
}

/** The date of the newest value that is due at an instant, grace included. */
export function expectedLatest(publication: Publication, nowMs: number): PlainDate {
  return dateOfAnnouncement(publication, lastPublicationDay(publication, nowMs, graceMsOf(publication)));
}

/** How many dates in (after, upTo] a value is published for. */
export function publicationsAfter(publication: Publication, after: PlainDate, upTo: PlainDate): number {
  const { calendar, weekday, dated } = publication;
  if (weekday === undefined && dated !== "next_day") return businessDaysAfter(calendar, after, upTo);
  let count = 0;
  for (let date = nextDateAfter(publication, after); date <= upTo; date = nextDateAfter(publication, date)) count++;
  return count;
}

/** The first date after `date` that a value is published for. */
export function nextDateAfter(publication: Publication, date: PlainDate): PlainDate {
  const { calendar, weekday, dated } = publication;
  if (weekday === undefined && dated !== "next_day") return nextBusinessDay(calendar, date);
  let next = addDays(date, 1);
  while (!isPublicationDay(publication, dated === "same_day" ? next : addDays(next, -1))) next = addDays(next, 1);
  return next;
}

/** Epoch milliseconds of the announcement that a date has by the clock, a publication day or not. */
export function announcementMs({ zone, at }: Publication, day: PlainDate): number {
  return instantOf(zone, day, minutesOf(at));
}

export function graceMsOf({ graceMinutes }: Publication): number {
  return graceMinutes * MINUTE_MS;
}

/** The last day with an announcement that has come, and passed by `graceMs`, at an instant. */
function lastPublicationDay(publication: Publication, nowMs: number, graceMs: number): PlainDate {
  const { zone, calendar, weekday } = publication;
  const today = dateIn(zone, nowMs);
  const isDue = (day: PlainDate) => announcementMs(publication, day) + graceMs <= nowMs;
  if (weekday === undefined) {
    let day = lastBusinessDay(calendar, today);
    while (!isDue(day)) day = previousBusinessDay(calendar, day);
    return day;
  }
  let day = today;
  while (!isPublicationDay(publication, day) || !isDue(day)) day = addDays(day, -1);
  return day;
}

function isPublicationDay({ weekday, calendar }: Publication, day: PlainDate): boolean {
  return weekday === undefined ? isBusinessDay(calendar, day) : weekdayOf(day) === weekday;
}

function dateOfAnnouncement({ dated, calendar }: Publication, day: PlainDate): PlainDate {
  if (dated === "same_day") return day;
  return dated === "next_day" ? addDays(day, 1) : nextBusinessDay(calendar, day);
}
