/**
 * Exact decimal arithmetic on strings, as a whole number of units and a scale: "17.3485" is 173485 / 10^4.
 * Nothing here is rounded by a binary float. A division states its scale and rounds exactly once.
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
  // A whole number becomes a bigint in half the time that its digits take.
  const small = smallDecimal(text);
  if (small !== undefined) return { units: BigInt(small.units), scale: small.scale };
  if (!isDecimal(text)) throw new RangeError("not a plain decimal");
  const point = text.indexOf(".");
  if (point < 0) return { units: BigInt(text), scale: 0 };
  return { units: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

/** The decimal with all of its scale: { units: 1710n, scale: 2 } is "17.10". Zero has no sign. */
export function formatDecimal({ units, scale }: Fixed): string {
  return units < 0n ? `-${withPoint((-units).toString(), scale)}` : withPoint(units.toString(), scale);
}

/** How many decimals a plain decimal is written with. */
export function decimalsIn(text: string): number {
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point - 1;
}

/** The exact product, at the sum of the scales. */
export function multiply(a: Fixed, b: Fixed): Fixed {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** The sum, at the larger scale of the terms; zero of scale 0 for no terms. */
export function sum(terms: readonly Fixed[]): Fixed {
  const scale = terms.reduce((max, term) => Math.max(max, term.scale), 0);
  return { units: terms.reduce((total, term) => total + rescaleUp(term, scale), 0n), scale };
}

/** Decimals of one scale, as whole numbers that doubles hold exactly: several times as fast as big integers. */
export interface WholeUnits {
  units: Float64Array;
  scale: number;
}

/** Plain decimals as whole numbers; undefined if one of them, or its product with their number, could leave a double. */
export function wholeUnits(texts: readonly string[]): WholeUnits | undefined {
  const decimals = texts.map(smallDecimal);
  let [scale, max] = [0, 0];
  for (const decimal of decimals) {
    if (decimal === undefined) return undefined;
    if (decimal.scale > scale) scale = decimal.scale;
  }
  const units = new Float64Array(texts.length);
  for (let index = 0; index < texts.length; index++) {
    const decimal = decimals[index] as SmallDecimal;
    const unit = decimal.scale === scale ? decimal.units : decimal.units * 10 ** (scale - decimal.scale);
    if (unit > max) max = unit;
    units[index] = unit;
  }
  return max * texts.length <= MAX_SMALL_UNITS ? { units, scale } : undefined;
}

/** Their nearest doubles: whole numbers and powers of ten of this size are exact, so the division rounds once. */
export function doublesOf({ units, scale }: WholeUnits): Float64Array {
  const one = 10 ** scale;
  return units.map((unit) => unit / one);
}

/** a - b, at the larger of the scales. */
export function subtract(a: Fixed, b: Fixed): Fixed {
  return sum([a, { units: -b.units, scale: b.scale }]);
}

/** a / b rounded once to `scale` decimals. Throws RangeError if b is zero. */
export function divide(a: Fixed, b: Fixed, scale: number, rounding: Rounding = "half_even"): Fixed {
  const shift = scale + b.scale - a.scale;
  const numerator = shift > 0 ? a.units * powerOfTen(shift) : a.units;
  const denominator = shift < 0 ? b.units * powerOfTen(-shift) : b.units;
  return { units: divideUnits(numerator, denominator, rounding), scale };
}

/**
 * a / b of two plain decimals, rounded once, half-even, to `scale` decimals. The same digits as `divide`, and ten
 * times as fast for values of the size of rates: a history holds thousands.
 */
export function divideText(a: string, b: string, scale: number): string {
  const units = smallQuotient(smallDecimal(a), smallDecimal(b), scale);
  if (units !== undefined) return withPoint(units.toString(), scale);
  return formatDecimal(divide(parseDecimal(a), parseDecimal(b), scale));
}

/** The value rounded once to `scale` decimals. */
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

/** A decimal without a sign whose units are a whole number that a double holds exactly. */
interface SmallDecimal {
  units: number;
  scale: number;
}

/** Up to this a whole number and its double are exact in a double (2^53). */
const MAX_SMALL_UNITS = 2 ** 52;
const MAX_SMALL_DIGITS = 15;
const [ZERO, NINE, POINT] = [48, 57, 46];

/** undefined: too long, signed or not a plain decimal; `parseDecimal` distinguishes these. */
function smallDecimal(text: string): SmallDecimal | undefined {
  const { length } = text;
  if (length === 0 || length > MAX_SMALL_DIGITS) return undefined;
  let units = 0;
  let point = length;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) units = units * 10 + code - ZERO;
    else if (code === POINT && point === length && index > 0 && index < length - 1) point = index;
    else return undefined;
  }
  if (text.charCodeAt(0) === ZERO && point > 1) return undefined;
  return { units, scale: point === length ? 0 : length - point - 1 };
}

/** The units of a / b at `scale`, half-even; undefined if a step could leave what a double holds exactly. */
function smallQuotient(a: SmallDecimal | undefined, b: SmallDecimal | undefined, scale: number): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  const shift = scale + b.scale - a.scale;
  const dividend = shift > 0 ? a.units * 10 ** shift : a.units;
  const divisor = shift < 0 ? b.units * 10 ** -shift : b.units;
  if (dividend > MAX_SMALL_UNITS || divisor > MAX_SMALL_UNITS || divisor === 0) return undefined;
  // The quotient as a double may have been rounded up to a whole number: the remainder shows it.
  let quotient = Math.floor(dividend / divisor);
  let rest = dividend - quotient * divisor;
  if (rest < 0) {
    quotient -= 1;
    rest += divisor;
  }
  const isUp = 2 * rest > divisor || (2 * rest === divisor && quotient % 2 === 1);
  return isUp ? quotient + 1 : quotient;
}

/** `digits`, which have no sign, with a point before the last `scale` of them. */
function withPoint(digits: string, scale: number): string {
  if (scale === 0) return digits;
  const padded = digits.length > scale ? digits : digits.padStart(scale + 1, "0");
  const point = padded.length - scale;
  return `${padded.slice(0, point)}.${padded.slice(point)}`;
}

function rescaleUp({ units, scale }: Fixed, to: number): bigint {
  return to === scale ? units : units * powerOfTen(to - scale);
}

function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}
