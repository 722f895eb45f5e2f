import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../iam.ts";
import { countEvents, eventNamespace } from "../observability/observability.ts";

export interface BackupProofArgs {
  prefix: string;
  accountId: pulumi.Input<string>;
  region: string;
  logsKeyArn: pulumi.Input<string>;
  logDays: number;
  /** Whose copies are restored to see whether they can be. */
  vaultArn: pulumi.Input<string>;
  clusterArn: pulumi.Input<string>;
  roleArn: pulumi.Input<string>;
  /** Where a restored cluster stands for an hour: where the real one does. */
  subnetGroupName: pulumi.Input<string>;
  securityGroupId: pulumi.Input<string>;
}

const jobEvents = ["Backup Job State Change", "Copy Job State Change", "Restore Job State Change"];

/** Counted from the events of AWS Backup: its own metrics do not say which copies were never begun. */
export const backupMetrics = {
  copiesCompleted: {
    name: "CopiesCompleted",
    pattern: '{ $.detail-type = "Copy Job State Change" && $.detail.state = "COMPLETED" }',
    value: "1",
    unit: "Count",
  },
  restoresCompleted: {
    name: "RestoresCompleted",
    pattern: '{ $.detail-type = "Restore Job State Change" && $.detail.status = "COMPLETED" }',
    value: "1",
    unit: "Count",
  },
  backupProblems: {
    name: "BackupProblems",
    pattern:
      '{ $.detail.state = "FAILED" || $.detail.state = "EXPIRED" || $.detail.state = "ABORTED" || $.detail.status = "FAILED" || $.detail.status = "ABORTED" }',
    value: "1",
    unit: "Count",
  },
} as const;

/** Shows that there are copies and that they can be restored: twice a day one is, and every job is counted. */
export class BackupProof extends pulumi.ComponentResource {
  constructor(name: string, args: BackupProofArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:BackupProof", name, {}, opts);
    const { prefix } = args;
    const child = { parent: this };
    this.countJobs(args);
    // Letters, digits and underscores only.
    const testName = "paridad_restore_test";
    const plan = new aws.backup.RestoreTestingPlan(
      `${prefix}-restore-test`,
      {
        name: testName,
        scheduleExpression: "cron(0 4,16 * * ? *)",
        startWindowHours: 1,
        recoveryPointSelection: {
          algorithm: "LATEST_WITHIN_WINDOW",
          includeVaults: [args.vaultArn],
          recoveryPointTypes: ["SNAPSHOT"],
          selectionWindowDays: 1,
        },
      },
      child,
    );
    new aws.backup.RestoreTestingSelection(
      `${prefix}-restore-test`,
      {
        name: testName,
        restoreTestingPlanName: plan.name,
        protectedResourceType: "Aurora",
        protectedResourceArns: [args.clusterArn],
        iamRoleArn: args.roleArn,
        // Without these AWS restores into the account's default VPC, which a careful account has not.
        restoreMetadataOverrides: {
          dbSubnetGroupName: args.subnetGroupName,
          vpcSecurityGroupIds: pulumi.jsonStringify([args.securityGroupId]),
        },
        validationWindowHours: 1,
      },
      child,
    );
    this.registerOutputs({});
  }

  private countJobs({ prefix, accountId, region, logsKeyArn, logDays }: BackupProofArgs): void {
    const child = { parent: this };
    const group = new aws.cloudwatch.LogGroup(
      `${prefix}-backup-jobs`,
      { name: `/paridad/${prefix}/backup-jobs`, retentionInDays: logDays, kmsKeyId: logsKeyArn },
      child,
    );
    const rule = new aws.cloudwatch.EventRule(
      `${prefix}-backup-jobs`,
      {
        description: "Every change of a backup, copy or restore job",
        eventPattern: JSON.stringify({ source: ["aws.backup"], "detail-type": jobEvents }),
      },
      child,
    );
    const permission = new aws.cloudwatch.LogResourcePolicy(
      `${prefix}-backup-jobs`,
      {
        policyName: `${prefix}-backup-jobs`,
        policyDocument: policyDocument([
          {
            sid: "EventsWriteJobs",
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [
              pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:/paridad/${prefix}/backup-jobs:*`,
            ],
            principals: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
          },
        ]),
      },
      child,
    );
    new aws.cloudwatch.EventTarget(
      `${prefix}-backup-jobs`,
      { rule: rule.name, arn: group.arn },
      { parent: this, dependsOn: [permission] },
    );
    countEvents(`${prefix}-`, group.name, eventNamespace(prefix), Object.values(backupMetrics), child);
  }
}
