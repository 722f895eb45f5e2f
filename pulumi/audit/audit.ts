import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config.ts";
import { tellOfEvents } from "../observability/event-notice.ts";
import { recordConfiguration, securityHub } from "./audit-services.ts";
import { recordCalls, type TrailArgs } from "./trail.ts";

export interface AuditArgs extends TrailArgs {
  stack: string;
  settings: Settings["audit"];
}

/** Who did what, what looks wrong, and what it costs. */
export class Audit extends pulumi.ComponentResource {
  constructor(name: string, args: AuditArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Audit", name, {}, opts);
    const { prefix, settings } = args;
    const child = { parent: this };
    if (settings.trail) recordCalls(args, child);
    if (settings.guardDuty) {
      new aws.guardduty.Detector(prefix, { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES" }, child);
      const description = "GuardDuty findings of medium severity and above";
      const pattern = {
        source: ["aws.guardduty"],
        "detail-type": ["GuardDuty Finding"],
        detail: { severity: [{ numeric: [">=", 4] }] },
      };
      tellOfEvents(`${prefix}-findings`, { description, pattern, topicArn: args.topicArn }, child);
    }
    if (settings.inspector) {
      // Instances are read without an agent: the account's IAM opens the volumes' key to the role that Inspector keeps.
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
}
