import { type Calendar, lastBusinessDay, nextBusinessDay } from "./calendars.ts";
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
  /** How many days behind the expected date the latest value may be: the length of holidays that the calendar does not know. */
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
  return expectedLatest({ ...publication, graceMinutes: 0 }, nowMs);
}

/** The date of the newest value that is due at an instant, grace included. */
export function expectedLatest(publication: Publication, nowMs: number): PlainDate {
  const { zone, graceMinutes } = publication;
  const isDue = (day: PlainDate) => announcementMs(publication, day) + graceMinutes * MINUTE_MS <= nowMs;
  let day = dateIn(zone, nowMs);
  while (!isPublicationDay(publication, day) || !isDue(day)) day = addDays(day, -1);
  return dateOfAnnouncement(publication, day);
}

/** Whether a publication was missed, given the date of the latest value. */
export function isStale(publication: Publication, latest: PlainDate, nowMs: number): boolean {
  return latest < addDays(expectedLatest(publication, nowMs), -publication.toleranceDays);
}

/** How many announcements the latest value is behind; weekdays that may be holidays count. */
export function missedAnnouncements(publication: Publication, latest: PlainDate, nowMs: number): number {
  const expected = expectedLatest(publication, nowMs);
  let missed = 0;
  // Starts a day early, for a value dated after its announcement.
  for (let day = addDays(latest, -7); day <= expected; day = addDays(day, 1)) {
    if (!isPublicationDay(publication, day)) continue;
    const date = dateOfAnnouncement(publication, day);
    if (date > latest && date <= expected) missed++;
  }
  return missed;
}

/** How many dates in (after, upTo] a value is published for. */
export function publicationsAfter(publication: Publication, after: PlainDate, upTo: PlainDate): number {
  const { dated } = publication;
  let count = 0;
  for (let date = addDays(after, 1); date <= upTo; date = addDays(date, 1)) {
    const day = dated === "next_day" ? addDays(date, -1) : date;
    if (dated === "next_business_day" ? publication.calendar.isBusinessDay(day) : isPublicationDay(publication, day))
      count++;
  }
  return count;
}

/** Epoch milliseconds of the first announcement after an instant. */
export function nextAnnouncementMs(publication: Publication, nowMs: number): number {
  let day = dateIn(publication.zone, nowMs);
  while (!isPublicationDay(publication, day) || announcementMs(publication, day) <= nowMs) day = addDays(day, 1);
  return announcementMs(publication, day);
}

function announcementMs({ zone, at }: Publication, day: PlainDate): number {
  return instantOf(zone, day, minutesOf(at));
}

function isPublicationDay({ weekday, calendar }: Publication, day: PlainDate): boolean {
  return weekday === undefined ? calendar.isBusinessDay(day) : weekdayOf(day) === weekday;
}

function dateOfAnnouncement({ dated, calendar }: Publication, day: PlainDate): PlainDate {
  if (dated === "same_day") return day;
  return dated === "next_day" ? addDays(day, 1) : nextBusinessDay(calendar, day);
}
