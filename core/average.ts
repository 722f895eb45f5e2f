import { addDays, monthBounds, type PlainDate } from "./dates.ts";
import { divide, type Fixed, formatDecimal, sum } from "./decimal.ts";
import { dailyRates, type Fixing, scaledRate } from "./fixing.ts";

/** business: the mean of the observations, Banxico's own convention. calendar: the mean over days, carried forward. */
export type Basis = "business" | "calendar";

export interface Average {
  /** Observations in the window, on either basis. */
  observations: number;
  /** Calendar days that have a rate; null on the business basis. */
  days: number | null;
  /** 6 decimals, half-even, rounded once. */
  average: string;
}

/** A month is fixed; a number of days ends on the latest observation's date, both ends counted. */
export type Window = { month: string } | { days: number };

const AVERAGE_SCALE = 6;
/** Computed rates enter the mean with so many decimals that only the last rounding can be seen. */
const WORKING_SCALE = 30;
const MOST_DAYS = 366;

/** "15d" or "2023-11"; undefined where it is neither or out of range. */
export function parseWindow(text: string): Window | undefined {
  const days = /^([1-9]\d{0,2})d$/.exec(text);
  if (days) return Number(days[1]) <= MOST_DAYS ? { days: Number(days[1]) } : undefined;
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? { month: text } : undefined;
}

/**
 * The window's first and last day. A number of days ends on `last`, the latest observation's date; a month that is not
 * over by `last`, which is then today in Mexico City, ends with it.
 */
export function windowBounds(window: Window, last: PlainDate): { from: PlainDate; to: PlainDate } {
  if ("days" in window) return { from: addDays(last, 1 - window.days), to: last };
  const { from, to } = monthBounds(window.month);
  return { from, to: from <= last && last < to ? last : to };
}

/**
 * The mean over [from, to], or undefined where no day has a rate.
 * `fixings` reach back before `from`, so that the first days of a calendar mean can carry a rate forward.
 */
export function averageOf(
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
    average: formatDecimal(mean(terms)),
  };
}

function mean(fixings: readonly Fixing[]): Fixed {
  const total = sum(fixings.map((fixing) => scaledRate(fixing, WORKING_SCALE)));
  return divide(total, { units: BigInt(fixings.length), scale: 0 }, AVERAGE_SCALE);
}
