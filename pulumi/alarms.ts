import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmDefinition, alarmList } from "./alarm-list.ts";
import { type Metric, type Parts, stackMetrics } from "./metrics.ts";
import { type AlarmName, type AlarmThresholds, type Severity, severities } from "./thresholds.ts";

export interface AlarmsArgs {
  prefix: string;
  parts: Parts;
  topicArns: Record<Severity, pulumi.Input<string>>;
  thresholds: AlarmThresholds;
  availabilityPercent: number;
  /** What this stack has: alarms on the rest are left out. */
  has: { readers: boolean; copies: boolean };
}

/** Every alarm at each of three severities, each severity to its own topic. */
export class Alarms extends pulumi.ComponentResource {
  /** The alarms by name, for the dashboards. */
  readonly arns: Record<Severity, pulumi.Output<string>[]> = { warning: [], high: [], critical: [] };

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Alarms", name, {}, opts);
    const metrics = stackMetrics(args.parts);
    for (const [alarm, definition] of Object.entries(alarmList(args.availabilityPercent)) as [
      AlarmName,
      AlarmDefinition,
    ][]) {
      if (definition.needs && !args.has[definition.needs]) continue;
      for (const severity of severities) {
        const created = new aws.cloudwatch.MetricAlarm(
          `${args.prefix}-${alarm}-${severity}`,
          {
            // By name: a release's refresh watches some of them.
            name: `${args.prefix}-${alarm}-${severity}`,
            ...condition(definition, args.thresholds[alarm][severity]),
            ...watched(definition, metrics),
            alarmDescription: `${severity}: ${definition.title}. See docs/runbooks/.`,
            alarmActions: [args.topicArns[severity]],
            okActions: [args.topicArns[severity]],
          },
          { parent: this },
        );
        this.arns[severity].push(created.arn);
      }
    }
    this.registerOutputs({});
  }
}

function condition(definition: AlarmDefinition, threshold: number) {
  return {
    comparisonOperator: definition.bad === "below" ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold",
    threshold: threshold * (definition.metricUnitsPerThresholdUnit ?? 1),
    evaluationPeriods: definition.periods,
    datapointsToAlarm: definition.badPeriods,
    treatMissingData: definition.silence === "bad" ? "breaching" : "notBreaching",
  };
}

function watched({ watch, periodSeconds }: AlarmDefinition, metrics: Record<string, Metric>) {
  if (typeof watch === "string") {
    const metric = metricOf(metrics, watch);
    const statistic = metric.stat.startsWith("p") ? { extendedStatistic: metric.stat } : { statistic: metric.stat };
    return {
      namespace: metric.namespace,
      metricName: metric.metricName,
      dimensions: metric.dimensions,
      period: periodSeconds,
      ...statistic,
    };
  }
  return {
    metricQueries: [
      { id: "figure", expression: watch.expression, label: "figure", returnData: true },
      ...watch.metrics.map((id) => ({ id, metric: { ...metricOf(metrics, id), period: periodSeconds } })),
    ],
  };
}

function metricOf(metrics: Record<string, Metric>, name: string): Metric {
  const metric = metrics[name];
  if (!metric) throw new Error(`no metric ${name}`);
  return metric;
}
