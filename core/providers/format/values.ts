import { isDecimal } from "../../money/decimal.ts";
import { isRateValue } from "../../rates/page.ts";

/** Published numbers as plain decimals, digit for digit: nothing here passes through a binary float. */

/** What the store can hold after the point. */
export const MAX_DECIMALS = 14;

/** Beyond this an exponent is no rate, and expanding it would be costly. */
const MAX_EXPONENT = 20;
const EXPONENT = /^(\d+(?:\.\d+)?)e([+-]?\d{1,3})$/i;

/** How providers write that there is no value. */
const ABSENT = new Set(["", "-", "---", ".", "N.A.", "N/A", "NA", "ND", "N/E", "NaN", "null"]);

/** Whether a published text says that there is no value. */
export function isAbsent(text: string): boolean {
  return ABSENT.has(text);
}

/**
 * The rate for one unit, given the published value for `unit` units, a power of ten; the scale is kept. Undefined if the
 * text is not a rate that can be stored.
 */
export function ratePerUnit(text: string, unit: number): string | undefined {
  const plain = expandExponent(text);
  if (plain === undefined) return undefined;
  const value = unit === 1 ? plain : movePointLeft(plain, Math.round(Math.log10(unit)));
  const point = value.indexOf(".");
  const isStorable = point < 0 || value.length - point - 1 <= MAX_DECIMALS;
  return isStorable && isRateValue(value) ? value : undefined;
}

/** "5.39256E-05" → "0.0000539256"; a plain decimal as it is. Undefined for anything else. */
export function expandExponent(text: string): string | undefined {
  if (isDecimal(text)) return text;
  const parts = EXPONENT.exec(text);
  if (parts === null) return undefined;
  const exponent = Number(parts[2]);
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
  return movePointLeft(parts[1] as string, -exponent);
}

/** A decimal divided by 10^places, exactly: ("2.857", 2) → "0.02857", ("2.5", -3) → "2500". */
export function movePointLeft(decimal: string, places: number): string {
  const [whole = "", fraction = ""] = decimal.split(".");
  const digits = places < 0 ? (whole + fraction).padEnd(whole.length - places, "0") : whole + fraction;
  const padded = digits.padStart(digits.length + Math.max(0, places - whole.length + 1), "0");
  const scale = Math.max(0, fraction.length + places);
  const point = padded.length - scale;
  const integer = padded.slice(0, point).replace(/^0+(?=\d)/, "");
  return scale > 0 ? `${integer}.${padded.slice(point)}` : integer;
}

/** "53,8359" → "53.8359". A text with a point is not in this notation. */
export function fromDecimalComma(text: string): string | undefined {
  return text.includes(".") ? undefined : text.replace(",", ".");
}

/** "193,045.50" → "193045.50"; other texts as they are. */
export function withoutThousands(text: string): string {
  return /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(",", "") : text;
}
