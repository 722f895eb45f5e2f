import { type Fixed, formatDecimal, parseDecimal } from "#core/money/decimal.ts";

/** The same number divided by 10^places, by way of whole units rather than of text. */
export function movePoint(decimal: string, places: number): string {
  const { units, scale }: Fixed = parseDecimal(decimal);
  return formatDecimal({ units, scale: scale + places });
}
