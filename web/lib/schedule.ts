/** When a page looks for news. */

export const POLL_MS = 30_000;
/** While news comes by itself. */
const LIVE_POLL_MS = 300_000;
const FIRST_RETRY_MS = 2_000;
/** A publication takes moments to reach the edge. */
const AFTER_DUE_MS = 2_000;
/** Until every cache has forgotten what was before some news: a minute, and a tenth more at some. */
export const NEWS_MS = 70_000;
const AFTER_NEWS_MS = 1_000;
const MIN_BETWEEN_NEWS_MS = 3_000;

export interface Situation {
  /** Requests that failed since one succeeded. */
  failures: number;
  nowMs: number;
  /** When the next rate is due, if that is known. */
  nextUpdateMs: number | undefined;
  /** Whether news comes by itself. */
  isLive: boolean;
  /** From 0 to 1: spreads the requests of many readers. */
  random: number;
}

/** How long to wait: half a minute, less where a rate is due sooner, and more and more while nothing answers. */
export function waitMs({ failures, nowMs, nextUpdateMs, isLive, random }: Situation): number {
  if (failures > 0) return Math.min(POLL_MS, FIRST_RETRY_MS * 2 ** (failures - 1)) * (0.75 + random / 2);
  const untilDueMs = (nextUpdateMs ?? 0) - nowMs + AFTER_DUE_MS;
  const usualMs = isLive ? LIVE_POLL_MS : POLL_MS;
  return untilDueMs > AFTER_DUE_MS ? Math.min(usualMs, untilDueMs) : usualMs;
}

/**
 * A function to call at each piece of news. It looks shortly afterwards, and again when no cache has what was before:
 * once for the hundreds of rates that a provider publishes at a time.
 */
export function lookingAfterNews(look: () => void): () => void {
  let later: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;
  let lookedAtMs = 0;
  return () => {
    clearTimeout(later);
    later = setTimeout(look, NEWS_MS);
    if (isDue) return;
    isDue = true;
    setTimeout(
      () => {
        isDue = false;
        lookedAtMs = Date.now();
        look();
      },
      Math.max(AFTER_NEWS_MS, lookedAtMs + MIN_BETWEEN_NEWS_MS - Date.now()),
    );
  };
}
