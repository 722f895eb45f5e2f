import type { Policy } from "../ops/policy.ts";
import { mexicoCityDate } from "../time/mexico.ts";

/**
 * Requests to a provider, counted per day in Mexico City and per minute, so that we refuse ourselves long before the
 * provider does. The counts live as fields of a hash that several ticks may increment at once.
 */
export type Counts = Readonly<Record<string, string | number>>;

export interface Usage {
  /** Requests made today in Mexico City. */
  today: number;
  /** Requests made in the last five minutes and in the part of a minute before them. */
  inFiveMinutes: number;
}

export type BudgetPolicy = Pick<Policy, "BANXICO_REQUESTS_PER_DAY" | "BANXICO_REQUESTS_PER_5_MIN">;

const MINUTE_MS = 60_000;
const WINDOW_MINUTES = 5;
const DAY_PREFIX = "requests:day:";
const MINUTE_PREFIX = "requests:minute:";
const MAX_EXCESS = 2;

/** The fields that a request made now increments. */
export function countedFields(nowMs: number): [day: string, minute: string] {
  return [`${DAY_PREFIX}${mexicoCityDate(nowMs)}`, `${MINUTE_PREFIX}${minuteOf(nowMs)}`];
}

export function usageOf(counts: Counts, nowMs: number, policy: BudgetPolicy): Usage {
  const minute = minuteOf(nowMs);
  // The current minute has only begun, so five whole ones before it count too: any five minutes are covered.
  const minutes = Array.from({ length: WINDOW_MINUTES + 1 }, (_, back) => `${MINUTE_PREFIX}${minute - back}`);
  return {
    today: countOf(counts, countedFields(nowMs)[0], policy) ?? 0,
    inFiveMinutes: minutes.reduce((total, field) => total + (countOf(counts, field, policy) ?? 0), 0),
  };
}

/** Whether one more request may be made. */
export function isWithinBudget({ today, inFiveMinutes }: Usage, policy: BudgetPolicy): boolean {
  return today < policy.BANXICO_REQUESTS_PER_DAY && inFiveMinutes < policy.BANXICO_REQUESTS_PER_5_MIN;
}

/** Fields that no longer count for anything, or hold what is no count of ours. */
export function uselessFields(counts: Counts, nowMs: number, policy: BudgetPolicy): string[] {
  const [day] = countedFields(nowMs);
  const minute = minuteOf(nowMs);
  return Object.keys(counts).filter((field) => {
    if (!field.startsWith(DAY_PREFIX) && !field.startsWith(MINUTE_PREFIX)) return false;
    if (countOf(counts, field, policy) === undefined) return true;
    if (field.startsWith(DAY_PREFIX)) return field !== day;
    const age = minute - Number(field.slice(MINUTE_PREFIX.length));
    return !(age >= -1 && age <= WINDOW_MINUTES);
  });
}

/** Undefined for what cannot be a count: none of ours goes beyond the budget by more than a few probes. */
function countOf(counts: Counts, field: string, policy: BudgetPolicy): number | undefined {
  const max = field.startsWith(DAY_PREFIX) ? policy.BANXICO_REQUESTS_PER_DAY : policy.BANXICO_REQUESTS_PER_5_MIN;
  const text = String(counts[field] ?? 0);
  return /^\d{1,15}$/.test(text) && Number(text) <= MAX_EXCESS * max ? Number(text) : undefined;
}

function minuteOf(instantMs: number): number {
  return Math.floor(instantMs / MINUTE_MS);
}
