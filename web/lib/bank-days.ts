import { addDays, weekdayOf } from "#core/time/dates.ts";
import type { BankCalendar } from "./api.ts";

/** Which days a provider published on, of those on which it should have. */

export interface BankDay {
  date: string;
  isThere: boolean;
}

const SATURDAY = 6;

/** When a provider publishes. In a response that a cache has had since before the last release, `dated` is absent. */
interface PublicationDays {
  closed: ReadonlySet<string>;
  dated: BankCalendar["dated"] | undefined;
}

/**
 * The last dates up to `expected` that a value is published for, ascending, and whether each has an observation: the
 * weekdays that are not closed or, where values carry the day after, the days after those.
 */
export function bankDays(
  expected: string,
  { closed, dated }: PublicationDays,
  observed: ReadonlySet<string>,
  count: number,
) {
  const days: BankDay[] = [];
  for (let date = expected; days.length < count; date = addDays(date, -1)) {
    const published = dated === "next_day" ? addDays(date, -1) : date;
    if (weekdayOf(published) % SATURDAY !== 0 && !closed.has(published))
      days.unshift({ date, isThere: observed.has(date) });
  }
  return days;
}

/** The pair by which a provider is watched: its own currency against the dollar, or the dollar in euros. */
export function watchedPair(pivot: string | null): { base: string; quote: string } {
  return pivot === "EUR" || pivot === null ? { base: "EUR", quote: "USD" } : { base: "USD", quote: pivot };
}
