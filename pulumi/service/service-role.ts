import * as pulumi from "@pulumi/pulumi";
import { type ServiceRole, type Statement, serviceRole } from "../iam.ts";

export interface ServiceRoleArgs {
  prefix: string;
  region: string;
  accountId: pulumi.Input<string>;
  groupName: string;
  repositoryArn: pulumi.Input<string>;
  secretArns: pulumi.Input<string>[];
  secretsKeyArn: pulumi.Input<string>;
  logGroupArns: pulumi.Input<string>[];
}

/**
 * What an instance may do: pull this image, read these secrets, write these log groups, send traces and its own
 * metrics, and be reached through Session Manager. The actions that AWS offers for no resource in particular
 * (registry log-in, traces, agent messages) are named one by one.
 */
export function instanceRole(args: ServiceRoleArgs, opts: pulumi.ResourceOptions): ServiceRole {
  return serviceRole(`${args.prefix}-origin`, { service: "ec2.amazonaws.com", statements: statements(args) }, opts);
}

function statements(args: ServiceRoleArgs): Statement[] {
  return [
    { sid: "RegistryLogIn", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    {
      sid: "PullTheImage",
      actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
      resources: [args.repositoryArn],
    },
    { sid: "ReadSecrets", actions: ["secretsmanager:GetSecretValue"], resources: args.secretArns },
    {
      sid: "DecryptSecrets",
      actions: ["kms:Decrypt"],
      resources: [args.secretsKeyArn],
      conditions: { StringEquals: { "kms:ViaService": `secretsmanager.${args.region}.amazonaws.com` } },
    },
    {
      sid: "WriteLogs",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      resources: args.logGroupArns.map((arn) => pulumi.interpolate`${arn}:*`),
    },
    // Session Manager looks whether the group is there and encrypted before it opens a shell.
    { sid: "FindLogGroups", actions: ["logs:DescribeLogGroups"], resources: ["*"] },
    {
      sid: "HostMetrics",
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      conditions: { StringEquals: { "cloudwatch:namespace": "Paridad/Host" } },
    },
    {
      sid: "Traces",
      actions: [
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
      ],
      resources: ["*"],
    },
    {
      sid: "DescribeItself",
      actions: ["ec2:DescribeTags"],
      resources: ["*"],
    },
    {
      sid: "SayHowItIs",
      actions: ["autoscaling:CompleteLifecycleAction", "autoscaling:SetInstanceHealth"],
      resources: [
        pulumi.interpolate`arn:aws:autoscaling:${args.region}:${args.accountId}:autoScalingGroup:*:autoScalingGroupName/${args.groupName}`,
      ],
    },
    {
      sid: "SessionManager",
      actions: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      resources: ["*"],
    },
  ];
}
