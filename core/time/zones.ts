import { DAY_MS, type PlainDate, utcDate } from "./dates.ts";

/** A time zone by arithmetic: Intl takes some 20 ms to load, as long as the rest of an isolate's start. */
export interface Zone {
  /** IANA name, as shown to clients. */
  id: string;
  /** The rules below hold from this instant on; a test compares them with the time zone database. */
  sinceMs: number;
  /** What to add to UTC for the wall clock at an instant (epoch milliseconds). */
  offsetMs(ms: number): number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const [MARCH, APRIL, MAY, SEPTEMBER, OCTOBER, NOVEMBER] = [3, 4, 5, 9, 10, 11];

export const BERLIN: Zone = centralEuropean("Europe/Berlin");
export const ROME: Zone = centralEuropean("Europe/Rome");
export const WARSAW: Zone = centralEuropean("Europe/Warsaw");
export const OSLO: Zone = centralEuropean("Europe/Oslo");
export const STOCKHOLM: Zone = centralEuropean("Europe/Stockholm");
export const TORONTO: Zone = zone("America/Toronto", "1987-01-01", toronto);
export const MEXICO_CITY: Zone = zone("America/Mexico_City", "1982-12-03", mexicoCity);
export const SANTIAGO: Zone = zone("America/Santiago", "2019-01-01", santiago);
export const BOGOTA: Zone = withoutSummer("America/Bogota", "1993-02-07", -5);
export const SAO_PAULO: Zone = withoutSummer("America/Sao_Paulo", "2019-02-18", -3);
export const BUENOS_AIRES: Zone = withoutSummer("America/Argentina/Buenos_Aires", "2009-03-16", -3);
export const MOSCOW: Zone = withoutSummer("Europe/Moscow", "2014-10-27", 3);
export const UTC: Zone = withoutSummer("UTC", "1970-01-01", 0);

/** A zone of Central European Time, by its IANA name. */
export function centralEuropean(id: string): Zone {
  return zone(id, "1997-01-01", centralEurope);
}

/** A zone without summer time since a date, by its IANA name and its hours ahead of UTC. */
export function withoutSummer(id: string, since: PlainDate, hours: number): Zone {
  return zone(id, since, () => hours * HOUR_MS);
}

/** The calendar date in a zone at an instant (epoch milliseconds). */
export function dateIn({ offsetMs }: Zone, ms: number): PlainDate {
  return utcDate(ms + offsetMs(ms));
}

/** Epoch milliseconds at which a zone's wall clock shows `minutes` after midnight of `date`. */
export function instantOf({ offsetMs }: Zone, date: PlainDate, minutes: number): number {
  const wallMs = Date.parse(date) + minutes * MINUTE_MS;
  // Twice: the first guess may lie on the other side of a change of the offset.
  return wallMs - offsetMs(wallMs - offsetMs(wallMs));
}

/** "16:15" as minutes after midnight. */
export function minutesOf(time: string): number {
  const [hours, minutes] = time.split(":").map(Number) as [number, number];
  return hours * 60 + minutes;
}

function zone(id: string, since: PlainDate, offsetMs: (ms: number) => number): Zone {
  return { id, sinceMs: Date.parse(since), offsetMs };
}

/** Directive 2000/84/EC and its predecessors: summer time from the last Sunday of March to that of October, 01:00 UTC. */
function centralEurope(ms: number): number {
  const year = new Date(ms).getUTCFullYear();
  const isSummer = ms >= lastSundayMs(year, MARCH) + HOUR_MS && ms < lastSundayMs(year, OCTOBER) + HOUR_MS;
  return (isSummer ? 2 : 1) * HOUR_MS;
}

/** As in the United States: changes at 02:00 on the wall clock; longer summers since the Energy Policy Act took effect in 2007. */
function toronto(ms: number): number {
  const year = new Date(ms).getUTCFullYear();
  const start = year < 2007 ? nthSundayMs(year, APRIL, 1) : nthSundayMs(year, MARCH, 2);
  const end = year < 2007 ? lastSundayMs(year, OCTOBER) : nthSundayMs(year, NOVEMBER, 1);
  const isSummer = ms >= start + 7 * HOUR_MS && ms < end + 6 * HOUR_MS;
  return (isSummer ? -4 : -5) * HOUR_MS;
}

/** Summer time from 1996 to 2022 (Ley de los Husos Horarios, DOF of 28 October 2022); in 2001 it was two months shorter. */
function mexicoCity(ms: number): number {
  const year = new Date(ms).getUTCFullYear();
  if (year < 1996 || year > 2022) return -6 * HOUR_MS;
  const start = nthSundayMs(year, year === 2001 ? MAY : APRIL, 1);
  const end = lastSundayMs(year, year === 2001 ? SEPTEMBER : OCTOBER);
  const isSummer = ms >= start + 8 * HOUR_MS && ms < end + 7 * HOUR_MS;
  return (isSummer ? -5 : -6) * HOUR_MS;
}

/** Winter time from the Sunday on or after 2 April, 03:00 UTC, to that on or after 2 September (9 in 2022), 04:00 UTC. */
function santiago(ms: number): number {
  const year = new Date(ms).getUTCFullYear();
  const start = sundayOnOrAfterMs(year, APRIL, 2) + 3 * HOUR_MS;
  const end = sundayOnOrAfterMs(year, SEPTEMBER, year === 2022 ? 9 : 2) + 4 * HOUR_MS;
  return (ms >= start && ms < end ? -4 : -3) * HOUR_MS;
}

function lastSundayMs(year: number, month: number): number {
  return sundayOnOrAfterMs(year, month + 1, 1) - 7 * DAY_MS;
}

function nthSundayMs(year: number, month: number, n: number): number {
  return sundayOnOrAfterMs(year, month, 1 + 7 * (n - 1));
}

function sundayOnOrAfterMs(year: number, month: number, day: number): number {
  const ms = Date.UTC(year, month - 1, day);
  return ms + ((7 - new Date(ms).getUTCDay()) % 7) * DAY_MS;
}
