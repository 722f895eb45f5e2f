import { divide, formatDecimal, parseDecimal, subtract } from "#core/money/decimal.ts";
import type { Language } from "./language.ts";

/** How dates, times and rates are shown. Rates are decimal text throughout. */

/** Days before months in English too: half of the readers are in Mexico. */
const LOCALES: Record<Language, string> = { es: "es-MX", en: "en-GB" };

export const MEXICO = "America/Mexico_City";

type DateStyle = "short" | "day" | "long";

const STYLES: Record<DateStyle, Intl.DateTimeFormatOptions> = {
  short: { day: "numeric", month: "short" },
  day: { day: "numeric", month: "short", year: "numeric" },
  long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
};

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(LOCALES[language], options);
  formats.set(key, format);
  return format;
}

/** A calendar date. It is the same day for every reader, whatever their time zone is. */
export function showDate(date: string, language: Language, style: DateStyle = "day"): string {
  return formatOf(language, { ...STYLES[style], timeZone: "UTC" }).format(Date.parse(date));
}

/** The time of day at an instant, in Mexico City. */
export function showTime(ms: number, language: Language, withSeconds = false): string {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: MEXICO } as const;
  return formatOf(language, withSeconds ? { ...options, second: "2-digit" } : options).format(ms);
}

/** The calendar date at an instant, in Mexico City. */
export function dateInMexico(ms: number): string {
  // Canada writes dates in the order of ISO 8601.
  return new Intl.DateTimeFormat("en-CA", { timeZone: MEXICO }).format(ms);
}

const MINUTE_MS = 60_000;

/** A time to wait, in its two largest units: "2 h 14 min". */
export function showWait(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS));
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

export interface Change {
  direction: "up" | "down" | "none";
  /** With its sign. */
  absolute: string;
  /** With its sign, in percent with two decimals. */
  percent: string;
}

/** How a rate differs from an earlier one, exactly. */
export function changeOf(now: string, before: string): Change {
  const [after, start] = [parseDecimal(now), parseDecimal(before)];
  const difference = subtract(after, start);
  const hundredfold = { units: difference.units * 100n, scale: difference.scale };
  const direction = difference.units > 0n ? "up" : difference.units < 0n ? "down" : "none";
  return { direction, absolute: signed(difference), percent: signed(divide(hundredfold, start, 2)) };
}

/** A true minus sign is as wide as the plus. */
function signed(value: Parameters<typeof formatDecimal>[0]): string {
  const text = formatDecimal(value);
  return text.startsWith("-") ? `−${text.slice(1)}` : `+${text}`;
}

/** The digits before the point in groups of three, to be set apart; the text itself is not changed. */
export function groupsOf(decimal: string): string[] {
  const [, sign = "", whole = "", rest = ""] = /^([-−+]?)(\d+)(.*)$/.exec(decimal) ?? [];
  const groups = whole.length > 4 ? (whole.match(/\d{1,3}(?=(\d{3})*$)/g) ?? [whole]) : [whole];
  return groups.map((group, index) => (index === 0 ? sign : "") + group + (index === groups.length - 1 ? rest : ""));
}

/** A share from 0 to 1 in percent. */
export function percent(share: number, digits: number): string {
  return `${(share * 100).toFixed(digits)} %`;
}
