/** When attempts at a delivery follow each other, and what a failing receiver costs itself. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Delays before each attempt, counted from the first; the last is 24 hours after it. */
const ATTEMPTS_AFTER_MS = [
  0,
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  24 * HOUR_MS,
] as const;

export const MAX_ATTEMPTS = ATTEMPTS_AFTER_MS.length;
/** Attempts are spread, so that receivers which failed together are not called together. */
const SPREAD = 0.2;

/** How long a receiver has for its response. */
export const ATTEMPT_TIMEOUT_MS = 15 * SECOND_MS;
/** A claim's deliveries belong to the claimer for so long: longer than all of its attempts may take. */
export const LEASE_MS = 120 * SECOND_MS;
export const MAX_CLAIMED = 24;
/** So many of one endpoint at once: one receiver must not take all lanes. */
export const MAX_IN_FLIGHT_PER_ENDPOINT = 4;
/** What has ended is reported at least as often while other attempts go on. */
export const REPORT_EVERY_MS = 300;
/** With attempts in flight for so long, the next deliveries are claimed beside them. */
export const PATIENCE_MS = SECOND_MS;
/** A receiver that holds an attempt for so long gets no other meanwhile. Less than patience, so that it fills one claim only. */
export const SLOW_AFTER_MS = 900;

/** An endpoint is disabled after so long of nothing but failures. */
export const DISABLE_AFTER_MS = 5 * 24 * HOUR_MS;

/**
 * When the attempt after `made` attempts is due; undefined if there is none left. `random`: 0 to 1. The delays count from
 * attempt to attempt, so that a delivery that waited behind others keeps its distance.
 */
export function nextAttemptMs(made: number, nowMs: number, random: number): number | undefined {
  const after = ATTEMPTS_AFTER_MS[made];
  if (after === undefined) return undefined;
  const delayMs = after - (ATTEMPTS_AFTER_MS[made - 1] ?? 0);
  return nowMs + Math.round(delayMs * (1 - SPREAD + 2 * SPREAD * random));
}

const TIMEOUTS_BEFORE_PAUSE = 3;
const FIRST_PAUSE_MS = 20 * SECOND_MS;
const MAX_PAUSE_MS = HOUR_MS;
const MAX_RETRY_AFTER_MS = 24 * HOUR_MS;

/** How an attempt ended. `http`: with a status that is no success. */
export type AttemptError = "http" | "redirect" | "timeout" | "connection" | "refused_target" | "challenge";

export interface AttemptResult {
  /** undefined: a success. */
  error?: AttemptError | undefined;
  status?: number | undefined;
  /** What the receiver asked for, in milliseconds. */
  retryAfterMs?: number | undefined;
}

/** What is remembered of an endpoint between attempts. */
export interface EndpointHealth {
  /** Since when nothing but failures; null after a success. */
  failingSinceMs: number | null;
  /** Failures in a row that kept a lane busy. */
  timeouts: number;
  pausedUntilMs: number;
}

export type DisabledReason = "gone" | "failing";

/** How an attempt changes an endpoint. A receiver that hangs, or asks for it, is left alone for a while. */
export function afterAttempt(
  health: EndpointHealth,
  { error, status, retryAfterMs }: AttemptResult,
  nowMs: number,
): { next: EndpointHealth; disabled?: DisabledReason } {
  if (error === undefined) return { next: { failingSinceMs: null, timeouts: 0, pausedUntilMs: 0 } };
  const failingSinceMs = health.failingSinceMs ?? nowMs;
  const isBusy = status === 429 || status === 502 || status === 504;
  const timeouts = error === "timeout" || isBusy ? health.timeouts + 1 : 0;
  const pauseMs = Math.max(
    isBusy || retryAfterMs !== undefined ? Math.min(retryAfterMs ?? FIRST_PAUSE_MS, MAX_RETRY_AFTER_MS) : 0,
    timeouts >= TIMEOUTS_BEFORE_PAUSE
      ? Math.min(FIRST_PAUSE_MS * 2 ** (timeouts - TIMEOUTS_BEFORE_PAUSE), MAX_PAUSE_MS)
      : 0,
  );
  // A failure that asks for no pause is none: the account is shown until when there is one.
  const pausedUntilMs = pauseMs === 0 ? health.pausedUntilMs : Math.max(health.pausedUntilMs, nowMs + pauseMs);
  const next = { failingSinceMs, timeouts, pausedUntilMs };
  if (status === 410) return { next, disabled: "gone" };
  return nowMs - failingSinceMs >= DISABLE_AFTER_MS ? { next, disabled: "failing" } : { next };
}
