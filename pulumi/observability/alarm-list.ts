import { edgeAlarms } from "./edge-watch.ts";
import type { MetricName } from "./metrics.ts";
import type { AlarmName } from "./thresholds.ts";

/** What one alarm watches; its thresholds are the stack's configuration. */
export interface AlarmDefinition {
  title: string;
  /** One metric, or several and the arithmetic between them. */
  watch: MetricName | { metrics: readonly MetricName[]; expression: string };
  /** Whether a figure is bad when it reaches its threshold from below or falls under it. */
  bad: "atOrAbove" | "below";
  periodSeconds: number;
  /** Out of this many periods… */
  periods: number;
  /** …this many must be bad. */
  badPeriods: number;
  /** What no data means: nothing happened, or something is gone. */
  silence: "fine" | "bad";
  /** Metrics count in other units than thresholds: seconds for milliseconds, bytes for megabytes. */
  metricUnitsPerThresholdUnit?: number;
  needs?: "readers" | "copies" | "outside";
  /** Fires only while this shorter window is as bad: an incident that is over rings no more. */
  confirmSeconds?: number;
}

const errors = "(FILL(targetErrors, 0) + FILL(balancerErrors, 0))";
// With no instance to choose the balancer counts its errors, but no request.
const requests = "(FILL(requests, 0) + FILL(balancerErrors, 0))";
/** By the minute a few errors are enough to look; the budget's windows have a floor of their own. */
const minErrorsPerMinute = 3;

/** The share of requests that failed; 0 while fewer than so many did, and when there was none. */
function errorShare(minErrors: number): string {
  return `IF(${errors} >= ${minErrors}, ${errors} / ${requests}, 0)`;
}

const everyMinute = { bad: "atOrAbove", periodSeconds: 60, periods: 5, badPeriods: 3, silence: "fine" } as const;
const anEvent = { bad: "atOrAbove", periodSeconds: 300, periods: 1, badPeriods: 1, silence: "fine" } as const;

/** How much faster than allowed errors use up the budget that the objective leaves. */
export function burnRate({ availabilityPercent, minErrors }: Objective): string {
  return `${errorShare(minErrors)} / ${(1 - availabilityPercent / 100).toFixed(6)}`;
}

/** What share of requests must succeed, and how many errors at least must be meant for it to be missed. */
export interface Objective {
  availabilityPercent: number;
  minErrors: number;
}

/** One definition for each name in thresholds.ts. */
export function alarmList(objective: Objective): Record<AlarmName, AlarmDefinition> {
  const errorMetrics: MetricName[] = ["targetErrors", "balancerErrors", "requests"];
  const burn = { metrics: errorMetrics, expression: burnRate(objective) };
  return {
    latencyP95Ms: {
      ...everyMinute,
      title: "P95 latency (ms)",
      watch: "latencyP95",
      metricUnitsPerThresholdUnit: 0.001,
    },
    latencyP99Ms: {
      ...everyMinute,
      title: "P99 latency (ms)",
      watch: "latencyP99",
      metricUnitsPerThresholdUnit: 0.001,
    },
    errorRatePercent: {
      ...everyMinute,
      title: "5xx answers (% of requests)",
      watch: { metrics: errorMetrics, expression: `100 * ${errorShare(minErrorsPerMinute)}` },
    },
    unhealthyHosts: { ...everyMinute, title: "Instances failing their health check", watch: "unhealthyHosts" },
    healthyHosts: {
      ...everyMinute,
      title: "Instances in service",
      watch: "healthyHosts",
      bad: "below",
      silence: "bad",
    },
    serviceCpuPercent: { ...everyMinute, title: "Service CPU (%)", watch: "serviceCpu" },
    serviceMemoryPercent: { ...everyMinute, title: "Service memory (%)", watch: "serviceMemory" },
    serviceDiskPercent: { ...everyMinute, title: "Service disk (%)", watch: "serviceDisk" },
    databaseCpuPercent: { ...everyMinute, title: "Database CPU (%)", watch: "databaseCpu" },
    databaseAcuPercent: {
      ...everyMinute,
      title: "Database capacity (% of the most allowed)",
      watch: "databaseAcuPercent",
    },
    databaseConnections: { ...everyMinute, title: "Database connections", watch: "databaseConnections" },
    databaseFreeMemoryMb: {
      ...everyMinute,
      title: "Database free memory (MB)",
      watch: "databaseFreeMemory",
      bad: "below",
      metricUnitsPerThresholdUnit: 1_048_576,
    },
    replicaLagMs: { ...everyMinute, title: "Replica lag (ms)", watch: "replicaLag", needs: "readers" },
    deadlocksPerMinute: {
      ...everyMinute,
      title: "Deadlocks a minute",
      watch: { metrics: ["deadlocks"], expression: "deadlocks * 60" },
      periods: 3,
      badPeriods: 1,
    },
    ingestionFailures: {
      ...anEvent,
      title: "Failed ingestion runs in 15 minutes",
      watch: "ingestionFailures",
      periodSeconds: 900,
    },
    // A worker that has stopped says nothing at all: the sync of each hour is its sign of life.
    ingestionRuns: {
      ...anEvent,
      title: "Ingestion runs in 3 hours",
      watch: "ingestionRuns",
      bad: "below",
      silence: "bad",
      periodSeconds: 10_800,
    },
    publishesMissed: { ...anEvent, title: "Publications missed (data freshness)", watch: "publishesMissed" },
    commitLagMs: { ...anEvent, title: "Time from reading a value to having it stored (ms)", watch: "commitLag" },
    breakerOpened: {
      ...anEvent,
      title: "Circuit breaker openings in 15 minutes",
      watch: "breakerOpened",
      periodSeconds: 900,
    },
    deadLetters: { ...anEvent, title: "Dead letters", watch: "deadLetters" },
    eventLagSeconds: { ...anEvent, title: "Age of events that a consumer has not read (s)", watch: "eventLag" },
    // Of what is due: receivers that fail or hang have their next attempt later, and count only then.
    deliveryLagMs: { ...everyMinute, title: "Age of the oldest webhook that is due (ms)", watch: "deliveryLag" },
    // Told once, when the edge finds that the database lacks what readers have seen.
    storeBehind: { ...anEvent, title: "Losses of stored rates", watch: "storeBehind" },
    // Only a person can tell a jump from a slip.
    quarantined: { ...anEvent, title: "Values put in quarantine", watch: "quarantined" },
    corruptPages: {
      ...anEvent,
      title: "Corrupt copies of pages in 15 minutes",
      watch: "corruptPages",
      periodSeconds: 900,
    },
    wafBlocks: { ...anEvent, title: "Requests blocked by the firewall in 5 minutes", watch: "wafBlocks" },
    // A heap that ran over ends the process; Docker starts it again, and nobody would hear of it.
    originStarts: {
      ...anEvent,
      title: "Starts of the origin's process in 15 minutes",
      watch: "originStarts",
      periodSeconds: 900,
    },
    outsideHealthyPercent: {
      ...everyMinute,
      title: "Checks from outside that reach the edge (%)",
      watch: "outsideHealthyPercent",
      bad: "below",
      needs: "outside",
    },
    certificateDays: {
      ...anEvent,
      title: "Days until the certificate expires",
      watch: "certificateDays",
      bad: "below",
      periodSeconds: 86_400,
    },
    errorBudgetBurn1h: {
      ...anEvent,
      title: "Error-budget burn over 1 hour (×)",
      watch: burn,
      periodSeconds: 3_600,
      confirmSeconds: 300,
    },
    errorBudgetBurn6h: {
      ...anEvent,
      title: "Error-budget burn over 6 hours (×)",
      watch: burn,
      periodSeconds: 21_600,
      confirmSeconds: 1_800,
    },
    ...edgeAlarms(objective),
    backupFailures: {
      ...anEvent,
      title: "Backup, copy or restore jobs that failed or never began, in 6 hours",
      watch: "backupProblems",
      periodSeconds: 21_600,
      needs: "copies",
    },
    // A plan that makes no jobs has no failed ones either: what counts is a copy that arrived.
    backupCopies: {
      ...anEvent,
      title: "Copies that reached the recovery region in 3 hours",
      watch: "copiesCompleted",
      bad: "below",
      silence: "bad",
      periodSeconds: 10_800,
      needs: "copies",
    },
    restoreTests: {
      ...anEvent,
      title: "Copies that were restored to test them, in a day",
      watch: "restoresCompleted",
      bad: "below",
      silence: "bad",
      periodSeconds: 86_400,
      needs: "copies",
    },
  };
}
