import { z } from "zod";

/** The three severities of every alarm, mildest first. Each has an SNS topic of its own. */
export const severities = ["warning", "high", "critical"] as const;
export type Severity = (typeof severities)[number];
export type Thresholds = Record<Severity, number>;

/** Thresholds of a figure that is worse the higher it is. */
const rising = (warning: number, high: number, critical: number) =>
  levels({ warning, high, critical }, (mild, severe) => mild <= severe, "must not fall from warning to critical");

/** Thresholds of a figure that is worse the lower it is. */
const falling = (warning: number, high: number, critical: number) =>
  levels({ warning, high, critical }, (mild, severe) => mild >= severe, "must not rise from warning to critical");

function levels(defaults: Thresholds, inOrder: (mild: number, severe: number) => boolean, message: string) {
  const level = (severity: Severity) => z.number().nonnegative().default(defaults[severity]);
  return z
    .strictObject({ warning: level("warning"), high: level("high"), critical: level("critical") })
    .refine((given) => inOrder(given.warning, given.high) && inOrder(given.high, given.critical), { message })
    .prefault({});
}

/** When each alarm fires. The keys are the alarms: one definition in alarm-list.ts for each. */
export const thresholdsSchema = z.strictObject({
  latencyP95Ms: rising(200, 500, 1_000),
  latencyP99Ms: rising(800, 1_500, 3_000),
  errorRatePercent: rising(0.5, 1, 5),
  /** The fleet is often no more than two. */
  unhealthyHosts: rising(1, 1, 2),
  healthyHosts: falling(2, 2, 1),
  /** One thread does the work: of two processors it uses half at most. */
  serviceCpuPercent: rising(30, 40, 45),
  /** The origin's heap is bounded far below the instance: this sees what else grows. */
  serviceMemoryPercent: rising(50, 65, 80),
  serviceDiskPercent: rising(70, 80, 90),
  databaseCpuPercent: rising(60, 75, 90),
  databaseAcuPercent: rising(70, 85, 95),
  databaseConnections: rising(150, 300, 500),
  databaseFreeMemoryMb: falling(512, 256, 128),
  replicaLagMs: rising(100, 1_000, 10_000),
  deadlocksPerMinute: rising(1, 5, 20),
  ingestionFailures: rising(1, 3, 10),
  ingestionRuns: falling(2, 1, 1),
  publishesMissed: rising(1, 2, 3),
  /** The objective of freshness is five minutes. */
  commitLagMs: rising(300_000, 900_000, 3_600_000),
  breakerOpened: rising(1, 3, 10),
  deadLetters: rising(1, 10, 100),
  /** Consumers of the log of events read it each minute. */
  eventLagSeconds: rising(180, 600, 3_600),
  deliveryLagMs: rising(120_000, 300_000, 900_000),
  storeBehind: rising(1, 1, 1),
  quarantined: rising(1, 5, 50),
  corruptPages: rising(1, 20, 200),
  wafBlocks: rising(1_000, 10_000, 100_000),
  originStarts: rising(6, 12, 30),
  outsideHealthyPercent: falling(80, 60, 40),
  certificateDays: falling(30, 14, 7),
  errorBudgetBurn1h: rising(3, 6, 14.4),
  errorBudgetBurn6h: rising(1, 3, 6),
  edgeErrorBudgetBurn1h: rising(3, 6, 14.4),
  edgeErrorBudgetBurn6h: rising(1, 3, 6),
  /** The upper bound of a bucket: 200 is within the objective, and 300 the next one. */
  edgeLatencyP95Ms: rising(300, 500, 1_000),
  edgeSlowPercent: rising(5, 10, 25),
  edgeRateLimitedPercent: rising(5, 20, 50),
  edgeCacheHitPercent: falling(90, 80, 50),
  edgeReports: falling(45, 15, 1),
  backupFailures: rising(1, 2, 3),
  backupCopies: falling(2, 1, 1),
  restoreTests: falling(1, 1, 1),
});

export type AlarmThresholds = z.infer<typeof thresholdsSchema>;
export type AlarmName = keyof AlarmThresholds;
