/**
 * A circuit breaker as a pure reducer: what it is now, what happened, and when, give what it is next.
 * closed → (failures in a row) → open → (after a while, one caller probes) → half_open → closed or open again.
 */
export type Breaker =
  | { state: "closed"; failures: number }
  | { state: "open"; untilMs: number }
  | { state: "half_open"; probeUntilMs: number };

export interface BreakerPolicy {
  /** Failures in a row that open it. */
  failureThreshold: number;
  openMs: number;
  /** A probe that has not reported by then is taken for lost, and another may try. */
  probeMs: number;
}

/** permanent: it opens at once, since no retry can help (a revoked token). */
export type BreakerEvent = "success" | "failure" | "permanent";

export const CLOSED: Breaker = { state: "closed", failures: 0 };

/** Whether a call may go out now, and the breaker that results from letting it. */
export function admit(breaker: Breaker, nowMs: number, policy: BreakerPolicy): { admitted: boolean; breaker: Breaker } {
  switch (breaker.state) {
    case "closed":
      return { admitted: true, breaker };
    case "open":
      if (nowMs < breaker.untilMs) return { admitted: false, breaker };
      return { admitted: true, breaker: { state: "half_open", probeUntilMs: nowMs + policy.probeMs } };
    case "half_open":
      if (nowMs < breaker.probeUntilMs) return { admitted: false, breaker };
      return { admitted: true, breaker: { state: "half_open", probeUntilMs: nowMs + policy.probeMs } };
  }
}

/** The breaker after a call ended. */
export function settle(breaker: Breaker, event: BreakerEvent, nowMs: number, policy: BreakerPolicy): Breaker {
  if (event === "success") return CLOSED;
  const open: Breaker = { state: "open", untilMs: nowMs + policy.openMs };
  if (event === "permanent") return open;
  switch (breaker.state) {
    case "closed": {
      const failures = breaker.failures + 1;
      return failures >= policy.failureThreshold ? open : { state: "closed", failures };
    }
    case "half_open":
      return open;
    case "open": // a call that was let out before it opened: it tells nothing new
      return breaker;
  }
}
