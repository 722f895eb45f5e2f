import { addDays, daysBetween, earlier, later, type PlainDate } from "#core/time/dates.ts";
import type { SeriesReading } from "#core/wire/internal.ts";
import { currentOf, inOrder, type Row, yearRange } from "./rows.ts";
import type { CurrentValues, Kept, Stored } from "./state.ts";
import type { Head, StoreTransaction } from "./transaction.ts";

/** Days on either side of a reading in which its neighbours are on most days, and those in which they are over holidays. */
const NEIGHBOUR_DAYS = 4;
const MAX_NEIGHBOUR_DAYS = 10;
/** A request for the newest values covers no more: what of it lies in another year is a reading of its own. */
const REQUEST_DAYS = 366;
/** Enough to find a neighbour that was not withdrawn. */
const MAX_NEIGHBOUR_ROWS = 40;

interface Dates {
  from: PlainDate;
  to: PlainDate;
}

/** What is stored of the series of readings, as far as these are judged by it, in the same order. */
export async function readStored(
  tx: StoreTransaction,
  readings: readonly SeriesReading[],
  heads: ReadonlyMap<string, Head>,
): Promise<Stored[]> {
  const years = readings.map(({ year }) => year);
  const { from, to } = yearRange("", Math.min(...years), Math.max(...years));
  const kept = Map.groupBy(
    await tx.kept({ series: readings.map(({ series }) => series), ...widened({ from, to }, REQUEST_DAYS) }),
    ({ series }) => series,
  );
  const dates = new Map(readings.map((reading) => [reading, datesOf(reading, kept.get(reading.series) ?? [])]));
  const rows = new Map<string, Row[]>();
  const current = new Map<string, CurrentValues>();
  const lacking = new Set<string>();
  // Series of one provider nearly always have the same dates in a response.
  for (const [, together] of Map.groupBy(readings, (reading) => keyOf(dates.get(reading) as Dates))) {
    const [first] = together as [SeriesReading, ...SeriesReading[]];
    const range = dates.get(first) as Dates;
    let series = together.map((reading) => reading.series);
    for (const days of new Set([likelyDays(series, range, heads), MAX_NEIGHBOUR_DAYS])) {
      const within = widened(range, days);
      const read = await tx.read({ series, ...within });
      for (const [one, ofSeries] of Map.groupBy(read, (row) => row.series)) {
        rows.set(one, ofSeries);
        current.set(one, currentOf(ofSeries));
      }
      series = series.filter((one) => lacksNeighbour(current.get(one), range, within, heads.get(one)));
      if (series.length === 0) break;
    }
    for (const one of series) lacking.add(one);
  }
  const stored: Stored[] = [];
  for (const reading of readings) {
    const { series } = reading;
    const range = dates.get(reading) as Dates;
    if (lacking.has(series)) {
      const around = await tx.readAround({ series, ...widened(range, MAX_NEIGHBOUR_DAYS) }, MAX_NEIGHBOUR_ROWS);
      current.set(series, currentOf(inOrder([...(rows.get(series) ?? []), ...around])));
    }
    const keptByDate = Map.groupBy(kept.get(series) ?? [], ({ date }) => date);
    stored.push({
      current: current.get(series) ?? new Map(),
      kept: keptByDate,
      recentRevisions: 0,
      others: new Map(),
    });
  }
  return stored;
}

/** From the first date that a reading speaks of, or that waits, to the last. */
function datesOf({ observations, complete, year }: SeriesReading, kept: readonly Kept[]): Dates {
  const dates = [...observations, ...kept.map(({ date }) => [date] as const)].map(([date]) => date);
  if (complete !== null) dates.push(complete.from, complete.to);
  if (dates.length === 0) dates.push(`${year}-01-01`, `${year}-12-31`);
  return { from: dates.reduce(earlier), to: dates.reduce(later) };
}

function keyOf({ from, to }: Dates): string {
  return `${from} ${to}`;
}

function widened({ from, to }: Dates, days: number): Dates {
  return { from: addDays(from, -days), to: addDays(to, days) };
}

/** In how many days around a range most of these series have their neighbours: those of a new date end at the newest. */
function likelyDays(series: readonly string[], { from }: Dates, heads: ReadonlyMap<string, Head>): number {
  const newest = series.flatMap((one) => heads.get(one)?.last ?? []).reduce(later, "");
  const isNew = newest !== "" && newest < from;
  return isNew ? Math.min(daysBetween(newest, from), MAX_NEIGHBOUR_DAYS) : NEIGHBOUR_DAYS;
}

/** Whether a value before or after the range was not read within these dates around it although there is one. */
function lacksNeighbour(
  current: CurrentValues | undefined,
  range: Dates,
  { from, to }: Dates,
  head: Head | undefined,
): boolean {
  if (head === undefined) return false;
  let isAnyBefore = false;
  let isAnyAfter = false;
  for (const [date, { withdrawn }] of current ?? []) {
    isAnyBefore ||= !withdrawn && date < range.from;
    isAnyAfter ||= !withdrawn && date > range.to;
  }
  return (head.first < from && !isAnyBefore) || (head.last > to && !isAnyAfter);
}
