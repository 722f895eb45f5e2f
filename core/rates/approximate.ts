import type { Fixing } from "./fixing.ts";

/** A fixing's unrounded rate as a double: for statistics and for finding extremes, never for a rate that is shown. */
export function approximateRate({ numerator, denominator }: Fixing): number {
  const above = numerator === undefined ? 1 : Number(numerator);
  return denominator === undefined ? above : above / Number(denominator);
}
