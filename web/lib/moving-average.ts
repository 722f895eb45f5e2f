import { decimalsIn, divide, formatDecimal, parseDecimal, sum } from "#core/money/decimal.ts";

/** Moving averages over fixings: exact where they are read, doubles where they are drawn. */

/** As /rates/average rounds. */
const MIN_DECIMALS = 6;

/** The mean of the `window` rates up to an index, rounded once, half-even; undefined where there are fewer. */
export function meanAt(rates: readonly string[], index: number, window: number): string | undefined {
  if (index + 1 < window) return undefined;
  const taken = rates.slice(index + 1 - window, index + 1);
  const decimals = Math.max(MIN_DECIMALS, ...taken.map(decimalsIn));
  return formatDecimal(divide(sum(taken.map(parseDecimal)), { units: BigInt(window), scale: 0 }, decimals));
}

/** The same at every index, for drawing. */
export function movingAverages(rates: readonly string[], window: number): (number | null)[] {
  let total = 0;
  return rates.map((rate, index) => {
    total += Number(rate) - (index >= window ? Number(rates[index - window]) : 0);
    return index + 1 < window ? null : total / window;
  });
}
