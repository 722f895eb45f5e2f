/** Rates and amounts are decimals in strings. These functions never go through a floating-point number. */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** The decimal as a whole number of its last places: `toScaled("16.919", 4)` is 169190n. Throws if a digit would be lost. */
export function toScaled(decimal: string, decimals: number): bigint {
  const [, sign, whole = "", fraction = ""] = DECIMAL.exec(decimal) ?? [];
  if (sign === undefined) throw new RangeError(`"${decimal}" is not a decimal`);
  if (/[1-9]/.test(fraction.slice(decimals))) throw new RangeError(`${decimal} has more than ${decimals} decimals`);
  return BigInt(sign + whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
}

/** How many decimals are written, zeros at the end included. */
export function decimalsOf(decimal: string): number {
  return DECIMAL.exec(decimal)?.[3]?.length ?? 0;
}

/** Below, at or above zero as `a` is less than, equal to or greater than `b`: for `sort`. */
export function compareDecimals(a: string, b: string): number {
  const decimals = Math.max(decimalsOf(a), decimalsOf(b));
  const difference = toScaled(a, decimals) - toScaled(b, decimals);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The decimal for readers of a language, with all its digits: `formatDecimal("1234.50", "es-MX")` is "1,234.50". */
export function formatDecimal(decimal: string, locale?: string): string {
  const digits = decimalsOf(decimal);
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  // Exact: engines read a decimal in a string digit by digit.
  return format.format(decimal as `${number}`);
}
