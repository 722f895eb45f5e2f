import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config.ts";
import type { Keeping } from "../data/keys.ts";
import type { Statement } from "../iam.ts";
import { recordConfiguration, securityHub } from "./audit-services.ts";
import { Bucket } from "./bucket.ts";

export interface AuditArgs {
  prefix: string;
  stack: string;
  region: string;
  accountId: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
  /** Who hears of money and findings. */
  topicArn: pulumi.Input<string>;
  keeping: Keeping;
  settings: Settings["audit"];
}

/** Who did what, what looks wrong, and what it costs. */
export class Audit extends pulumi.ComponentResource {
  constructor(name: string, args: AuditArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Audit", name, {}, opts);
    const { prefix, settings } = args;
    const child = { parent: this };
    if (settings.trail) this.trail(args);
    if (settings.guardDuty) {
      new aws.guardduty.Detector(prefix, { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES" }, child);
      this.forwardFindings(args);
    }
    if (settings.inspector) {
      new aws.inspector2.Enabler(prefix, { accountIds: [args.accountId], resourceTypes: ["EC2", "ECR"] }, child);
    }
    if (settings.recorder) recordConfiguration({ ...args, keepDays: settings.trailDays }, child);
    if (settings.securityHub) securityHub(args, child);
    new aws.accessanalyzer.Analyzer(prefix, { analyzerName: prefix, type: "ACCOUNT" }, child);
    new aws.budgets.Budget(
      `${prefix}-monthly`,
      {
        name: `${prefix}-monthly`,
        budgetType: "COST",
        timeUnit: "MONTHLY",
        limitAmount: settings.monthlyBudgetUsd.toFixed(2),
        limitUnit: "USD",
        costFilters: [{ name: "TagKeyValue", values: [`user:Stack$${args.stack}`] }],
        notifications: [
          { notificationType: "ACTUAL", threshold: 80 },
          { notificationType: "ACTUAL", threshold: 100 },
          { notificationType: "FORECASTED", threshold: 100 },
        ].map((notification) => ({
          ...notification,
          thresholdType: "PERCENTAGE",
          comparisonOperator: "GREATER_THAN",
          subscriberSnsTopicArns: [args.topicArn],
        })),
      },
      child,
    );
    this.registerOutputs({});
  }

  private trail({ prefix, region, accountId, keyArn, keeping, settings }: AuditArgs): void {
    const trailArn = pulumi.interpolate`arn:aws:cloudtrail:${region}:${accountId}:trail/${prefix}`;
    const principals = { Service: "cloudtrail.amazonaws.com" };
    const bucket = new Bucket(
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
      { parent: this },
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
        kmsKeyId: keyArn,
      },
      { parent: this, dependsOn: [bucket.policy] },
    );
  }

  private forwardFindings({ prefix, topicArn }: AuditArgs): void {
    const rule = new aws.cloudwatch.EventRule(
      `${prefix}-findings`,
      {
        description: "GuardDuty findings of medium severity and above",
        eventPattern: JSON.stringify({
          source: ["aws.guardduty"],
          "detail-type": ["GuardDuty Finding"],
          detail: { severity: [{ numeric: [">=", 4] }] },
        }),
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(`${prefix}-findings`, { rule: rule.name, arn: topicArn }, { parent: this });
  }
}
