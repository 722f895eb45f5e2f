import { addDays, earlier, later, type PlainDate, yearOf } from "#core/dates.ts";
import type { Versions } from "#core/internal.ts";
import { emptyPage, type Observation, type Page } from "#core/page.ts";
import type { Candidate } from "#core/review.ts";
import type { Current } from "./plan.ts";

/** A stored observation as both dialects read it: exact published digits, and instants in RFC 3339. */
export interface Row {
  series: string;
  date: PlainDate;
  value: string;
  revision: number;
  seq: number;
  observedAt: string;
}

/** Dates of one series, both ends included. */
export interface Range {
  series: string;
  from: PlainDate;
  to: PlainDate;
}

/** How far before the first year of a batch its values' predecessors are looked for: review guards gaps of two weeks. */
const LOOK_BACK_DAYS = 31;

/** What must be read to store a batch and to answer with its pages: the whole years of each known series. */
export function rangesOf(candidates: readonly Candidate[], known: ReadonlySet<string>): Range[] {
  const ranges = new Map<string, Range>();
  for (const { series, date } of candidates) {
    if (!known.has(series)) continue;
    const range = ranges.get(series) ?? { series, from: date, to: date };
    ranges.set(series, { series, from: earlier(range.from, date), to: later(range.to, date) });
  }
  return Array.from(ranges.values(), ({ series, from, to }) => ({
    series,
    from: addDays(`${from.slice(0, 4)}-01-01`, -LOOK_BACK_DAYS),
    to: `${to.slice(0, 4)}-12-31`,
  }));
}

/** The current value of each date. `rows` ascend by series, date and revision. */
export function currentOf(rows: readonly Row[]): Map<string, Map<PlainDate, Current>> {
  const bySeries = new Map<string, Map<PlainDate, Current>>();
  for (const { series, date, value, revision, observedAt } of rows) {
    const dates = bySeries.get(series) ?? new Map<PlainDate, Current>();
    if (dates.size === 0) bySeries.set(series, dates);
    dates.set(date, { value, revision, observedAt });
  }
  return bySeries;
}

/** The page of each year asked for. `rows` are of one series and ascend by date and revision; others' years are passed over. */
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
    if (year === undefined) continue;
    // The last revision of a date is the current one.
    if (year.at(-1)?.date === row.date) year[year.length - 1] = row;
    else year.push(row);
  }
  return Array.from(byYear, ([key, current]) => pageOf(series, key, current));
}

/** The pages that a batch touches, as `rows` have them. */
export function touchedPages(
  candidates: readonly Candidate[],
  known: ReadonlySet<string>,
  rows: readonly Row[],
): Page[] {
  const years = new Map<string, Set<number>>();
  for (const { series, date } of candidates) {
    if (!known.has(series)) continue;
    const touched = years.get(series) ?? new Set<number>();
    years.set(series, touched.add(yearOf(date)));
  }
  return Array.from(years, ([series, touched]) =>
    pagesOf(
      series,
      [...touched].sort((a, b) => a - b),
      rows.filter((row) => row.series === series),
    ),
  ).flat();
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

function pageOf(series: string, year: number, rows: readonly Row[]): Page {
  let newest: Row | undefined;
  const observations: Observation[] = [];
  for (const row of rows) {
    observations.push([row.date, row.value]);
    if (newest === undefined || row.seq > newest.seq) newest = row;
  }
  if (newest === undefined) return emptyPage({ series, year });
  return { series, year, version: newest.seq, updated_at: newest.observedAt, observations };
}

export function yearsOf(fromYear: number, toYear: number): number[] {
  return Array.from({ length: Math.max(0, toYear - fromYear + 1) }, (_, index) => fromYear + index);
}
