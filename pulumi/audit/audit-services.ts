import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Keeping } from "../data/keys.ts";
import { serviceRole } from "../iam.ts";
import { tellOfEvents } from "../observability/event-notice.ts";
import { Bucket } from "./bucket.ts";

/** AWS's own auditors of an account. Each account has one of each in a region. */

export interface RecorderArgs {
  prefix: string;
  accountId: pulumi.Input<string>;
  keeping: Keeping;
  keepDays: number;
}

/** Records what each resource was like, once a day, under the role that AWS keeps for it. */
export function recordConfiguration(args: RecorderArgs, opts: pulumi.ResourceOptions): void {
  const { prefix, accountId } = args;
  const principals = { Service: "config.amazonaws.com" };
  const conditions = { StringEquals: { "aws:SourceAccount": accountId } };
  const bucket = new Bucket(
    `${prefix}-config`,
    {
      keepDays: args.keepDays,
      objectLock: false,
      forceDestroy: !args.keeping.retainOnDelete,
      keeping: args.keeping,
      statements: (bucketArn) => [
        {
          sid: "ConfigFindsTheBucket",
          actions: ["s3:GetBucketAcl", "s3:ListBucket"],
          resources: [bucketArn],
          principals,
          conditions,
        },
        {
          sid: "ConfigWrites",
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${bucketArn}/AWSLogs/${accountId}/Config/*`],
          principals,
          conditions,
        },
      ],
    },
    opts,
  );
  const role = serviceRole(
    `${prefix}-config`,
    {
      service: "config.amazonaws.com",
      sourceAccount: accountId,
      managedPolicies: ["arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"],
      statements: [
        {
          sid: "Deliver",
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`arn:aws:s3:::${bucket.name}/AWSLogs/${accountId}/Config/*`],
        },
        {
          sid: "FindTheBucket",
          actions: ["s3:GetBucketAcl"],
          resources: [pulumi.interpolate`arn:aws:s3:::${bucket.name}`],
        },
      ],
    },
    opts,
  );
  const recorder = new aws.cfg.Recorder(
    prefix,
    {
      name: prefix,
      roleArn: role.arn,
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
      recordingMode: { recordingFrequency: "DAILY" },
    },
    opts,
  );
  const channel = new aws.cfg.DeliveryChannel(
    prefix,
    { name: prefix, s3BucketName: bucket.name },
    { ...opts, dependsOn: [recorder, bucket.policy] },
  );
  new aws.cfg.RecorderStatus(prefix, { name: recorder.name, isEnabled: true }, { ...opts, dependsOn: [channel] });
}

export interface SecurityHubArgs {
  prefix: string;
  region: string;
  topicArn: pulumi.Input<string>;
}

/** Checks the account by AWS's own standard, and tells of what is serious and new. */
export function securityHub({ prefix, region, topicArn }: SecurityHubArgs, opts: pulumi.ResourceOptions): void {
  const hub = new aws.securityhub.Account(
    prefix,
    { enableDefaultStandards: false, controlFindingGenerator: "SECURITY_CONTROL", autoEnableControls: true },
    opts,
  );
  new aws.securityhub.StandardsSubscription(
    `${prefix}-best-practices`,
    { standardsArn: `arn:aws:securityhub:${region}::standards/aws-foundational-security-best-practices/v/1.0.0` },
    { ...opts, dependsOn: [hub] },
  );
  const pattern = {
    source: ["aws.securityhub"],
    "detail-type": ["Security Hub Findings - Imported"],
    detail: {
      findings: {
        Severity: { Label: ["HIGH", "CRITICAL"] },
        Workflow: { Status: ["NEW"] },
        RecordState: ["ACTIVE"],
        // GuardDuty's are told of already.
        ProductName: [{ "anything-but": ["GuardDuty"] }],
      },
    },
  };
  const description = "Security Hub: new findings of high severity and above";
  tellOfEvents(`${prefix}-security-hub`, { description, pattern, topicArn }, opts);
}
