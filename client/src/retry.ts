import { retryAfterSeconds } from "./problem.ts";

/** As `fetch`, of one whole request. */
export type Fetch = (request: Request) => Promise<Response>;

export interface RetryOptions {
  /** How often a request is sent again. Default: 2. */
  maxRetries?: number;
  /** A response that wants a longer wait is returned as it is. Default: 30. */
  maxWaitSeconds?: number;
  /** Waits, until the signal ends it early. For tests. */
  wait?: Wait;
}

export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;

const FIRST_WAIT_MS = 300;
const RETRIED = new Set([429, 500, 502, 503, 504]);

/**
 * Sends a request again after a failure that passes: of the network, or a status that says so. Waits as long as `Retry-After`
 * wants. What changes something is sent once, unless it has an `Idempotency-Key`.
 */
export function withRetries(
  fetch: Fetch,
  { maxRetries = 2, maxWaitSeconds = 30, wait = waitFor }: RetryOptions = {},
): Fetch {
  return async (request) => {
    const isRepeatable = ["GET", "HEAD"].includes(request.method) || request.headers.has("Idempotency-Key");
    const tries = isRepeatable ? maxRetries : 0;
    for (let retries = 0; ; retries++) {
      const isLast = retries >= tries;
      let response: Response | undefined;
      try {
        response = await fetch(isLast ? request : request.clone());
      } catch (error) {
        if (isLast || request.signal.aborted) throw error;
      }
      if (response && (isLast || !RETRIED.has(response.status))) return response;
      const wanted = response && retryAfterSeconds(response.headers, Date.now());
      if (response && (wanted ?? 0) > maxWaitSeconds) return response;
      await response?.body?.cancel();
      await wait(wanted === undefined ? backoffMs(retries) : wanted * 1000, request.signal);
    }
  };
}

/** Twice as long each time, and a part of it at random, so that clients do not return together. */
export function backoffMs(retries: number, firstMs = FIRST_WAIT_MS, maxMs = 30_000): number {
  const fullMs = Math.min(maxMs, firstMs * 2 ** retries);
  return fullMs / 2 + (Math.random() * fullMs) / 2;
}

/** Waits so long; rejects with the signal's reason if it is aborted before. */
export const waitFor: Wait = (ms, signal) =>
  new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
