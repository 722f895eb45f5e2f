import { DAY_MS } from "#core/time/dates.ts";

/** Which days a provider published on, of those on which it should have. */

export interface BankDay {
  date: string;
  isThere: boolean;
}

const SATURDAY = 6;

/** The last weekdays up to `expected` that are not closed, ascending, and whether each has an observation. */
export function bankDays(expected: string, closed: ReadonlySet<string>, observed: ReadonlySet<string>, count: number) {
  const days: BankDay[] = [];
  for (let ms = Date.parse(expected); days.length < count; ms -= DAY_MS) {
    const date = new Date(ms).toISOString().slice(0, 10);
    const weekday = new Date(ms).getUTCDay();
    if (weekday % SATURDAY === 0 || closed.has(date)) continue;
    days.unshift({ date, isThere: observed.has(date) });
  }
  return days;
}

/** The pair by which a provider is watched: its own currency against the dollar, or the dollar in euros. */
export function watchedPair(pivot: string | null): { base: string; quote: string } {
  return pivot === "EUR" || pivot === null ? { base: "EUR", quote: "USD" } : { base: "USD", quote: pivot };
}
