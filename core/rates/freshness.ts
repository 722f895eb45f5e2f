import type { Policy } from "../ops/policy.ts";
import type { Closures } from "../time/closures.ts";
import { addDays, type PlainDate } from "../time/dates.ts";
import {
  bankDaysAfter,
  lastBankDayOnOrBefore,
  mexicoCityDate,
  midnightMs,
  nextBankDay,
  previousBankDay,
  publicationMs,
} from "../time/mexico.ts";

/** What the calendar says at one instant. A request needs it several times, so it is built once and passed on. */
export interface Outlook {
  nowMs: number;
  /** In Mexico City. */
  today: PlainDate;
  /** The date of the newest FIX that is due: the last bank day whose 12:00 and grace have passed. */
  expected: PlainDate;
  /**
   * The next instant at which freshness can change without a new observation: today's publication, the end of its grace,
   * or midnight in Mexico City. No response that depends on the current time may be kept beyond it.
   */
  nextChangeMs: number;
  /** Days on which no FIX is expected although the rule has one. */
  closures: Closures;
}

/** How a latest observation compares with what Banxico should have published by now. */
export interface Freshness {
  expected: PlainDate;
  /** Bank days after the latest observation, up to the expected one. */
  publicationsMissed: number;
  stale: boolean;
  /** Bank days in Mexico City since the latest observation, today included. */
  ageBusinessDays: number;
  /** When the next observation is, or was, due (epoch milliseconds): in the past while one is awaited. */
  nextUpdateMs: number;
}

/** The outlook at an instant (epoch milliseconds). */
export function outlookAt(nowMs: number, policy: Pick<Policy, "PUBLICATION_GRACE_MS" | "EXTRA_CLOSURES">): Outlook {
  const closures = policy.EXTRA_CLOSURES.banxico;
  const today = mexicoCityDate(nowMs);
  const noonMs = publicationMs(today);
  const dueMs = noonMs + policy.PUBLICATION_GRACE_MS;
  const bankDay = lastBankDayOnOrBefore(today, closures);
  // The grace ends on the day of the publication, so only today's can be running.
  const isDue = bankDay < today || nowMs >= dueMs;
  return {
    nowMs,
    today,
    expected: isDue ? bankDay : previousBankDay(bankDay, closures),
    nextChangeMs: [noonMs, dueMs].find((instant) => instant > nowMs) ?? midnightMs(addDays(today, 1)),
    closures,
  };
}

/** How fresh a series is whose latest observation has the date `latest`. */
export function freshnessOf(latest: PlainDate, { today, expected, closures }: Outlook): Freshness {
  const publicationsMissed = bankDaysAfter(latest, expected, closures);
  return {
    expected,
    publicationsMissed,
    stale: publicationsMissed > 0,
    ageBusinessDays: bankDaysAfter(latest, today, closures),
    nextUpdateMs: publicationMs(nextBankDay(latest, closures)),
  };
}
