import { businessDaysIn, WEEKDAYS } from "../time/calendars.ts";
import { addDays, isPlainDate, type PlainDate } from "../time/dates.ts";
import type { DateRange } from "./provider.ts";

/** Dates in the notations of the providers; undefined for what is not a date. */

const MONTHS = "January February March April May June July August September October November December".split(" ");

/** "13 April 2026" */
export function fromDayInWords(text: string): PlainDate | undefined {
  const [, day = "", month = "", year] = /^(\d{1,2}) ([A-Z][a-z]+) (\d{4})$/.exec(text) ?? [];
  return existing(`${year}-${String(MONTHS.indexOf(month) + 1).padStart(2, "0")}-${day.padStart(2, "0")}`);
}

/** "24.04.2026", "02-03-2026", "13/03/2026": day first. */
export function fromDayFirst(text: string | undefined, separator: "." | "-" | "/"): PlainDate | undefined {
  const [day, month, year, ...rest] = (text ?? "").split(separator);
  return rest.length === 0 ? existing(`${year}-${month}-${day}`) : undefined;
}

/** "2026-03-16T00:00:00.000", "2026-03-02 13:09:26.433": the date before a time. */
export function fromDateTime(text: string | undefined): PlainDate | undefined {
  return text !== undefined && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text) ? existing(text.slice(0, 10)) : undefined;
}

/** 2026-03-13 → ["2026", "03", "13"] */
export function partsOf(date: PlainDate): [year: string, month: string, day: string] {
  return date.split("-") as [string, string, string];
}

/** Pieces of at most `maxDays` days, newest first. */
export function piecesOf({ from, to }: DateRange, maxDays: number): DateRange[] {
  const pieces: DateRange[] = [];
  for (let end = to; end >= from; end = addDays(end, -maxDays)) {
    const start = addDays(end, 1 - maxDays);
    pieces.push({ from: start > from ? start : from, to: end });
  }
  return pieces;
}

/** The weekdays of a range, newest first: for providers that serve one day a request. */
export function weekdaysOf({ from, to }: DateRange): PlainDate[] {
  return businessDaysIn(WEEKDAYS, from, to).reverse();
}

function existing(date: string): PlainDate | undefined {
  return isPlainDate(date) ? date : undefined;
}
