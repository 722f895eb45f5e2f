import { approximateRates } from "./approximate.ts";
import type { Fixing } from "./fixing.ts";
import type { Route } from "./route.ts";

/** Observations in a year of a series that is published on bank days, and of one that is published once a week. */
const DAYS_PER_YEAR = 252;
const WEEKS_PER_YEAR = 52;
const SECONDS_PER_DAY = 86_400;
/** A sample standard deviation needs two returns. */
export const MIN_RETURNS = 2;

/** Statistics are doubles; a double of this size holds so many decimals exactly enough. */
const DECIMALS = 13;

/** What volatility is annualised by: the observations in a year; null for an intraday series, whose returns are of no day. */
export function factorOf({ everySeconds = SECONDS_PER_DAY, weekday }: Cadence): number | null {
  if (everySeconds < SECONDS_PER_DAY) return null;
  return weekday === undefined ? DAYS_PER_YEAR : WEEKS_PER_YEAR;
}

/** How often a series is published; without either, once per bank day. */
interface Cadence {
  everySeconds?: number;
  weekday?: number;
}

export interface Volatility {
  /** The number of returns. */
  n: number;
  /** Sample standard deviation of the log returns. */
  daily: string;
  /** Times the square root of the factor; null for series that have none. */
  annualised: string | null;
}

/** ln(S_t / S_t-1) over consecutive observations: from Friday to Monday is one return. One fewer than there are fixings. */
export function logReturns(route: Route, fixings: readonly Fixing[]): Float64Array {
  const rates = approximateRates(fixings, route);
  const returns = new Float64Array(Math.max(0, rates.length - 1));
  for (let index = 0; index < returns.length; index++)
    returns[index] = Math.log((rates[index + 1] as number) / (rates[index] as number));
  return returns;
}

/** The volatility of these returns, of which there are at least two. `factor` is null for an intraday series. */
export function volatilityOf(returns: Float64Array, factor: number | null): Volatility {
  return describe(deviationOf(returns, 0, returns.length), returns.length, factor);
}

/** The volatility of each run of `window` returns, by the index of its last return less `window` - 1. */
export function rollingVolatility(returns: Float64Array, window: number, factor: number | null): Volatility[] {
  // Each from its own returns: running sums would carry the error of a crisis into the calm years after it.
  return Array.from({ length: Math.max(0, returns.length - window + 1) }, (_, from) =>
    describe(deviationOf(returns, from, from + window), window, factor),
  );
}

function describe(deviation: number, n: number, factor: number | null): Volatility {
  return {
    n,
    daily: deviation.toFixed(DECIMALS),
    annualised: factor === null ? null : (deviation * Math.sqrt(factor)).toFixed(DECIMALS),
  };
}

/** The sample standard deviation of values[from..to), in two passes. */
function deviationOf(values: Float64Array, from: number, to: number): number {
  const count = to - from;
  if (count < MIN_RETURNS) throw new RangeError("a sample standard deviation needs two values");
  let total = 0;
  for (let index = from; index < to; index++) total += values[index] as number;
  const mean = total / count;
  let squares = 0;
  for (let index = from; index < to; index++) squares += ((values[index] as number) - mean) ** 2;
  return Math.sqrt(squares / (count - 1));
}
