import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** The role of the workflows (pulumi/roles): what it changes, a merged commit says. */
const deployRole = "paridad-deploy";

const session = "$.userIdentity.sessionContext.sessionIssuer.userName";
const bySomebodyElse = `((${session} NOT EXISTS) || (${session} != "${deployRole}"))`;

interface Watched {
  title: string;
  pattern: string;
  /** How many within five minutes; one, unless it happens by itself now and then. */
  count?: number;
}

/** What is worth a person's look in the trail of an account that only workflows change. */
export const watched: Record<string, Watched> = {
  rootUsed: {
    title: "the account's root user was used",
    pattern:
      '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") }',
  },
  signInWithoutMfa: {
    title: "a user signed in without a second factor",
    pattern:
      '{ ($.eventName = "ConsoleLogin") && ($.userIdentity.type = "IAMUser") && ($.additionalEventData.MFAUsed != "Yes") && ($.responseElements.ConsoleLogin = "Success") }',
  },
  callsRefused: {
    title: "many calls were refused",
    pattern: '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    count: 20,
  },
  rightsChanged: {
    title: "rights were changed by hand",
    pattern: changes("iam", ["Add*", "Attach*", "Create*", "Delete*", "Detach*", "Put*", "Set*", "Update*"]),
  },
  networkChanged: {
    title: "the network was changed by hand",
    pattern: changes("ec2", [
      "AuthorizeSecurityGroup*",
      "RevokeSecurityGroup*",
      "ModifySecurityGroupRules",
      "ModifyManagedPrefixList",
      "CreateNetworkAcl*",
      "ReplaceNetworkAcl*",
      "DeleteNetworkAcl*",
      "CreateRoute*",
      "ReplaceRoute*",
      "DeleteRoute*",
      "AttachInternetGateway",
      "CreateVpcPeeringConnection",
    ]),
  },
  bucketOpened: {
    title: "a bucket's policy was changed by hand",
    pattern: changes("s3", [
      "PutBucketPolicy",
      "DeleteBucketPolicy",
      "PutBucketAcl",
      "PutBucketPublic*",
      "DeleteBucketPublic*",
    ]),
  },
  recordStopped: {
    title: "the trail or the recorder was changed or stopped",
    pattern: `{ ${either(["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "StopConfigurationRecorder", "DeleteConfigurationRecorder"])} && ${bySomebodyElse} }`,
  },
  keyEnding: {
    title: "a key was disabled or is to be deleted",
    pattern: `{ ($.eventSource = "kms.amazonaws.com") && ${either(["DisableKey", "ScheduleKeyDeletion"])} }`,
  },
};

function changes(service: string, names: string[]): string {
  return `{ ($.eventSource = "${service}.amazonaws.com") && ${either(names)} && ${bySomebodyElse} }`;
}

function either(names: string[]): string {
  return `(${names.map((name) => `($.eventName = "${name}")`).join(" || ")})`;
}

export interface TrailWatchArgs {
  prefix: string;
  logGroupName: pulumi.Input<string>;
  topicArn: pulumi.Input<string>;
}

/** Counts in the trail what nobody should do by hand, and alarms at once. */
export function watchTrail(args: TrailWatchArgs, opts: pulumi.ResourceOptions): void {
  for (const [name, { title, pattern, count = 1 }] of Object.entries(watched)) {
    const metric = { name, namespace: `Paridad/Trail/${args.prefix}` };
    new aws.cloudwatch.LogMetricFilter(
      `${args.prefix}-${name}`,
      { logGroupName: args.logGroupName, pattern, metricTransformation: { ...metric, value: "1" } },
      opts,
    );
    new aws.cloudwatch.MetricAlarm(
      `${args.prefix}-${name}`,
      {
        name: `${args.prefix}-${name}`,
        alarmDescription: `${title}: see the log group of the trail, and docs/runbooks/README.md`,
        namespace: metric.namespace,
        metricName: metric.name,
        statistic: "Sum",
        period: 300,
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: count,
        treatMissingData: "notBreaching",
        alarmActions: [args.topicArn],
      },
      opts,
    );
  }
}
