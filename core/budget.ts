import { mexicoCityDate } from "./calendar.ts";
import type { Policy } from "./policy.ts";

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

export type BudgetPolicy = Pick<Policy, "BANXICO_REQUESTS_A_DAY" | "BANXICO_REQUESTS_IN_5_MIN">;

const MINUTE_MS = 60_000;
const WINDOW_MINUTES = 5;
const DAY_PREFIX = "requests:day:";
const MINUTE_PREFIX = "requests:minute:";

/** The fields that a request made now increments. */
export function countedFields(nowMs: number): [day: string, minute: string] {
  return [`${DAY_PREFIX}${mexicoCityDate(nowMs)}`, `${MINUTE_PREFIX}${minuteOf(nowMs)}`];
}

export function usageOf(counts: Counts, nowMs: number): Usage {
  const minute = minuteOf(nowMs);
  // The current minute has only begun, so five whole ones before it count too: any five minutes are covered.
  const minutes = Array.from({ length: WINDOW_MINUTES + 1 }, (_, back) => `${MINUTE_PREFIX}${minute - back}`);
  return {
    today: countOf(counts, countedFields(nowMs)[0]),
    inFiveMinutes: minutes.reduce((total, field) => total + countOf(counts, field), 0),
  };
}

/** Whether one more request may be made. */
export function isWithinBudget({ today, inFiveMinutes }: Usage, policy: BudgetPolicy): boolean {
  return today < policy.BANXICO_REQUESTS_A_DAY && inFiveMinutes < policy.BANXICO_REQUESTS_IN_5_MIN;
}

/** Fields that no longer count for anything. */
export function expiredFields(counts: Counts, nowMs: number): string[] {
  const [day] = countedFields(nowMs);
  const oldest = minuteOf(nowMs) - WINDOW_MINUTES;
  return Object.keys(counts).filter((field) => {
    if (field.startsWith(DAY_PREFIX)) return field !== day;
    return field.startsWith(MINUTE_PREFIX) && !(Number(field.slice(MINUTE_PREFIX.length)) >= oldest);
  });
}

function countOf(counts: Counts, field: string): number {
  const count = Number(counts[field] ?? 0);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

function minuteOf(instantMs: number): number {
  return Math.floor(instantMs / MINUTE_MS);
}
