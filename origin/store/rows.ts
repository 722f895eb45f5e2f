import { emptyPage, type Observation, type Page } from "#core/rates/page.ts";
import { type PlainDate, yearOf } from "#core/time/dates.ts";
import type { Versions } from "#core/wire/internal.ts";
import type { Current, CurrentValues, OtherSeries } from "./state.ts";

/** A stored observation as both dialects read it: exact published digits, and instants in RFC 3339. */
export interface Row {
  series: string;
  date: PlainDate;
  value: string;
  revision: number;
  /** 0: no observation, but the mark of a date with a value that waits in quarantine. */
  seq: number;
  observedAt: string;
  withdrawn: boolean;
  fetchedAt: string | null;
}

/** Dates of one series, both ends included. */
export interface Range {
  series: string;
  from: PlainDate;
  to: PlainDate;
}

/** The same of several series. */
export interface SeriesRange {
  series: readonly string[];
  from: PlainDate;
  to: PlainDate;
}

/** What a page of a year, or of several, is made of. */
export function yearRange(series: string, fromYear: number, toYear: number): Range {
  return { series, from: `${fromYear}-01-01`, to: `${toYear}-12-31` };
}

/** The same for reading several series, of which this is one. */
export function yearsRange(series: string, fromYear: number, toYear: number): SeriesRange {
  return { ...yearRange(series, fromYear, toYear), series: [series] };
}

/** By date, and by revision within one: a set of rows that came in parts. */
export function inOrder<Of extends Pick<Row, "date" | "revision">>(rows: readonly Of[]): Of[] {
  return [...rows].sort((a, b) => (a.date === b.date ? a.revision - b.revision : a.date < b.date ? -1 : 1));
}

/** The newest revision of each date. `rows` are of one series and in order. */
export function currentOf(rows: readonly Row[]): CurrentValues {
  const current = new Map<PlainDate, Current>();
  for (const { date, value, revision, seq, withdrawn, fetchedAt } of rows)
    if (seq > 0) current.set(date, { value, revision, seq, withdrawn, fetchedAt });
  return current;
}

/** The current values of each series. `rows` ascend by revision within a series and date. */
export function valuesBySeries(rows: readonly Row[]): OtherSeries {
  const values = new Map<string, Map<PlainDate, string>>();
  for (const { series, date, value, withdrawn, seq } of rows) {
    if (seq === 0) continue;
    const dates = values.get(series) ?? new Map<PlainDate, string>();
    values.set(series, dates);
    if (withdrawn) dates.delete(date);
    else dates.set(date, value);
  }
  return values;
}

/** The page of each year asked for. `rows` are of one series and in order; others' years are passed over. */
export function pagesOf(series: string, years: readonly number[], rows: readonly Row[]): Page[] {
  const byYear = new Map<number, Row[]>();
  for (const year of years) byYear.set(year, []);
  let year: Row[] | undefined;
  let prefix = "";
  for (const row of rows) {
    if (row.date.slice(0, 4) !== prefix) {
      prefix = row.date.slice(0, 4);
      year = byYear.get(yearOf(row.date));
    }
    year?.push(row);
  }
  return Array.from(byYear, ([key, ofYear]) => pageOf(series, key, ofYear));
}

/** series → year → version, from the highest sequence number of each. */
export function versionsOf(rows: readonly { series: string; year: string; version: number }[]): Versions {
  const versions: Versions = {};
  for (const { series, year, version } of rows) {
    const years = versions[series] ?? {};
    versions[series] = years;
    years[year] = version;
  }
  return versions;
}

/** A page from its rows, in order. */
export function pageOf(series: string, year: number, rows: readonly Row[]): Page {
  let newest: Row | undefined;
  const observations: Observation[] = [];
  const withdrawn: PlainDate[] = [];
  const waiting: PlainDate[] = [];
  rows.forEach((row, index) => {
    if (row.seq === 0) {
      if (waiting.at(-1) !== row.date) waiting.push(row.date);
      return;
    }
    // The last revision of a date is the current one.
    if (rows[index + 1]?.date === row.date) return;
    if (row.withdrawn) withdrawn.push(row.date);
    else observations.push([row.date, row.value]);
    if (newest === undefined || row.seq > newest.seq) newest = row;
  });
  const { seq: version, observedAt: updated_at } = newest ?? { seq: 0, observedAt: null };
  return {
    ...emptyPage({ series, year }),
    version,
    updated_at,
    observations,
    ...(withdrawn.length > 0 && { withdrawn }),
    ...(waiting.length > 0 && { waiting }),
  };
}

export function yearsOf(fromYear: number, toYear: number): number[] {
  return Array.from({ length: Math.max(0, toYear - fromYear + 1) }, (_, index) => fromYear + index);
}
