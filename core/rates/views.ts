import { CARRY_FORWARD_DAYS } from "../ops/policy.ts";
import { type Calendar, isBusinessDay } from "../time/calendars.ts";
import { addDays, earlier, nextDay, type PlainDate, yearOf } from "../time/dates.ts";
import { dailyRates, type FixDates, type Fixing } from "./fixing.ts";
import type { Route } from "./route.ts";

/** Which of its three dates a FIX is listed by: determined, printed in the Diario Oficial (DOF), or applicable. */
export const VIEWS = ["fix", "dof", "settlement"] as const;
export type View = (typeof VIEWS)[number];

/** A fixing as a view lists it: `date` is that of the view. */
export interface ViewedFixing extends Fixing {
  dates: FixDates;
}

export type IsBankDay = (date: PlainDate) => boolean;

/** Whether a route's rates have the three dates: only the FIX and its inverse do. */
export function hasViews({ legs: [leg, ...others], parities }: Pick<Route, "legs" | "parities">): boolean {
  return leg?.series.isPrintedInDof === true && others.length === 0 && parities.length === 0;
}

/**
 * The bank days around some fixings, ascending and without gaps. Before its first year the calendar's rule is not that of
 * the series, so there a day with a fixing is a bank day and no other is.
 */
export function bankDaysOf(calendar: Calendar, fixings: readonly { date: PlainDate }[]): IsBankDay {
  const observed = new Set(fixings.map(({ date }) => date));
  const last = fixings.at(-1)?.date ?? "";
  const isRuled = (date: PlainDate) => yearOf(date) >= calendar.firstYear || date > last;
  return (date) => observed.has(date) || (isRuled(date) && isBusinessDay(calendar, date));
}

/** The three dates of the FIX that was determined on a date. */
export function datesOf(determination: PlainDate, isBankDay: IsBankDay): FixDates {
  let publication = nextDay(determination);
  while (!isBankDay(publication)) publication = nextDay(publication);
  return { determination, publication, applicable: nextDay(publication) };
}

/** The last day on or before `date` on which the DOF prints a rate; undefined if there is none within 14 days. */
export function lastPrintedOn(date: PlainDate, isBankDay: IsBankDay): PlainDate | undefined {
  const earliest = addDays(date, -CARRY_FORWARD_DAYS);
  for (let day = date; day >= earliest; day = addDays(day, -1)) if (isBankDay(day)) return day;
  return undefined;
}

/** The inverse: the determination date of the FIX that a view has on a date; undefined if no bank day is near. */
export function determinationOn(view: View, date: PlainDate, isBankDay: IsBankDay): PlainDate | undefined {
  if (view === "fix") return lastPrintedOn(date, isBankDay);
  const printed = lastPrintedOn(view === "dof" ? date : addDays(date, -1), isBankDay);
  return printed && lastPrintedOn(addDays(printed, -1), isBankDay);
}

/** The date that a view lists a FIX by. */
export function viewDateOf(view: View, { determination, publication, applicable }: FixDates): PlainDate {
  switch (view) {
    case "fix":
      return determination;
    case "dof":
      return publication;
    case "settlement":
      return applicable;
  }
}

/**
 * The FIX in force on each calendar day of [from, to], by settlement date as SF60653 lists it. The last days lie ahead of
 * the last fixing, up to the bank day on which the next one can be printed.
 */
export function settlementDays(calendar: Calendar, fixings: readonly Fixing[], from: PlainDate, to: PlainDate) {
  const last = fixings.at(-1);
  if (last === undefined) return [];
  const isBankDay = bankDaysOf(calendar, fixings);
  const end = datesOf(datesOf(last.date, isBankDay).publication, isBankDay).publication;
  return dailyRates(inView("settlement", fixings, isBankDay), from, earlier(to, end));
}

/** Fixings as a view lists them. */
export function inView(view: View, fixings: readonly Fixing[], isBankDay: IsBankDay): ViewedFixing[] {
  return fixings.map(({ date, values }) => {
    const dates = datesOf(date, isBankDay);
    return { date: viewDateOf(view, dates), values, dates };
  });
}
