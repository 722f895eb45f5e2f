import { PROVIDERS } from "../providers/provider-list.ts";
import type { Series } from "../rates/series.ts";

/** Whether a second provider says the same of a pair on the same date. In doubles: no rate is computed here. */

/** The series of another provider from which its rate of a pair follows; undefined for its own pivot. */
export interface Cross {
  base: Series | undefined;
  quote: Series | undefined;
}

/** Fixings are made at other hours of the day; a column mixed up or a shifted point is further away. */
const MAX_DIFFERENCE = Math.log(1.02);

/** How other providers' series give the rate of this one's pair. */
export function crossesElsewhere({ provider: own, base, quote }: Series): Cross[] {
  return PROVIDERS.filter(({ id }) => id !== own).flatMap(({ pivot, series }) => {
    const legsOf = (code: string) =>
      code === pivot ? [undefined] : series.filter((one) => isBetween(one, code, pivot));
    return legsOf(base).flatMap((ofBase) => legsOf(quote).map((ofQuote) => ({ base: ofBase, quote: ofQuote })));
  });
}

/** Whether one of the crosses agrees with a value. `valuesOf`: what a series has on the value's date, stored or waiting. */
export function isConfirmed(
  { base, quote }: Series,
  value: string,
  crosses: readonly Cross[],
  valuesOf: (series: string) => readonly string[],
): boolean {
  const pricesOf = (code: string, series: Series | undefined) =>
    series === undefined ? [1] : valuesOf(series.id).map((text) => Number(text) ** (series.base === code ? 1 : -1));
  return crosses.some((cross) =>
    pricesOf(base, cross.base).some((ofBase) =>
      pricesOf(quote, cross.quote).some(
        (ofQuote) => Math.abs(Math.log((Number(value) * ofQuote) / ofBase)) <= MAX_DIFFERENCE,
      ),
    ),
  );
}

function isBetween({ base, quote }: Series, code: string, pivot: string): boolean {
  return (base === code && quote === pivot) || (base === pivot && quote === code);
}
