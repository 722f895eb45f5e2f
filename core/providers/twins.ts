import { compareDecimals, parseDecimal } from "../money/decimal.ts";
import type { SeriesData, SeriesFault } from "./provider.ts";

/** Two series that agree on all of at least so many dates are one series under two names. */
const MIN_COMMON_DATES = 5;

/**
 * The series whose values equal another's, if no data of one of the two are known: then nobody can say to which of them
 * the values belong. Otherwise the origin can, which compares them with what it has stored.
 */
export function twinsIn(data: readonly SeriesData[], hasData: (series: string) => boolean): SeriesFault[] {
  const faults = new Map<string, SeriesFault>();
  for (const [index, one] of data.entries()) {
    const values = new Map(one.observations);
    for (const other of data.slice(index + 1)) {
      if ((hasData(one.series) && hasData(other.series)) || !areEqual(values, other)) continue;
      faults.set(one.series, faultOf(one, other));
      faults.set(other.series, faultOf(other, one));
    }
  }
  return [...faults.values()];
}

function faultOf({ series }: SeriesData, other: SeriesData): SeriesFault {
  return { series, kind: "invalid", reason: `the same values as ${other.series}` };
}

function areEqual(values: ReadonlyMap<string, string>, { observations }: SeriesData): boolean {
  let common = 0;
  for (const [date, value] of observations) {
    const own = values.get(date);
    if (own === undefined) continue;
    if (compareDecimals(parseDecimal(own), parseDecimal(value)) !== 0) return false;
    common++;
  }
  return common >= MIN_COMMON_DATES;
}
