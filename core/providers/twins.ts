import { compareDecimals, parseDecimal } from "../money/decimal.ts";
import type { ParseResult, SeriesData } from "./provider.ts";

/** Two series that agree on all of at least so many dates are one series under two names. */
const MIN_COMMON_DATES = 5;

/** Refuses series whose values equal another's: nobody can say to which of the two they belong. */
export function withoutTwins(result: ParseResult): ParseResult {
  if (!result.ok) return result;
  const twins = new Map<string, string>();
  for (const one of result.series)
    for (const other of result.series) if (one !== other && areTwins(one, other)) twins.set(one.series, other.series);
  const faults = Array.from(twins, ([series, other]) => ({
    series,
    kind: "invalid" as const,
    reason: `the same values as ${other}`,
  }));
  const series = result.series.filter((one) => !twins.has(one.series));
  return { ...result, series, faults: [...result.faults, ...faults] };
}

function areTwins(one: SeriesData, other: SeriesData): boolean {
  const values = new Map(one.observations);
  let common = 0;
  for (const [date, value] of other.observations) {
    const own = values.get(date);
    if (own === undefined) continue;
    if (compareDecimals(parseDecimal(own), parseDecimal(value)) !== 0) return false;
    common++;
  }
  return common >= MIN_COMMON_DATES;
}
