/**
 * A circuit breaker as a pure reducer: state, event and time give the next state.
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
  /** A probe that has not reported by then counts as lost, and another may try. */
  probeMs: number;
}

/** permanent: it opens at once, since no retry can help (a revoked token). */
export type BreakerEvent = "success" | "failure" | "permanent";

export const CLOSED: Breaker = { state: "closed", failures: 0 };

/** Whether a call may be made now, and the breaker's state if it is. */
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
    case "open": // a call that was made before it opened: nothing new
      return breaker;
  }
}
