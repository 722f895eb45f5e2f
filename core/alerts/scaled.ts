import { type Fixed, formatDecimal, parseDecimal } from "../money/decimal.ts";

/** Decimals of a threshold: as whole units of 10⁻⁸ it fits a 64-bit integer, and compares as one in any database. */
export const THRESHOLD_DECIMALS = 8;
/** Digits before the point: with more, the units would not fit. */
export const MAX_THRESHOLD_DIGITS = 10;

/** The units of a threshold. Throws RangeError on more than 8 decimals or on anything that is no plain decimal. */
export function thresholdUnits(text: string): bigint {
  const { units, scale } = parseDecimal(text);
  if (scale > THRESHOLD_DECIMALS) throw new RangeError("too many decimals");
  return units * 10n ** BigInt(THRESHOLD_DECIMALS - scale);
}

/** The threshold as a decimal, without trailing zeros. */
export function thresholdText(units: bigint): string {
  const text = formatDecimal({ units, scale: THRESHOLD_DECIMALS }).replace(/0+$/, "");
  return text.endsWith(".") ? text.slice(0, -1) : text;
}

/** The whole units just below or at, and just above or at, a value that may have more decimals. */
export function unitsAround(value: string): { floor: bigint; ceiling: bigint } {
  const { units, scale }: Fixed = parseDecimal(value);
  const shift = THRESHOLD_DECIMALS - scale;
  if (shift >= 0) {
    const exact = units * 10n ** BigInt(shift);
    return { floor: exact, ceiling: exact };
  }
  const divisor = 10n ** BigInt(-shift);
  const rest = ((units % divisor) + divisor) % divisor;
  const floor = (units - rest) / divisor;
  return { floor, ceiling: rest === 0n ? floor : floor + 1n };
}
