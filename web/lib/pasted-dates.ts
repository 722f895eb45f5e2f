import { isPlainDate } from "#core/time/dates.ts";

/** Dates as people paste them out of spreadsheets: "2026-03-15", "15/03/2026", "15-3-26". Days come before months. */

export interface PastedDates {
  dates: string[];
  /** What is no date. */
  unread: string[];
}

const ISO = /^(\d{4})-(\d{1,2})-(\d{1,2})/;
const DAY_FIRST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/;

/** The dates of a text, in their order; times of day behind ISO dates are left out. */
export function pastedDates(text: string): PastedDates {
  const dates: string[] = [];
  const unread: string[] = [];
  for (const word of text.split(/[\n,;\t ]+/).filter(Boolean)) {
    const date = dateOf(word);
    if (date) dates.push(date);
    else unread.push(word);
  }
  return { dates, unread };
}

function dateOf(word: string): string | undefined {
  const iso = ISO.exec(word);
  const [, day = "", month = "", year = ""] = DAY_FIRST.exec(word) ?? (iso ? [iso[0], iso[3], iso[2], iso[1]] : []);
  const fullYear = year.length === 2 ? `20${year}` : year;
  const date = `${fullYear}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return isPlainDate(date) ? date : undefined;
}
