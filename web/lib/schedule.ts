/** When a page looks for news. */

export const POLL_MS = 30_000;
const FIRST_RETRY_MS = 2_000;
/** A publication takes moments to reach the edge. */
const AFTER_DUE_MS = 2_000;

export interface Situation {
  /** Requests that failed since one succeeded. */
  failures: number;
  nowMs: number;
  /** When the next rate is due, if that is known. */
  nextUpdateMs: number | undefined;
  /** From 0 to 1: spreads the requests of many readers. */
  random: number;
}

/** How long to wait: half a minute, less where a rate is due sooner, and more and more while nothing answers. */
export function waitMs({ failures, nowMs, nextUpdateMs, random }: Situation): number {
  if (failures > 0) return Math.min(POLL_MS, FIRST_RETRY_MS * 2 ** (failures - 1)) * (0.75 + random / 2);
  const untilDueMs = (nextUpdateMs ?? 0) - nowMs + AFTER_DUE_MS;
  return untilDueMs > AFTER_DUE_MS ? Math.min(POLL_MS, untilDueMs) : POLL_MS;
}
