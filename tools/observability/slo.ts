import { BUDGETS } from "#core/ops/objectives.ts";

/** The service level objectives, and when their error budgets burn too fast. */

export interface Slo {
  name: string;
  /** What is promised, for people. */
  promise: string;
  /** Share of bad events that is allowed. */
  budget: number;
  /** Per-second rates over a window, as PromQL. */
  bad: (window: string) => string;
  total: (window: string) => string;
  /** With fewer events in the long window than this, nothing is alerted: one error of ten requests is no outage. */
  minEvents: number;
  /** A file of docs/runbooks. */
  runbook: string;
}

const OBJECTIVE_SECONDS = 0.2;
const FRESH_SECONDS = 300;
/** What readers and the edge request; not probes, scrapes and commits. */
const READS = 'route=~"/api/.*|/internal/pages/.*"';

/** Events of a histogram above a bound. */
function above(histogram: string, bound: number, labels = ""): (window: string) => string {
  const withBound = [labels, `le="${bound}"`].filter((part) => part !== "").join(",");
  return (window) =>
    `sum(rate(${histogram}_count${labels && `{${labels}}`}[${window}])) - sum(rate(${histogram}_bucket{${withBound}}[${window}]))`;
}

const rate = (selector: string) => (window: string) => `sum(rate(${selector}[${window}]))`;

/** A class of responses that never occurred has no series: that is zero, not unknown. */
const rateOrZero = (selector: string) => (window: string) => `(sum(rate(${selector}[${window}])) or vector(0))`;

export const SLOS: readonly Slo[] = [
  {
    name: "edge-availability",
    promise: "99.95 % of the edge's responses are no server error",
    budget: BUDGETS.availability,
    bad: rate("paridad_edge_errors_total"),
    total: rate("paridad_edge_requests_total"),
    minEvents: 1_000,
    runbook: "high-latency.md",
  },
  {
    name: "edge-latency",
    promise: "95 % of the edge's responses take at most 200 ms",
    budget: BUDGETS.latency,
    bad: above("paridad_edge_request_duration_seconds", OBJECTIVE_SECONDS),
    total: rate("paridad_edge_request_duration_seconds_count"),
    minEvents: 100,
    runbook: "high-latency.md",
  },
  {
    name: "edge-cache",
    promise: "90 % of the pages that the edge serves come from a cache",
    budget: BUDGETS.cache,
    bad: rate('paridad_edge_page_reads_total{tier="origin",result="hit"}'),
    total: rate('paridad_edge_page_reads_total{result="hit"}'),
    minEvents: 100,
    runbook: "redis-loss.md",
  },
  {
    name: "origin-availability",
    promise: "99.95 % of the origin's responses are no server error",
    budget: BUDGETS.availability,
    bad: rateOrZero('paridad_origin_requests_total{class="5xx",route!~"/health.*|/metrics"}'),
    total: rate('paridad_origin_requests_total{route!~"/health.*|/metrics"}'),
    minEvents: 1_000,
    runbook: "database-trouble.md",
  },
  {
    name: "origin-latency",
    promise: "95 % of the origin's reads take at most 200 ms",
    budget: BUDGETS.latency,
    bad: above("paridad_origin_request_duration_seconds", OBJECTIVE_SECONDS, READS),
    total: rate(`paridad_origin_request_duration_seconds_count{${READS}}`),
    minEvents: 100,
    runbook: "high-latency.md",
  },
  {
    name: "freshness",
    promise: "99 % of new values are stored within 5 minutes of their reading",
    budget: 0.01,
    bad: above("paridad_origin_ingest_lag_seconds", FRESH_SECONDS),
    total: rate("paridad_origin_ingest_lag_seconds_count"),
    minEvents: 1,
    runbook: "dead-letters.md",
  },
];

export interface BurnWindow {
  long: string;
  /** A twelfth of it: the alert ends soon after its cause. */
  short: string;
  /** How many times faster than allowed the budget burns. */
  factor: number;
  severity: "page" | "ticket";
}

/** The Site Reliability Workbook's windows for a budget of 30 days: 2 %, 5 %, 10 % and 10 % of it are gone by then. */
export const BURN_WINDOWS: readonly BurnWindow[] = [
  { long: "1h", short: "5m", factor: 14.4, severity: "page" },
  { long: "6h", short: "30m", factor: 6, severity: "page" },
  { long: "1d", short: "2h", factor: 3, severity: "ticket" },
  { long: "3d", short: "6h", factor: 1, severity: "ticket" },
];

/** Every window that is recorded, shortest first. */
export const WINDOWS: readonly string[] = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];

/** The windows that can alert: a budget of a tenth can't burn more than ten times too fast. */
export function burnWindowsOf({ budget }: Slo): BurnWindow[] {
  return BURN_WINDOWS.filter(({ factor }) => factor * budget < 1);
}
