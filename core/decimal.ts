/**
 * Exact decimal arithmetic on strings, carried as a whole number of units and a scale: "17.3485" is 173485 / 10^4.
 * Nothing here passes through a binary float. Whoever divides states the scale and gets exactly one rounding.
 */
export interface Fixed {
  units: bigint;
  scale: number;
}

/** half_even: IEEE 754's default, for statistics. half_up: away from zero, as amounts of money are rounded. */
export type Rounding = "half_even" | "half_up";

const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** Whether `text` is a plain decimal: no exponent, no leading zeros, no sign but "-". */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** Reads a plain decimal and keeps its scale, so that "17.10" stays 17.10. Throws RangeError on anything else. */
export function parseDecimal(text: string): Fixed {
  if (!isDecimal(text)) throw new RangeError("not a plain decimal");
  const point = text.indexOf(".");
  if (point < 0) return { units: BigInt(text), scale: 0 };
  return { units: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

/** The decimal with all of its scale: { units: 1710n, scale: 2 } is "17.10". Zero has no sign. */
export function formatDecimal({ units, scale }: Fixed): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return `${negative ? "-" : ""}${whole}${scale > 0 ? `.${digits.slice(digits.length - scale)}` : ""}`;
}

export function multiply(a: Fixed, b: Fixed): Fixed {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** The sum, at the larger scale of the terms; zero of scale 0 for no terms. */
export function sum(terms: readonly Fixed[]): Fixed {
  const scale = terms.reduce((most, term) => Math.max(most, term.scale), 0);
  return { units: terms.reduce((total, term) => total + rescaleUp(term, scale), 0n), scale };
}

/** a / b rounded once to `scale` decimals. Throws RangeError where b is zero. */
export function divide(a: Fixed, b: Fixed, scale: number, rounding: Rounding = "half_even"): Fixed {
  const shift = scale + b.scale - a.scale;
  const numerator = shift > 0 ? a.units * powerOfTen(shift) : a.units;
  const denominator = shift < 0 ? b.units * powerOfTen(-shift) : b.units;
  return { units: divideUnits(numerator, denominator, rounding), scale };
}

export function round(value: Fixed, scale: number, rounding: Rounding = "half_even"): Fixed {
  return divide(value, { units: 1n, scale: 0 }, scale, rounding);
}

/** Negative, zero or positive as a is less than, equal to or greater than b, whatever their scales. */
export function compareDecimals(a: Fixed, b: Fixed): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = rescaleUp(a, scale) - rescaleUp(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function divideUnits(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator === 0n) throw new RangeError("division by zero");
  const negative = numerator < 0n !== denominator < 0n;
  const dividend = numerator < 0n ? -numerator : numerator;
  const divisor = denominator < 0n ? -denominator : denominator;
  const quotient = dividend / divisor;
  const twiceRest = (dividend % divisor) * 2n;
  const up = twiceRest > divisor || (twiceRest === divisor && (rounding === "half_up" || quotient % 2n === 1n));
  const rounded = up ? quotient + 1n : quotient;
  return negative ? -rounded : rounded;
}

function rescaleUp({ units, scale }: Fixed, to: number): bigint {
  return to === scale ? units : units * powerOfTen(to - scale);
}

function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}
