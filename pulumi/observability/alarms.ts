import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmDefinition, alarmList, type Objective } from "./alarm-list.ts";
import { type Metric, type Parts, stackMetrics } from "./metrics.ts";
import { type AlarmName, type AlarmThresholds, type Severity, severities } from "./thresholds.ts";

export interface AlarmsArgs {
  prefix: string;
  parts: Parts;
  topicArns: Record<Severity, pulumi.Input<string>>;
  thresholds: AlarmThresholds;
  objective: Objective;
  /** What this stack has: alarms on the rest are left out. */
  has: { readers: boolean; copies: boolean; outside: boolean };
  /** Before there are instances, alarms on what is absent would ring from the first minute. */
  hasFleet: boolean;
}

/** Every alarm at each of three severities, each severity to its own topic. */
export class Alarms extends pulumi.ComponentResource {
  /** The alarms by name, for the dashboards. */
  readonly arns: Record<Severity, pulumi.Output<string>[]> = { warning: [], high: [], critical: [] };

  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Alarms", name, {}, opts);
    const metrics = stackMetrics(args.parts);
    for (const [alarm, definition] of Object.entries(alarmList(args.objective)) as [AlarmName, AlarmDefinition][]) {
      if (definition.needs && !args.has[definition.needs]) continue;
      for (const severity of severities) {
        this.arns[severity].push(this.alarm(args, alarm, severity, definition, metrics));
      }
    }
    this.registerOutputs({});
  }

  private alarm(
    args: AlarmsArgs,
    alarm: AlarmName,
    severity: Severity,
    definition: AlarmDefinition,
    metrics: Record<string, Metric>,
  ): pulumi.Output<string> {
    const name = `${args.prefix}-${alarm}-${severity}`;
    const tells = {
      actionsEnabled: args.hasFleet || definition.silence === "fine",
      alarmDescription: `${severity}: ${definition.title}. See docs/runbooks/.`,
      alarmActions: [args.topicArns[severity]],
      okActions: [args.topicArns[severity]],
    };
    const metricAlarm = (alarmName: string, watchedDefinition: AlarmDefinition, told: object) =>
      new aws.cloudwatch.MetricAlarm(
        alarmName,
        {
          // By name: a release's refresh watches some of them.
          name: alarmName,
          ...condition(definition, args.thresholds[alarm][severity]),
          ...watched(watchedDefinition, metrics),
          ...told,
        },
        { parent: this },
      );
    if (definition.confirmSeconds === undefined) return metricAlarm(name, definition, tells).arn;
    const long = metricAlarm(`${name}-long`, definition, {});
    const short = metricAlarm(`${name}-short`, { ...definition, periodSeconds: definition.confirmSeconds }, {});
    const { actionsEnabled: _, ...told } = tells;
    return new aws.cloudwatch.CompositeAlarm(
      name,
      { alarmName: name, alarmRule: pulumi.interpolate`ALARM("${long.name}") AND ALARM("${short.name}")`, ...told },
      { parent: this },
    ).arn;
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
