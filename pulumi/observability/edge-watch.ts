import type { AlarmDefinition, Objective } from "./alarm-list.ts";
import type { EventMetric } from "./observability.ts";

/**
 * What readers get, as the worker counts it and reports it each minute (core/wire/internal.ts, `edge_minute`). The load
 * balancer sees only what caches let through.
 */

/** A minute of fewer requests says nothing about the 95th percentile. */
const minRequestsForP95 = 30;

const sumOf = (name: string, field: string): EventMetric => ({
  name,
  pattern: '{ $.event = "edge_minute" }',
  value: `$.${field}`,
  unit: "Count",
});

export const edgeMetrics = {
  edgeReports: { name: "EdgeReports", pattern: '{ $.event = "edge_minute" }', value: "1", unit: "Count" },
  edgeRequests: sumOf("EdgeRequests", "requests"),
  edgeErrors: sumOf("EdgeErrors", "errors"),
  edgeRateLimited: sumOf("EdgeRateLimited", "rate_limited"),
  edgeSlow: sumOf("EdgeSlow", "slow"),
  edgePageReads: sumOf("EdgePageReads", "page_reads"),
  edgeCachedPageReads: sumOf("EdgeCachedPageReads", "cached_page_reads"),
  edgeP95: {
    name: "EdgeP95",
    pattern: `{ $.event = "edge_minute" && $.requests >= ${minRequestsForP95} }`,
    value: "$.p95_ms",
    unit: "Milliseconds",
  },
} as const satisfies Record<string, EventMetric>;

/** A share says something from this many on. */
const minCounted = 100;

const anEvent = { bad: "atOrAbove", periodSeconds: 300, periods: 1, badPeriods: 1, silence: "fine" } as const;

/** The share of `part` in `whole`, both metrics; `otherwise` while `counted` is below its floor. */
function share(part: string, whole: string, counted: string, floor: number, otherwise: number): string {
  return `IF(FILL(${counted}, 0) >= ${floor}, FILL(${part}, 0) / FILL(${whole}, 0), ${otherwise})`;
}

/** How much faster than allowed readers' errors use up the budget that the objective leaves. */
export function edgeBurnRate({ availabilityPercent, minErrors }: Objective): string {
  const errorShare = share("edgeErrors", "edgeRequests", "edgeErrors", minErrors, 0);
  return `${errorShare} / ${(1 - availabilityPercent / 100).toFixed(6)}`;
}

/** The alarms on what readers get, by their names in thresholds.ts. */
export function edgeAlarms(objective: Objective) {
  const burn = { metrics: ["edgeErrors", "edgeRequests"], expression: edgeBurnRate(objective) } as const;
  return {
    edgeErrorBudgetBurn1h: {
      ...anEvent,
      title: "Readers' error-budget burn over 1 hour (×)",
      watch: burn,
      periodSeconds: 3_600,
      confirmSeconds: 300,
    },
    edgeErrorBudgetBurn6h: {
      ...anEvent,
      title: "Readers' error-budget burn over 6 hours (×)",
      watch: burn,
      periodSeconds: 21_600,
      confirmSeconds: 1_800,
    },
    edgeLatencyP95Ms: {
      ...anEvent,
      title: "Readers' P95 latency (ms)",
      watch: "edgeP95",
      periodSeconds: 60,
      periods: 5,
      badPeriods: 3,
    },
    edgeSlowPercent: {
      ...anEvent,
      title: "Readers' responses slower than 200 ms over 1 hour (%)",
      watch: {
        metrics: ["edgeSlow", "edgeRequests"],
        expression: `100 * ${share("edgeSlow", "edgeRequests", "edgeSlow", objective.minErrors, 0)}`,
      },
      periodSeconds: 3_600,
      confirmSeconds: 300,
    },
    edgeRateLimitedPercent: {
      ...anEvent,
      title: "Readers' requests refused by the rate limit (429, %)",
      watch: {
        metrics: ["edgeRateLimited", "edgeRequests"],
        expression: `100 * ${share("edgeRateLimited", "edgeRequests", "edgeRequests", minCounted, 0)}`,
      },
    },
    edgeCacheHitPercent: {
      ...anEvent,
      title: "Reads of pages that needed no call to the origin, over 1 hour (%)",
      watch: {
        metrics: ["edgeCachedPageReads", "edgePageReads"],
        expression: `100 * ${share("edgeCachedPageReads", "edgePageReads", "edgePageReads", minCounted, 1)}`,
      },
      bad: "below",
      periodSeconds: 3_600,
    },
    // The cron reports each minute, a minute without requests too. An older release of the worker does not.
    edgeReports: {
      ...anEvent,
      title: "Minutes that the edge reported, of an hour",
      watch: "edgeReports",
      bad: "below",
      silence: "bad",
      periodSeconds: 3_600,
    },
  } as const satisfies Record<string, AlarmDefinition>;
}
