import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config.ts";
import { edgeMetrics } from "./edge-watch.ts";

export interface ObservabilityArgs {
  prefix: string;
  logsKeyArn: pulumi.Input<string>;
  settings: Settings["observability"];
}

/** A figure counted from the origin's log lines: each is one JSON object with an `event`. */
export interface EventMetric {
  name: string;
  pattern: string;
  value: string;
  unit: string;
}

export const eventMetrics = {
  requests: { name: "Requests", pattern: '{ $.event = "request" }', value: "1", unit: "Count" },
  requestErrors: {
    name: "RequestErrors",
    pattern: '{ $.event = "request" && $.status >= 500 }',
    value: "1",
    unit: "Count",
  },
  requestDuration: {
    name: "RequestDuration",
    pattern: '{ $.event = "request" }',
    value: "$.duration_ms",
    unit: "Milliseconds",
  },
  starts: { name: "Starts", pattern: '{ $.event = "listening" }', value: "1", unit: "Count" },
  ingestionRuns: { name: "IngestionRuns", pattern: '{ $.event = "ingest_run" }', value: "1", unit: "Count" },
  ingestionFailures: {
    name: "IngestionFailures",
    pattern: '{ $.event = "ingest_run" && $.outcome = "failed" }',
    value: "1",
    unit: "Count",
  },
  publishesMissed: {
    name: "PublishesMissed",
    pattern: '{ $.event = "freshness" }',
    value: "$.publishes_missed",
    unit: "Count",
  },
  breakerOpened: {
    name: "BreakerOpened",
    pattern: '{ $.event = "breaker" && $.to = "open" }',
    value: "1",
    unit: "Count",
  },
  quarantined: { name: "Quarantined", pattern: '{ $.event = "quarantine" }', value: "$.count", unit: "Count" },
  corruptPages: { name: "CorruptPages", pattern: '{ $.event = "corrupt_page" }', value: "1", unit: "Count" },
  storeBehind: { name: "StoreBehind", pattern: '{ $.event = "store_behind" }', value: "1", unit: "Count" },
  eventLag: { name: "EventLag", pattern: '{ $.event = "event_lag" }', value: "$.age_seconds", unit: "Seconds" },
  commitLag: { name: "CommitLag", pattern: '{ $.event = "commit" }', value: "$.lag_ms", unit: "Milliseconds" },
  deadLetters: { name: "DeadLetters", pattern: '{ $.event = "dead_letters" }', value: "$.count", unit: "Count" },
  deliveryLag: {
    name: "DeliveryLag",
    pattern: '{ $.event = "deliveries_due" }',
    value: "$.lag_ms",
    unit: "Milliseconds",
  },
  deliveriesFailed: {
    name: "DeliveriesFailed",
    pattern: '{ $.event = "deliveries_reported" }',
    value: "$.failed",
    unit: "Count",
  },
  ...edgeMetrics,
} as const satisfies Record<string, EventMetric>;

/** The namespace of a stack's event metrics. */
export function eventNamespace(prefix: string): string {
  return `Paridad/${prefix}`;
}

/** Turns log lines of a group into metrics. */
export function countEvents(
  namePrefix: string,
  logGroupName: pulumi.Input<string>,
  namespace: string,
  metrics: readonly EventMetric[],
  opts: pulumi.ResourceOptions,
): void {
  for (const { name, pattern, value, unit } of metrics) {
    new aws.cloudwatch.LogMetricFilter(
      `${namePrefix}${name}`,
      { logGroupName, pattern, metricTransformation: { namespace, name, value, unit } },
      opts,
    );
  }
}

/** The name by which Session Manager finds how an account's sessions are to be; a region has one. */
const sessionPreferences = "SSM-SessionManagerRunShell";

/** Records every shell on an instance, which can read the service's secrets. A session that cannot be recorded is refused. */
function logSessions(logGroupName: pulumi.Input<string>, opts: pulumi.ResourceOptions): void {
  new aws.ssm.Document(
    "session-preferences",
    {
      name: sessionPreferences,
      documentType: "Session",
      documentFormat: "JSON",
      content: pulumi.jsonStringify({
        schemaVersion: "1.0",
        description: "Recorded shells that end when nobody types",
        sessionType: "Standard_Stream",
        inputs: {
          cloudWatchLogGroupName: logGroupName,
          cloudWatchEncryptionEnabled: true,
          cloudWatchStreamingEnabled: true,
          idleSessionTimeout: "20",
          maxSessionDuration: "120",
        },
      }),
    },
    opts,
  );
}

/** Log groups, the figures counted from them, and traces. */
export class Observability extends pulumi.ComponentResource {
  readonly origin: aws.cloudwatch.LogGroup;
  readonly host: aws.cloudwatch.LogGroup;
  /** What operators type and see on an instance. */
  readonly sessions: aws.cloudwatch.LogGroup;

  constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Observability", name, {}, opts);
    const { prefix, settings } = args;
    const child = { parent: this };
    const group = (use: string) =>
      new aws.cloudwatch.LogGroup(
        `${prefix}-${use}`,
        { name: `/paridad/${prefix}/${use}`, retentionInDays: settings.logDays, kmsKeyId: args.logsKeyArn },
        child,
      );
    this.origin = group("origin");
    this.host = group("host");
    this.sessions = group("sessions");
    logSessions(this.sessions.name, child);
    countEvents(`${prefix}-`, this.origin.name, eventNamespace(prefix), Object.values(eventMetrics), child);
    // For those who ask X-Ray; the origin is told the same rate when it starts (OTEL_TRACES_SAMPLER_ARG).
    new aws.xray.SamplingRule(
      `${prefix}-origin`,
      {
        ruleName: prefix,
        priority: 1_000,
        version: 1,
        fixedRate: settings.traceSamplePercent / 100,
        reservoirSize: 1,
        serviceName: "paridad-origin",
        serviceType: "*",
        host: "*",
        httpMethod: "*",
        urlPath: "*",
        resourceArn: "*",
      },
      child,
    );
    new aws.xray.Group(
      `${prefix}-slow`,
      {
        groupName: `${prefix}-slow`,
        filterExpression: `service("paridad-origin") AND (responsetime > ${settings.latencyObjectiveMs / 1_000} OR fault)`,
        insightsConfiguration: { insightsEnabled: false, notificationsEnabled: false },
      },
      child,
    );
    this.registerOutputs({});
  }
}
