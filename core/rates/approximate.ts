import type { Fixing } from "./fixing.ts";

/** A fixing's unrounded rate as a double: for statistics and for finding extremes, never for a rate that is shown. */
export function approximateRate({ numerator = "1", denominator = "1" }: Fixing): number {
  return Number(numerator) / Number(denominator);
}
