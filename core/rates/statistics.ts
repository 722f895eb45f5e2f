import {
  decimalsIn,
  divide,
  doublesOf,
  type Fixed,
  formatDecimal,
  multiply,
  subtract,
  sum,
  type WholeUnits,
} from "../money/decimal.ts";
import { approximateRates } from "./approximate.ts";
import { exactRate, meanOf, publishedUnits } from "./average.ts";
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
  const whole = publishedUnits(route, fixings);
  const sizes = whole ? doublesOf(whole) : approximateRates(fixings, route);
  const mean = meanOf(route, fixings, whole);
  return {
    observations: fixings.length,
    mean,
    standardDeviation: deviationOf(whole ?? fixings.map((fixing) => exactRate(route, fixing))),
    percentiles: percentilesOf(route, fixings, sizes, decimalsIn(mean)),
    drawdown: drawdownOf(route, fixings, sizes),
  };
}

/**
 * Percentiles by linear interpolation between the two nearest ranks (Excel's PERCENTILE.INC), exact and rounded once.
 * There is at least one rate; `sizes` are the rates, roughly.
 */
export function percentilesOf(
  route: Route,
  fixings: readonly Fixing[],
  sizes: Float64Array,
  decimals: number,
): Record<PercentileName, string> {
  const sorted = sizes.toSorted();
  const rate = (rank: number) => exactRate(route, fixings[sizes.indexOf(sorted[rank] as number)] as Fixing);
  const entries = PERCENTILES.map((percent) => {
    const place = (fixings.length - 1) * percent;
    const rank = Math.floor(place / 100);
    const weight = { units: BigInt(place % 100), scale: 0 };
    const lower = multiply(rate(rank), subtract(HUNDRED, weight));
    const total = weight.units === 0n ? lower : sum([lower, multiply(rate(rank + 1), weight)]);
    return [`p${percent}`, formatDecimal(divide(total, HUNDRED, decimals))] as const;
  });
  return Object.fromEntries(entries) as Record<PercentileName, string>;
}

/** The largest fall in percent of its peak, and of equal ones the first; undefined if the rate never fell. */
export function drawdownOf(route: Route, fixings: readonly Fixing[], sizes: Float64Array): Drawdown | undefined {
  let found: { peak: Fixing; trough: Fixing; share: number } | undefined;
  let peak: Fixing | undefined;
  let highest = 0;
  for (let index = 0; index < fixings.length; index++) {
    const [trough, rate] = [fixings[index] as Fixing, sizes[index] as number];
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
function deviationOf(values: WholeUnits | readonly Fixed[]): string | null {
  const distances = "units" in values ? wholeDistances(values) : exactDistances(values);
  const count = distances.length;
  if (count < 2) return null;
  return withSignificantDigits(Math.sqrt(distances.reduce((squares, one) => squares + one ** 2, 0) / (count - 1)));
}

function wholeDistances({ units, scale }: WholeUnits): Float64Array {
  const total = units.reduce((all, one) => all + one, 0);
  const divisor = 10 ** scale * units.length;
  return units.map((one) => (one * units.length - total) / divisor);
}

function exactDistances(values: readonly Fixed[]): Float64Array {
  const total = sum(values);
  const divisor = 10 ** total.scale * values.length;
  const count = BigInt(values.length);
  return Float64Array.from(values, (value) => {
    const { units } = subtract({ ...value, units: value.units * count }, total);
    return Number(units) / divisor;
  });
}

/** A positive number or zero as a plain decimal: never with an exponent. */
function withSignificantDigits(value: number): string {
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(value));
  return value.toFixed(Math.min(100, Math.max(0, SIGNIFICANT_DIGITS - 1 - magnitude)));
}
