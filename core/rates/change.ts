import { decimalsIn, divide, type Fixed, formatDecimal, round, subtract } from "../money/decimal.ts";
import { exactRate } from "./average.ts";
import { extremesOf } from "./extremes.ts";
import { type Fixing, rateOf, type SomeFixings } from "./fixing.ts";
import type { Route } from "./route.ts";

/** Decimals of a percentage, unless said otherwise. */
export const PERCENT_DECIMALS = 6;

export interface Change {
  start: Fixing;
  end: Fixing;
  /** The last rate less the first, from unrounded rates, with as many decimals as the longer of both. */
  absolute: string;
  /** The same as a percentage of the first. */
  percent: string;
  high: Fixing;
  low: Fixing;
}

/** How a pair moved from the first of these fixings to the last. */
export function changeOf(route: Route, fixings: SomeFixings): Change {
  const [start] = fixings;
  const end = fixings.at(-1) ?? start;
  const first = exactRate(route, start);
  const difference = subtract(exactRate(route, end), first);
  const decimals = Math.max(...[start, end].map((fixing) => decimalsIn(rateOf(fixing, route))));
  return {
    start,
    end,
    absolute: formatDecimal(round(difference, decimals)),
    percent: formatDecimal(percentOf(difference, first)),
    ...extremesOf(route, fixings),
  };
}

/** `part` as a percentage of `whole`, rounded once. */
export function percentOf(part: Fixed, whole: Fixed, decimals = PERCENT_DECIMALS): Fixed {
  return divide({ units: part.units * 100n, scale: part.scale }, whole, decimals);
}
