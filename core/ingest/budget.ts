import type { Budget } from "../providers/provider.ts";
import { dateIn, type Zone } from "../time/zones.ts";

/**
 * Requests to a provider, counted per day in its zone and per minute, so that we refuse ourselves long before the
 * provider does. The counts live as fields of a hash that several ticks may increment at once.
 */
export type Counts = Readonly<Record<string, string | number>>;

export interface Usage {
  /** Requests made today in the provider's zone. */
  today: number;
  /** Requests made in the last five minutes and in the part of a minute before them. */
  inFiveMinutes: number;
}

const MINUTE_MS = 60_000;
const WINDOW_MINUTES = 5;
const DAY_PREFIX = "requests:day:";
const MINUTE_PREFIX = "requests:minute:";
const MAX_EXCESS = 2;

/** The fields that a request made now increments. */
export function countedFields(nowMs: number, zone: Zone): [day: string, minute: string] {
  return [`${DAY_PREFIX}${dateIn(zone, nowMs)}`, `${MINUTE_PREFIX}${minuteOf(nowMs)}`];
}

export function usageOf(counts: Counts, nowMs: number, zone: Zone, budget: Budget): Usage {
  const minute = minuteOf(nowMs);
  // The current minute has only begun, so five whole ones before it count too: any five minutes are covered.
  const minutes = Array.from({ length: WINDOW_MINUTES + 1 }, (_, back) => `${MINUTE_PREFIX}${minute - back}`);
  return {
    today: countOf(counts, countedFields(nowMs, zone)[0], budget) ?? 0,
    inFiveMinutes: minutes.reduce((total, field) => total + (countOf(counts, field, budget) ?? 0), 0),
  };
}

/** How many more requests may be made. `share`: of the budget, for what must leave some of it to others. */
export function allowanceOf({ today, inFiveMinutes }: Usage, { perDay, perFiveMinutes }: Budget, share = 1): number {
  return Math.max(0, Math.floor(Math.min(perDay * share - today, perFiveMinutes * share - inFiveMinutes)));
}

/** Fields that no longer count for anything, or hold what is no count of ours. */
export function uselessFields(counts: Counts, nowMs: number, zone: Zone, budget: Budget): string[] {
  const [day] = countedFields(nowMs, zone);
  const minute = minuteOf(nowMs);
  return Object.keys(counts).filter((field) => {
    if (!field.startsWith(DAY_PREFIX) && !field.startsWith(MINUTE_PREFIX)) return false;
    if (countOf(counts, field, budget) === undefined) return true;
    if (field.startsWith(DAY_PREFIX)) return field !== day;
    const age = minute - Number(field.slice(MINUTE_PREFIX.length));
    return !(age >= -1 && age <= WINDOW_MINUTES);
  });
}

/** Undefined for what cannot be a count: none of ours goes beyond the budget by more than a few probes. */
function countOf(counts: Counts, field: string, { perDay, perFiveMinutes }: Budget): number | undefined {
  const max = field.startsWith(DAY_PREFIX) ? perDay : perFiveMinutes;
  const text = String(counts[field] ?? 0);
  return /^\d{1,15}$/.test(text) && Number(text) <= MAX_EXCESS * max ? Number(text) : undefined;
}

function minuteOf(instantMs: number): number {
  return Math.floor(instantMs / MINUTE_MS);
}
