import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config.ts";

export interface ScalingArgs {
  prefix: string;
  groupName: pulumi.Input<string>;
  balancer: aws.lb.LoadBalancer;
  targetGroup: aws.lb.TargetGroup;
  settings: Settings["service"]["scaling"];
}

/** How near to the busy rule the fleet may come by giving an instance up. */
const idleMargin = 0.8;

/**
 * The three rules that change the number of instances, each an alarm and the step that it takes. They do not work against
 * each other: the fleet counts as idle only if it would be neither busy nor slow without the instance that goes.
 */
export function addScaling(args: ScalingArgs, opts: pulumi.ResourceOptions): void {
  const { prefix, settings } = args;
  const step = (name: string, instances: number): aws.autoscaling.Policy =>
    new aws.autoscaling.Policy(
      `${prefix}-${name}`,
      {
        autoscalingGroupName: args.groupName,
        policyType: "StepScaling",
        adjustmentType: "ChangeInCapacity",
        metricAggregationType: "Average",
        stepAdjustments: [{ scalingAdjustment: instances, metricIntervalLowerBound: "0" }],
      },
      opts,
    );
  // An alarm that lasts calls its policy each minute. A step would be taken each minute, a simple change waits.
  const shrink = new aws.autoscaling.Policy(
    `${prefix}-scale-idle`,
    {
      autoscalingGroupName: args.groupName,
      policyType: "SimpleScaling",
      adjustmentType: "ChangeInCapacity",
      scalingAdjustment: -settings.idleRemove,
      cooldown: settings.idleMinutes * 60,
    },
    opts,
  );
  const targets = {
    LoadBalancer: args.balancer.arnSuffix,
    TargetGroup: args.targetGroup.arnSuffix,
  };

  const groupMetric = (namespace: string, metricName: string) => ({
    namespace,
    metricName,
    dimensions: { AutoScalingGroupName: args.groupName },
    stat: "Average",
    period: 60,
  });
  // CloudWatch counts requests a minute; the rule is in requests a second unless the stack says otherwise.
  const rateOf = (requests: string) =>
    settings.requestsPer === "second" ? `${requests} / PERIOD(requests)` : `${requests} * 60 / PERIOD(requests)`;
  const requests = {
    namespace: "AWS/ApplicationELB",
    metricName: "RequestCountPerTarget",
    dimensions: { TargetGroup: args.targetGroup.arnSuffix },
    stat: "Sum",
    period: 60,
  };
  new aws.cloudwatch.MetricAlarm(
    `${prefix}-scale-busy`,
    {
      alarmDescription: `More than ${settings.requestsPerTarget} requests a ${settings.requestsPer} per target: add ${settings.requestsAdd}`,
      comparisonOperator: "GreaterThanThreshold",
      threshold: settings.requestsPerTarget,
      evaluationPeriods: 2,
      treatMissingData: "notBreaching",
      metricQueries: [
        {
          id: "requests",
          metric: requests,
        },
        {
          id: "rate",
          expression: rateOf("requests"),
          label: `Requests a ${settings.requestsPer} per target`,
          returnData: true,
        },
      ],
      alarmActions: [step("scale-busy", settings.requestsAdd).arn],
    },
    opts,
  );
  new aws.cloudwatch.MetricAlarm(
    `${prefix}-scale-slow`,
    {
      alarmDescription: `P95 over ${settings.slowP95Ms} ms: add ${settings.slowAdd}`,
      namespace: "AWS/ApplicationELB",
      metricName: "TargetResponseTime",
      dimensions: targets,
      extendedStatistic: "p95",
      period: 60,
      evaluationPeriods: 2,
      comparisonOperator: "GreaterThanThreshold",
      threshold: settings.slowP95Ms / 1_000,
      evaluateLowSampleCountPercentiles: "ignore",
      treatMissingData: "notBreaching",
      alarmActions: [step("scale-slow", settings.slowAdd).arn],
    },
    opts,
  );
  new aws.cloudwatch.MetricAlarm(
    `${prefix}-scale-idle`,
    {
      alarmDescription: `CPU under ${settings.idleCpuPercent} % for ${settings.idleMinutes} minutes: remove ${settings.idleRemove}`,
      metricQueries: [
        {
          id: "idle",
          label: "CPU (%), or 100 where the fleet is needed",
          expression: `IF(${rateOf("FILL(requests, 0)")} * instances / IF(instances > 1, instances - 1, 1) < ${
            settings.requestsPerTarget * idleMargin
          } AND FILL(p95, 0) <= ${settings.slowP95Ms / 1_000}, cpu, 100)`,
          returnData: true,
        },
        { id: "cpu", metric: groupMetric("AWS/EC2", "CPUUtilization") },
        { id: "instances", metric: groupMetric("AWS/AutoScaling", "GroupInServiceInstances") },
        { id: "requests", metric: requests },
        {
          id: "p95",
          metric: {
            namespace: "AWS/ApplicationELB",
            metricName: "TargetResponseTime",
            dimensions: targets,
            stat: "p95",
            period: 60,
          },
        },
      ],
      evaluationPeriods: settings.idleMinutes,
      comparisonOperator: "LessThanThreshold",
      threshold: settings.idleCpuPercent,
      treatMissingData: "notBreaching",
      alarmActions: [shrink.arn],
    },
    opts,
  );
}
