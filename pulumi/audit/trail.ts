import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Keeping } from "../data/keys.ts";
import { type Statement, serviceRole } from "../iam.ts";
import { Bucket } from "./bucket.ts";
import { watchTrail } from "./trail-watch.ts";

export interface TrailArgs {
  prefix: string;
  region: string;
  accountId: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
  logsKeyArn: pulumi.Input<string>;
  logDays: number;
  /** Who hears of money and findings. */
  topicArn: pulumi.Input<string>;
  keeping: Keeping;
  settings: { trailDays: number; objectLock: boolean };
}

/** Who did what: every call that changes or reads something of the account, and every object read or written in its buckets. */
export function recordCalls(args: TrailArgs, opts: pulumi.ResourceOptions): void {
  const { prefix } = args;
  const bucket = trailBucket(args, opts);
  const logs = new aws.cloudwatch.LogGroup(
    `${prefix}-trail`,
    { name: `/paridad/${prefix}/trail`, retentionInDays: args.logDays, kmsKeyId: args.logsKeyArn },
    opts,
  );
  const role = serviceRole(
    `${prefix}-trail`,
    {
      service: "cloudtrail.amazonaws.com",
      statements: [
        {
          sid: "WriteTheTrail",
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [pulumi.interpolate`${logs.arn}:log-stream:*`],
        },
      ],
    },
    opts,
  );
  new aws.cloudtrail.Trail(
    prefix,
    {
      name: prefix,
      s3BucketName: bucket.name,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      enableLogging: true,
      kmsKeyId: args.keyArn,
      cloudWatchLogsGroupArn: pulumi.interpolate`${logs.arn}:*`,
      cloudWatchLogsRoleArn: role.arn,
      advancedEventSelectors: [
        { name: "Calls", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
        {
          // Pulumi's state among them. Not the trail's own: each delivery would be an event to deliver.
          name: "Objects of every other bucket",
          fieldSelectors: [
            { field: "eventCategory", equals: ["Data"] },
            { field: "resources.type", equals: ["AWS::S3::Object"] },
            { field: "resources.ARN", notStartsWiths: [pulumi.interpolate`arn:aws:s3:::${bucket.name}/`] },
          ],
        },
      ],
    },
    { ...opts, dependsOn: [bucket.policy] },
  );
  watchTrail({ prefix, logGroupName: logs.name, topicArn: args.topicArn }, opts);
}

function trailBucket(
  { prefix, region, accountId, keyArn, keeping, settings }: TrailArgs,
  opts: pulumi.ResourceOptions,
): Bucket {
  const trailArn = pulumi.interpolate`arn:aws:cloudtrail:${region}:${accountId}:trail/${prefix}`;
  const principals = { Service: "cloudtrail.amazonaws.com" };
  return new Bucket(
    `${prefix}-trail`,
    {
      kmsKeyArn: keyArn,
      keepDays: settings.trailDays,
      objectLock: settings.objectLock,
      forceDestroy: !settings.objectLock,
      keeping,
      statements: (bucketArn): Statement[] => [
        {
          sid: "TrailReadsAcl",
          actions: ["s3:GetBucketAcl"],
          resources: [bucketArn],
          principals,
          conditions: { StringEquals: { "aws:SourceArn": trailArn } },
        },
        {
          sid: "TrailWrites",
          actions: ["s3:PutObject"],
          resources: [pulumi.interpolate`${bucketArn}/AWSLogs/${accountId}/*`],
          principals,
          conditions: {
            StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": trailArn },
          },
        },
      ],
    },
    opts,
  );
}
