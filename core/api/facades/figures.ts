import { divideText, type Fixed, formatDecimal } from "../../money/decimal.ts";
import { DEFAULT_PROVIDER } from "../../providers/catalogue.ts";
import { approximateRate } from "../../rates/approximate.ts";
import { convertAmount, type Fixing } from "../../rates/fixing.ts";
import { isPublished, type Route } from "../../rates/route.ts";

/** Rates as JSON numbers, written from decimals: a float would show digits that nobody published. */

export const ONE: Fixed = { units: 1n, scale: 0 };

const MAX_SIZE_WITH_POINT = 5_000;
const AMOUNT = /^(?=\.?\d)(\d{0,15})(?:\.(\d{0,15}))?(?:e([+-]?\d{1,2}))?$/i;
const MAX_EXPONENT = 15;

/** `amount` at the exact rate, rounded once to the decimals that Frankfurter gives numbers of its size. */
export function figureOf(fixing: Fixing, route: Route, amount: Fixed = ONE): string {
  const isOne = amount.units === 10n ** BigInt(amount.scale);
  if (isOne && route.provider === DEFAULT_PROVIDER && isPublished(route)) return numberOf(fixing.values[0] ?? "1");
  return roundedFigure(fixing, route, amount);
}

/** The same of values that nobody published, such as means. */
export function roundedFigure(fixing: Fixing, route: Route, amount: Fixed = ONE): string {
  const size = approximateRate(fixing, route) * (amount === ONE ? 1 : Number(formatDecimal(amount)));
  const scale = decimalsFor(size);
  const text =
    (amount === ONE ? quotientOf(fixing, route, scale) : undefined) ??
    formatDecimal(convertAmount(amount, fixing, route, scale));
  return size > MAX_SIZE_WITH_POINT ? text : numberOf(text);
}

/** The common rates, an inverse and a cross over a pivot, without big integers: a history holds thousands. */
function quotientOf({ values: [value = "1", other = "1"] }: Fixing, { legs, parities }: Route, scale: number) {
  const [first, second, ...others] = legs;
  if (first === undefined || parities.length > 0 || others.length > 0) return undefined;
  if (second === undefined) return first.inverse ? divideText("1", value, scale) : divideText(value, "1", scale);
  if (first.inverse === second.inverse) return undefined;
  return first.inverse ? divideText(other, value, scale) : divideText(value, other, scale);
}

/** A plain decimal as a JSON number without padding, with a point: "17.3400" is 17.34, "17" is 17.0. */
export function numberOf(text: string): string {
  if (!text.includes(".")) return `${text}.0`;
  return text.replace(/(\.\d+?)0+$/, "$1");
}

/** A positive amount; undefined if the text is none. */
export function parseAmount(text: string): Fixed | undefined {
  const [, whole = "", fraction = "", exponent = "0"] = AMOUNT.exec(text.trim()) ?? [];
  const shift = Number(exponent) - fraction.length;
  if (`${whole}${fraction}` === "" || Math.abs(Number(exponent)) > MAX_EXPONENT) return undefined;
  const units = BigInt(whole + fraction);
  if (units === 0n) return undefined;
  return shift > 0 ? { units: units * 10n ** BigInt(shift), scale: 0 } : { units, scale: -shift };
}

function decimalsFor(size: number): number {
  if (size > MAX_SIZE_WITH_POINT) return 0;
  if (size > 80) return 2;
  if (size > 20) return 3;
  if (size > 1) return 4;
  return size > 0.0001 ? 5 : 6;
}
