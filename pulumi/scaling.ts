import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./config.ts";

export interface ScalingArgs {
  prefix: string;
  groupName: pulumi.Input<string>;
  balancer: aws.lb.LoadBalancer;
  targetGroup: aws.lb.TargetGroup;
  settings: Settings["service"]["scaling"];
}

/** The three rules that change the number of instances, each an alarm and the step that it takes. */
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
        stepAdjustments: [
          instances > 0
            ? { scalingAdjustment: instances, metricIntervalLowerBound: "0" }
            : { scalingAdjustment: instances, metricIntervalUpperBound: "0" },
        ],
      },
      opts,
    );
  const targets = {
    LoadBalancer: args.balancer.arnSuffix,
    TargetGroup: args.targetGroup.arnSuffix,
  };

  // CloudWatch counts requests a minute; the rule is in requests a second unless the stack says otherwise.
  const perTarget =
    settings.requestsPer === "second" ? "requests / PERIOD(requests)" : "requests * 60 / PERIOD(requests)";
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
          metric: {
            namespace: "AWS/ApplicationELB",
            metricName: "RequestCountPerTarget",
            dimensions: { TargetGroup: args.targetGroup.arnSuffix },
            stat: "Sum",
            period: 60,
          },
        },
        { id: "rate", expression: perTarget, label: `Requests a ${settings.requestsPer} per target`, returnData: true },
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
      namespace: "AWS/EC2",
      metricName: "CPUUtilization",
      dimensions: { AutoScalingGroupName: args.groupName },
      statistic: "Average",
      period: 60,
      evaluationPeriods: settings.idleMinutes,
      comparisonOperator: "LessThanThreshold",
      threshold: settings.idleCpuPercent,
      treatMissingData: "notBreaching",
      alarmActions: [step("scale-idle", -settings.idleRemove).arn],
    },
    opts,
  );
}
