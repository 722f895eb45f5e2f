/** How many tokens a key may request in a minute. A token holds for ten, so that a client needs few. */
export const TOKENS_PER_MINUTE = 30;

const WINDOW_MS = 60_000;
/** So that many keys do not fill the memory. */
const MAX_KEYS = 10_000;

export interface LimitState {
  isAllowed: boolean;
  remaining: number;
  resetSeconds: number;
}

/** Counts requests by key in windows of a minute, in this process. */
export class TokenLimit {
  readonly #counts = new Map<string, { count: number; untilMs: number }>();

  take(keyId: string, nowMs: number): LimitState {
    const known = this.#counts.get(keyId);
    const window = known !== undefined && nowMs < known.untilMs ? known : { count: 0, untilMs: nowMs + WINDOW_MS };
    window.count += 1;
    if (known === undefined && this.#counts.size >= MAX_KEYS) this.#counts.clear();
    this.#counts.set(keyId, window);
    return {
      isAllowed: window.count <= TOKENS_PER_MINUTE,
      remaining: Math.max(0, TOKENS_PER_MINUTE - window.count),
      resetSeconds: Math.ceil((window.untilMs - nowMs) / 1_000),
    };
  }
}
