import { divide, divideText, type Fixed, formatDecimal, multiply, parseDecimal } from "../money/decimal.ts";
import { CARRY_FORWARD_DAYS } from "../ops/policy.ts";
import { addDays, NEVER, nextDay, type PlainDate } from "../time/dates.ts";
import { countBefore, type Observation } from "./page.ts";
import { isPublished, type Route } from "./route.ts";

/** The published values behind a pair's rate on one date, one for each series of the route: dates are never mixed. */
export interface Fixing {
  date: PlainDate;
  values: readonly string[];
  /** Set if a view of the FIX lists it (core/rates/views.ts): `date` is then one of these. */
  dates?: FixDates;
}

/** A FIX is printed in the DOF on the bank day after its determination, and settles obligations from the day after that. */
export interface FixDates {
  determination: PlainDate;
  publication: PlainDate;
  applicable: PlainDate;
}

/** At least one fixing. */
export type SomeFixings = readonly [Fixing, ...Fixing[]];

/** The observations of each series of a route, ascending. */
export type Legs = readonly (readonly Observation[])[];

/** A computed rate has at least so many decimals, and more where it is small. */
const MIN_DERIVED_SCALE = 8;

const ONE: Fixed = { units: 1n, scale: 0 };

/** The fixings in [from, to], ascending: the dates that every series has. */
export function fixingsOf([first = [], ...others]: Legs, from: PlainDate, to: PlainDate): Fixing[] {
  const own = within(first, from, to);
  const [second] = others;
  if (second === undefined) return own.map(([date, value]) => ({ date, values: [value] }));
  const other = within(second, from, to);
  const fixings: Fixing[] = [];
  let at = 0;
  for (const [date, value] of own) {
    while (at < other.length && (other[at] as Observation)[0] < date) at++;
    const match = other[at];
    if (match !== undefined && match[0] === date) fixings.push({ date, values: [value, match[1]] });
  }
  return fixings;
}

/** The newest fixing on or before `to`: the last one of `fixingsOf`, without building the others. */
export function newestFixing(legs: Legs, to: PlainDate): Fixing | undefined {
  const [first = []] = legs;
  for (let index = countBefore(first, to, true) - 1; index >= 0; index--) {
    const [date] = first[index] as Observation;
    const [fixing] = fixingsOf(legs, date, date);
    if (fixing) return fixing;
  }
  return undefined;
}

/** The rate as a decimal string: as published, or computed and rounded once (half-even). */
export function rateOf(fixing: Fixing, route: Route): string {
  const [value = "1", other] = fixing.values;
  if (isPublished(route)) return value;
  const { legs, parities } = route;
  const [first, second] = legs;
  if (parities.length > 0 || (second !== undefined && first?.inverse === second.inverse))
    return exactRate(fixing, route);
  if (first === undefined) return "1";
  // The common cases, an inverse and a cross over a pivot, without big integers: a history holds thousands.
  const cross = first.inverse ? ([other ?? "1", value] as const) : ([value, other ?? "1"] as const);
  const [above, below] = second === undefined ? ["1", value] : cross;
  return divideText(above, below, derivedScale(Number(above) / Number(below), route));
}

/** The rate rounded once to `scale` decimals. */
export function scaledRate(fixing: Fixing, route: Route, scale: number): Fixed {
  const { above, below } = ratioOf(fixing, route);
  return divide(above, below, scale);
}

/** `amount` at the fixing's rate, rounded once, half up, to `scale` decimals; the rate itself is not rounded first. */
export function convertAmount(amount: Fixed, fixing: Fixing, route: Route, scale: number): Fixed {
  const { above, below } = ratioOf(fixing, route);
  return divide(multiply(amount, above), below, scale, "half_up");
}

/** The rate in force on a date: the fixing of that date, or the last one before it, at most 14 calendar days back. */
export function inForceOn<F extends Fixing>(fixings: readonly F[], date: PlainDate): F | undefined {
  const last = fixings.findLast((fixing) => fixing.date <= date);
  return last && isInForce(last, date) ? last : undefined;
}

/**
 * Each calendar day of [from, to] that has a rate in force, with its fixing. `fixings` reach back before `from` if there
 * are any. The cost is bounded by the fixings, not by the length of the period.
 */
export function dailyRates<F extends Fixing>(
  fixings: readonly F[],
  from: PlainDate,
  to: PlainDate,
): { date: PlainDate; fixing: F }[] {
  const days: { date: PlainDate; fixing: F }[] = [];
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

function exactRate(fixing: Fixing, route: Route): string {
  const { above, below } = ratioOf(fixing, route);
  const isWhole = route.legs.length === 0 && below.units === 1n;
  if (isWhole) return formatDecimal(above);
  const size = Number(formatDecimal(above)) / Number(formatDecimal(below));
  return formatDecimal(divide(above, below, derivedScale(size, route)));
}

/** The exact rate as a fraction. */
function ratioOf({ values }: Fixing, { legs, parities }: Route): { above: Fixed; below: Fixed } {
  let [above, below] = [ONE, ONE];
  const factors = [
    ...legs.map(({ inverse }, index) => ({ inverse, value: values[index] ?? "1" })),
    ...parities.map(({ parity, inverse }) => ({ inverse, value: parity.perAnchor })),
  ];
  for (const { inverse, value } of factors) {
    if (inverse) below = multiply(below, parseDecimal(value));
    else above = multiply(above, parseDecimal(value));
  }
  return { above, below };
}

/** The decimals of a computed rate of about this size. */
function derivedScale(size: number, { derivedDigits }: Route): number {
  if (size >= 0.1) return MIN_DERIVED_SCALE;
  const exponent = Number(size.toExponential().split("e")[1]);
  return Math.max(MIN_DERIVED_SCALE, derivedDigits - 1 - exponent);
}

/** The part of an ascending list that lies in [from, to], found by bisection. */
function within(observations: readonly Observation[], from: PlainDate, to: PlainDate): readonly Observation[] {
  return observations.slice(countBefore(observations, from, false), countBefore(observations, to, true));
}
