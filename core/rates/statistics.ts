import { decimalsIn, divide, type Fixed, formatDecimal, multiply, subtract, sum } from "../money/decimal.ts";
import { approximateRate } from "./approximate.ts";
import { exactRate, meanOf } from "./average.ts";
import { percentOf } from "./change.ts";
import type { Fixing, SomeFixings } from "./fixing.ts";
import type { Route } from "./route.ts";

/** The percentiles that are given, in percent. The fiftieth is the median. */
export const PERCENTILES = [5, 10, 25, 50, 75, 90, 95] as const;
export type PercentileName = `p${(typeof PERCENTILES)[number]}`;

const HUNDRED: Fixed = { units: 100n, scale: 0 };
/** A double holds 15 to 17; the last few are lost in sums. */
const SIGNIFICANT_DIGITS = 12;

/** The largest fall from a rate to a later one. */
export interface Drawdown {
  /** Of the peak; positive. */
  percent: string;
  peak: Fixing;
  trough: Fixing;
}

export interface Statistics {
  observations: number;
  mean: string;
  /** Of the rates, not of their returns; null for a single one. */
  standardDeviation: string | null;
  percentiles: Record<PercentileName, string>;
  /** undefined if the rate never fell. */
  drawdown: Drawdown | undefined;
}

/** The distribution of a pair's rates over these fixings. */
export function statisticsOf(route: Route, fixings: SomeFixings): Statistics {
  const mean = meanOf(route, fixings);
  return {
    observations: fixings.length,
    mean,
    standardDeviation: deviationOf(fixings.map((fixing) => exactRate(route, fixing))),
    percentiles: percentilesOf(route, fixings, decimalsIn(mean)),
    drawdown: drawdownOf(route, fixings),
  };
}

/**
 * Percentiles by linear interpolation between the two nearest ranks (Excel's PERCENTILE.INC), exact and rounded once.
 * There is at least one fixing.
 */
export function percentilesOf(
  route: Route,
  fixings: readonly Fixing[],
  decimals: number,
): Record<PercentileName, string> {
  const sorted = fixings
    .map((fixing) => ({ fixing, size: approximateRate(fixing, route) }))
    .sort((a, b) => a.size - b.size);
  const rate = (rank: number) => exactRate(route, (sorted[rank] as { fixing: Fixing }).fixing);
  const entries = PERCENTILES.map((percent) => {
    const place = (sorted.length - 1) * percent;
    const rank = Math.floor(place / 100);
    const weight = { units: BigInt(place % 100), scale: 0 };
    const lower = multiply(rate(rank), subtract(HUNDRED, weight));
    const total = weight.units === 0n ? lower : sum([lower, multiply(rate(rank + 1), weight)]);
    return [`p${percent}`, formatDecimal(divide(total, HUNDRED, decimals))] as const;
  });
  return Object.fromEntries(entries) as Record<PercentileName, string>;
}

/** The largest fall in percent of its peak, and of equal ones the first; undefined if the rate never fell. */
export function drawdownOf(route: Route, fixings: readonly Fixing[]): Drawdown | undefined {
  let found: { peak: Fixing; trough: Fixing; share: number } | undefined;
  let peak: Fixing | undefined;
  let highest = 0;
  for (const trough of fixings) {
    const rate = approximateRate(trough, route);
    const share = 1 - rate / highest;
    if (peak === undefined || rate > highest) [peak, highest] = [trough, rate];
    else if (share > (found?.share ?? 0)) found = { peak, trough, share };
  }
  if (!found) return undefined;
  const [from, to] = [exactRate(route, found.peak), exactRate(route, found.trough)];
  return { percent: formatDecimal(percentOf(subtract(from, to), from)), peak: found.peak, trough: found.trough };
}

/**
 * The sample standard deviation, with 12 significant digits; null for fewer than two values. The distances from the mean
 * are exact: of rates that hardly differ, doubles would leave only a few digits.
 */
function deviationOf(values: readonly Fixed[]): string | null {
  const count = BigInt(values.length);
  if (count < 2n) return null;
  const total = sum(values);
  const divisor = 10 ** total.scale * values.length;
  const distances = values.map(({ units, scale }) => units * 10n ** BigInt(total.scale - scale) * count - total.units);
  const squares = distances.reduce((squares, distance) => squares + (Number(distance) / divisor) ** 2, 0);
  return withSignificantDigits(Math.sqrt(squares / (values.length - 1)));
}

/** A positive number or zero as a plain decimal: never with an exponent. */
function withSignificantDigits(value: number): string {
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(value));
  return value.toFixed(Math.min(100, Math.max(0, SIGNIFICANT_DIGITS - 1 - magnitude)));
}
