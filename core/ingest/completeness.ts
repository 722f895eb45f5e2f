import type { Observation } from "../rates/page.ts";
import type { Closures } from "../time/closures.ts";
import { addDays, earlier, type PlainDate } from "../time/dates.ts";
import { bankDaysAfter } from "../time/mexico.ts";

/** Both dates included. */
export interface DateRange {
  from: PlainDate;
  to: PlainDate;
}

/** A response that lacks more bank days than this at either end was cut short. */
const MAX_ABSENT_DAYS = 3;
/** And one that lacks a larger share in between was thinned out. Before 2007 the bank calendar had up to 3 % other holidays. */
const MAX_ABSENT_SHARE = 0.05;

/**
 * The part of a requested range for which the observations of a response can be taken for all there are: a date in it
 * that has no observation has none at the provider. Null if the response seems cut. `announced`: the newest date that may be out.
 */
export function completeRange(
  observations: readonly Observation[],
  { from, to }: DateRange,
  announced: PlainDate,
  closures?: Closures,
): DateRange | null {
  const [first, last] = [observations[0]?.[0], observations.at(-1)?.[0]];
  const isCut = (after: PlainDate, upTo: PlainDate) => bankDaysAfter(after, upTo, closures) > MAX_ABSENT_DAYS;
  const end = earlier(to, announced);
  if (first === undefined || last === undefined) return isCut(addDays(from, -1), end) ? null : { from, to };
  const range = {
    from: isCut(addDays(from, -1), addDays(first, -1)) ? first : from,
    to: isCut(last, end) ? last : to,
  };
  const expected = bankDaysAfter(addDays(range.from, -1), earlier(range.to, announced), closures);
  const maxAbsent = Math.max(MAX_ABSENT_DAYS, expected * MAX_ABSENT_SHARE);
  return expected - observations.length > maxAbsent ? null : range;
}
