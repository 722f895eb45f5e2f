import {
  bankDaysAfter,
  lastBankDayOnOrBefore,
  mexicoCityDate,
  midnightMs,
  nextBankDay,
  previousBankDay,
  publicationMs,
} from "./calendar.ts";
import { addDays, type PlainDate } from "./dates.ts";
import type { Policy } from "./policy.ts";

/** How a latest observation stands against what Banxico must have published by now. */
export interface Freshness {
  /** The date of the newest FIX that must be out: the last bank day whose 12:00 and grace have passed. */
  expected: PlainDate;
  /** Bank days after the latest observation, up to the expected one. */
  publicationsMissed: number;
  stale: boolean;
  /** Bank days in Mexico City since the latest observation, today included. */
  ageBusinessDays: number;
  /** When the next observation is, or was, due (epoch milliseconds): in the past while one is awaited. */
  nextUpdateMs: number;
}

export function freshnessOf(latest: PlainDate, nowMs: number, policy: Policy): Freshness {
  const expected = expectedLatest(nowMs, policy);
  const publicationsMissed = bankDaysAfter(latest, expected);
  return {
    expected,
    publicationsMissed,
    stale: publicationsMissed > 0,
    ageBusinessDays: bankDaysAfter(latest, mexicoCityDate(nowMs)),
    nextUpdateMs: publicationMs(nextBankDay(latest)),
  };
}

/** The last bank day whose publication, grace included, has passed at `nowMs`. */
export function expectedLatest(nowMs: number, policy: Policy): PlainDate {
  const day = lastBankDayOnOrBefore(mexicoCityDate(nowMs));
  return nowMs >= publicationMs(day) + policy.PUBLICATION_GRACE_MS ? day : previousBankDay(day);
}

/**
 * The next instant at which freshness can change though no new observation comes: today's publication, the end of its
 * grace, or midnight in Mexico City. No answer that depends on now may be kept beyond it.
 */
export function nextChangeMs(nowMs: number, policy: Policy): number {
  const today = mexicoCityDate(nowMs);
  const noonMs = publicationMs(today);
  const instants = [noonMs, noonMs + policy.PUBLICATION_GRACE_MS, midnightMs(addDays(today, 1))];
  return Math.min(...instants.filter((instant) => instant > nowMs));
}
