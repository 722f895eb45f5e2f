import {
  decimalsIn,
  divide,
  type Fixed,
  formatDecimal,
  parseDecimal,
  sum,
  type WholeUnits,
  wholeUnits,
} from "../money/decimal.ts";
import { addDays, monthBounds, type PlainDate } from "../time/dates.ts";
import { extremesOf } from "./extremes.ts";
import { dailyRates, type Fixing, rateOf, type SomeFixings, scaledRate } from "./fixing.ts";
import { isPublished, type Route } from "./route.ts";

/** business: the mean of the observations, as central banks publish it. calendar: the mean over days, carried forward. */
export type Basis = "business" | "calendar";

export interface Average {
  /** Observations in the window, on either basis. */
  observations: number;
  /** Calendar days that have a rate; null on the business basis. */
  days: number | null;
  /** Rounded once, half-even, to `decimalsOf` decimals. */
  average: string;
}

/** A month is fixed; a number of days ends on the latest observation's date, both ends counted. */
export type Window = { month: string } | { days: number };

const MIN_DECIMALS = 6;
const MIN_SIGNIFICANT_DIGITS = 6;
/** Computed rates enter the mean with enough decimals that only the last rounding has an effect. */
const WORKING_SCALE = 30;
const MAX_DAYS = 366;

/** "15d" or "2023-11"; undefined if it is neither or out of range. */
export function parseWindow(text: string): Window | undefined {
  const days = /^([1-9]\d{0,2})d$/.exec(text);
  if (days) return Number(days[1]) <= MAX_DAYS ? { days: Number(days[1]) } : undefined;
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? { month: text } : undefined;
}

/**
 * The window's first and last day. A number of days ends on `last`, the latest observation's date; a month that is not
 * over by `last`, which is then today in the provider's zone, ends with it.
 */
export function windowBounds(window: Window, last: PlainDate): { from: PlainDate; to: PlainDate } {
  if ("days" in window) return { from: addDays(last, 1 - window.days), to: last };
  const { from, to } = monthBounds(window.month);
  return { from, to: from <= last && last < to ? last : to };
}

/**
 * The mean of a pair's daily rates over [from, to], or undefined if no day has a rate.
 * `fixings` reach back before `from`, so that the first days of a calendar mean can carry a rate forward.
 */
export function averageOf(
  route: Route,
  fixings: readonly Fixing[],
  from: PlainDate,
  to: PlainDate,
  basis: Basis,
): Average | undefined {
  const observed = fixings.filter(({ date }) => date >= from && date <= to);
  const terms = basis === "business" ? observed : dailyRates(fixings, from, to).map(({ fixing }) => fixing);
  if (terms.length === 0) return undefined;
  return {
    observations: observed.length,
    days: basis === "calendar" ? terms.length : null,
    average: meanOf(route, terms),
  };
}

/** The rates of a pair that is published, as whole numbers; undefined of any other, or if they are too long. */
export function publishedUnits(route: Route, fixings: readonly Fixing[]): WholeUnits | undefined {
  return isPublished(route) ? wholeUnits(fixings.map(({ values: [value = "1"] }) => value)) : undefined;
}

/** The mean of the rates of at least one fixing, rounded once, half-even, to `decimalsOf` decimals. */
export function meanOf(route: Route, terms: readonly Fixing[], whole = publishedUnits(route, terms)): string {
  const total = whole
    ? { units: BigInt(whole.units.reduce((all, units) => all + units, 0)), scale: whole.scale }
    : sum(terms.map((fixing) => exactRate(route, fixing)));
  const count = { units: BigInt(terms.length), scale: 0 };
  return formatDecimal(divide(total, count, decimalsOf(route, terms, divide(total, count, WORKING_SCALE))));
}

/** A published rate unchanged, a computed one at the working scale. */
export function exactRate(route: Route, fixing: Fixing): Fixed {
  return isPublished(route) ? parseDecimal(fixing.values[0] ?? "1") : scaledRate(fixing, route, WORKING_SCALE);
}

/** As many decimals as any of the pair's rates has, at least 6, and at least 6 significant digits. */
function decimalsOf(route: Route, terms: readonly Fixing[], mean: Fixed): number {
  // The smaller a computed rate, the more decimals it has.
  const rates = isPublished(route) ? terms : [extremesOf(route, terms as SomeFixings).low];
  const ofRates = rates.reduce((most, fixing) => Math.max(most, decimalsIn(rateOf(fixing, route))), MIN_DECIMALS);
  return Math.max(ofRates, MIN_SIGNIFICANT_DIGITS + mean.scale - mean.units.toString().length);
}
