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
  const { today, expected, known } = spanAt(nowMs, policy);
  const remembered = known.get(latest);
  if (remembered) return remembered;
  const publicationsMissed = bankDaysAfter(latest, expected);
  const freshness: Freshness = {
    expected,
    publicationsMissed,
    stale: publicationsMissed > 0,
    ageBusinessDays: bankDaysAfter(latest, today),
    nextUpdateMs: publicationMs(nextBankDay(latest)),
  };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(latest, freshness);
  return freshness;
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
  return spanAt(nowMs, policy).untilMs;
}

/** What holds from one such instant to the next. Every request of a span needs the same, so it is worked out once. */
interface Span {
  graceMs: number;
  fromMs: number;
  untilMs: number;
  today: PlainDate;
  expected: PlainDate;
  /** Freshness by the latest observation: there are as many as series that differ in it. */
  known: Map<PlainDate, Freshness>;
}

const MOST_KNOWN = 32;
let span: Span | undefined;

function spanAt(nowMs: number, policy: Policy): Span {
  const graceMs = policy.PUBLICATION_GRACE_MS;
  if (span !== undefined && nowMs >= span.fromMs && nowMs < span.untilMs && graceMs === span.graceMs) return span;
  const today = mexicoCityDate(nowMs);
  const noonMs = publicationMs(today);
  const instants = [noonMs, noonMs + graceMs, midnightMs(addDays(today, 1))];
  const untilMs = Math.min(...instants.filter((instant) => instant > nowMs));
  span = { graceMs, fromMs: nowMs, untilMs, today, expected: expectedLatest(nowMs, policy), known: new Map() };
  return span;
}
