import { divide, formatDecimal, parseDecimal, subtract } from "../../money/decimal.ts";
import type { Fixing } from "../../rates/fixing.ts";
import { firstDateOf } from "../../rates/route.ts";
import { settlementDays } from "../../rates/views.ts";
import { addDays, later, type PlainDate, yearOf } from "../../time/dates.ts";
import type { RateReader } from "../rate-reader.ts";
import { latestRates } from "../table.ts";
import type { SieSeries } from "./sie-series.ts";

/** The rows of the SIE's series, and their changes in percent. */

export interface SieRow {
  date: PlainDate;
  value: string;
}

/** A FIX settles days within this time after its determination, and no value is so long without a successor. */
const SETTLEMENT_DAYS = 20;
const PERCENT_DECIMALS = 2;
const ABSENT = "N/E";

/** What a value is compared with, by the name that the SIE gives it. */
export const CHANGES = ["PorcObsAnt", "PorcAnual", "PorcAcumAnual"] as const;
export type Change = (typeof CHANGES)[number];
/** How far before a date that may lie. */
export const CHANGE_DAYS = 380;

/** The rows of a series in a period, ascending. Those of settlement dates lie ahead of the FIX. */
export async function rowsOf(
  reader: RateReader,
  { route, settlementSince }: SieSeries,
  from: PlainDate,
  to: PlainDate,
): Promise<SieRow[]> {
  if (settlementSince === undefined) return (await reader.fixings(route, from, to)).map(toRow);
  const start = later(from, settlementSince);
  // Later fixings tell which days were bank days before the calendar's first year.
  const fixings = await reader.fixings(route, addDays(start, -SETTLEMENT_DAYS), addDays(to, SETTLEMENT_DAYS));
  const days = settlementDays(route.publication.calendar, fixings, start, to);
  return days.map(({ date, fixing }) => ({ date, value: toRow(fixing).value }));
}

/** The newest row of a series; undefined if there is none. */
export async function lastRowOf(reader: RateReader, series: SieSeries): Promise<SieRow | undefined> {
  const [latest] = await latestRates(reader, [series.route]);
  if (latest === undefined) return undefined;
  if (series.settlementSince === undefined) return toRow(latest.fixing);
  const { date } = latest.fixing;
  return (await rowsOf(reader, series, date, addDays(date, SETTLEMENT_DAYS))).at(-1);
}

/** The first date of a series. */
export function sinceOf({ settlementSince, route }: SieSeries): PlainDate {
  return settlementSince ?? firstDateOf(route);
}

/** Each row's change in percent, "N/E" where there is nothing to compare it with. */
export function changesOf(rows: readonly SieRow[], change: Change): SieRow[] {
  return rows.map(({ date, value }, index) => {
    const reference = referenceOf(rows, index, change);
    if (reference === undefined) return { date, value: ABSENT };
    const [now, before] = [parseDecimal(value), parseDecimal(reference.value)];
    const { units, scale } = subtract(now, before);
    const percent = divide({ units: units * 100n, scale }, before, PERCENT_DECIMALS, "half_up");
    return { date, value: formatDecimal(percent) };
  });
}

function referenceOf(rows: readonly SieRow[], index: number, change: Change): SieRow | undefined {
  const { date } = rows[index] as SieRow;
  const year = yearOf(date) - 1;
  switch (change) {
    case "PorcObsAnt":
      return rows[index - 1];
    case "PorcAnual":
      return lastUpTo(rows, `${year}${date.slice(4)}`);
    case "PorcAcumAnual":
      return lastUpTo(rows, `${year}-12-31`);
  }
}

/** The last row on or before a date, found by bisection. */
function lastUpTo(rows: readonly SieRow[], date: PlainDate): SieRow | undefined {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] as SieRow).date <= date) low = middle + 1;
    else high = middle;
  }
  return rows[low - 1];
}

function toRow({ date, values }: Fixing): SieRow {
  return { date, value: values[0] ?? ABSENT };
}
