import type { Fixing } from "./fixing.ts";
import type { Route } from "./route.ts";

/** A fixing's unrounded rate as a double: for statistics and for finding extremes, never for a rate that is shown. */
export function approximateRate({ values }: Fixing, { legs, parities }: Route): number {
  let rate = 1;
  for (let index = 0; index < legs.length; index++) {
    const value = Number(values[index]);
    rate = legs[index]?.inverse ? rate / value : rate * value;
  }
  for (const { parity, inverse } of parities)
    rate = inverse ? rate / Number(parity.perAnchor) : rate * Number(parity.perAnchor);
  return rate;
}

/** The same of each fixing. */
export function approximateRates(fixings: readonly Fixing[], route: Route): Float64Array {
  const rates = new Float64Array(fixings.length);
  for (let index = 0; index < fixings.length; index++) rates[index] = approximateRate(fixings[index] as Fixing, route);
  return rates;
}
