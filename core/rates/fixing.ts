import { divide, divideText, type Fixed, multiply, parseDecimal } from "../money/decimal.ts";
import { CARRY_FORWARD_DAYS } from "../ops/policy.ts";
import { addDays, nextDay, type PlainDate } from "../time/dates.ts";
import type { Observation } from "./page.ts";
import type { Pair } from "./series.ts";

/**
 * The published values behind a pair's rate on one date. Both legs are of that date: dates are never mixed.
 * A pair with only a numerator is published as such; any other rate is computed.
 */
export interface Fixing {
  date: PlainDate;
  numerator?: string;
  denominator?: string;
}

/** The observations of a pair's legs, each ascending. */
export interface Legs {
  numerator?: readonly Observation[];
  denominator?: readonly Observation[];
}

/** Later than any date. */
const NEVER: PlainDate = "9999-12-32";

/** Decimals of a computed rate. */
const DERIVED_SCALE = 8;

/** The pair's fixings in [from, to], ascending: the dates that every leg has. */
export function fixingsOf(legs: Legs, from: PlainDate, to: PlainDate): Fixing[] {
  const { numerator, denominator } = legs;
  if (!denominator) return within(numerator ?? [], from, to).map(([date, value]) => ({ date, numerator: value }));
  if (!numerator) return within(denominator, from, to).map(([date, value]) => ({ date, denominator: value }));
  const others = within(denominator, from, to);
  const fixings: Fixing[] = [];
  let at = 0;
  for (const [date, value] of within(numerator, from, to)) {
    while (at < others.length && (others[at] as Observation)[0] < date) at++;
    const other = others[at];
    if (other !== undefined && other[0] === date) fixings.push({ date, numerator: value, denominator: other[1] });
  }
  return fixings;
}

/** The pair's newest fixing on or before `to`: the last one of `fixingsOf`, without building the others. */
export function newestFixing(legs: Legs, to: PlainDate): Fixing | undefined {
  const leg = legs.numerator ?? legs.denominator ?? [];
  for (let index = countBefore(leg, to, true) - 1; index >= 0; index--) {
    const [date] = leg[index] as Observation;
    const [fixing] = fixingsOf(legs, date, date);
    if (fixing) return fixing;
  }
  return undefined;
}

/** The rate as a decimal string: as published, or computed and rounded once (half-even) to 8 decimals. */
export function rateOf(fixing: Fixing, pair: Pair): string {
  if (pair.base === pair.quote) return "1";
  if (fixing.numerator !== undefined && fixing.denominator === undefined) return fixing.numerator;
  return divideText(fixing.numerator ?? "1", fixing.denominator ?? "1", DERIVED_SCALE);
}

/** The rate rounded once to `scale` decimals. */
export function scaledRate(fixing: Fixing, scale: number): Fixed {
  const { numerator, denominator } = ratioOf(fixing);
  return divide(numerator, denominator, scale);
}

/** `amount` at the fixing's rate, rounded once, half up, to `scale` decimals; the rate itself is not rounded first. */
export function convertAmount(amount: Fixed, fixing: Fixing, scale: number): Fixed {
  const { numerator, denominator } = ratioOf(fixing);
  return divide(multiply(amount, numerator), denominator, scale, "half_up");
}

/** The rate in force on a date: the fixing of that date, or the last one before it, at most 14 calendar days back. */
export function inForceOn(fixings: readonly Fixing[], date: PlainDate): Fixing | undefined {
  const last = fixings.findLast((fixing) => fixing.date <= date);
  return last && isInForce(last, date) ? last : undefined;
}

/**
 * Each calendar day of [from, to] that has a rate in force, with its fixing. `fixings` reach back before `from` if there
 * are any. The cost is bounded by the fixings, not by the length of the period.
 */
export function dailyRates(
  fixings: readonly Fixing[],
  from: PlainDate,
  to: PlainDate,
): { date: PlainDate; fixing: Fixing }[] {
  const days: { date: PlainDate; fixing: Fixing }[] = [];
  for (const [index, fixing] of fixings.entries()) {
    const next = fixings[index + 1]?.date ?? NEVER;
    let { date } = fixing;
    for (let carried = 0; carried <= CARRY_FORWARD_DAYS && date < next && date <= to; carried++) {
      if (date >= from) days.push({ date, fixing });
      date = nextDay(date);
    }
  }
  return days;
}

function isInForce(fixing: Fixing, date: PlainDate): boolean {
  return date <= addDays(fixing.date, CARRY_FORWARD_DAYS);
}

function ratioOf({ numerator, denominator }: Fixing): { numerator: Fixed; denominator: Fixed } {
  return { numerator: parseDecimal(numerator ?? "1"), denominator: parseDecimal(denominator ?? "1") };
}

/** The part of an ascending list that lies in [from, to], found by bisection. */
function within(observations: readonly Observation[], from: PlainDate, to: PlainDate): readonly Observation[] {
  return observations.slice(countBefore(observations, from, false), countBefore(observations, to, true));
}

function countBefore(observations: readonly Observation[], date: PlainDate, inclusive: boolean): number {
  let low = 0;
  let high = observations.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const [observed] = observations[middle] as Observation;
    if (observed < date || (inclusive && observed === date)) low = middle + 1;
    else high = middle;
  }
  return low;
}
