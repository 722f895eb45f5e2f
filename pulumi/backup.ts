import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./config.ts";
import { serviceRole } from "./iam.ts";
import { customerKey } from "./keys.ts";

export interface BackupArgs {
  prefix: string;
  accountId: pulumi.Input<string>;
  recoveryRegion: string;
  dataKeyArn: pulumi.Input<string>;
  clusterArn: pulumi.Input<string>;
  settings: Settings["backup"];
}

/**
 * Snapshots of the database in a vault here and, copied, in a vault of a second region under a key of its own.
 * They guard against the loss of the region or of the cluster; for everything less there is point-in-time recovery.
 */
export class Backup extends pulumi.ComponentResource {
  constructor(name: string, args: BackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Backup", name, {}, opts);
    const { prefix, settings } = args;
    const child = { parent: this };

    const recoveryKey = customerKey(
      `${prefix}-recovery`,
      { description: "Database copies in the recovery region", accountId: args.accountId, region: args.recoveryRegion },
      child,
    );
    const vault = new aws.backup.Vault(`${prefix}-backups`, { name: prefix, kmsKeyArn: args.dataKeyArn }, child);
    const recoveryVault = new aws.backup.Vault(
      `${prefix}-recovery`,
      { name: `${prefix}-recovery`, kmsKeyArn: recoveryKey.arn, region: args.recoveryRegion },
      child,
    );
    // Governance mode: nobody shortens a copy's life by mistake or with stolen ordinary rights.
    new aws.backup.VaultLockConfiguration(
      `${prefix}-recovery-lock`,
      { backupVaultName: recoveryVault.name, minRetentionDays: 1, maxRetentionDays: 366, region: args.recoveryRegion },
      child,
    );
    const rule = (ruleName: string, schedule: string, keepDays: number) => ({
      ruleName,
      targetVaultName: vault.name,
      schedule,
      startWindow: 60,
      completionWindow: 180,
      lifecycle: { deleteAfter: keepDays },
      copyActions: [{ destinationVaultArn: recoveryVault.arn, lifecycle: { deleteAfter: keepDays } }],
    });
    const plan = new aws.backup.Plan(
      `${prefix}-database`,
      {
        rules: [
          rule("hourly", "cron(15 * * * ? *)", settings.hourlyKeepDays),
          rule("daily", "cron(45 8 * * ? *)", settings.dailyKeepDays),
        ],
      },
      child,
    );
    const role = serviceRole(
      `${prefix}-backup`,
      {
        service: "backup.amazonaws.com",
        managedPolicies: [
          "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
          "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores",
        ],
      },
      child,
    );
    new aws.backup.Selection(
      `${prefix}-database`,
      { planId: plan.id, iamRoleArn: role.arn, resources: [args.clusterArn] },
      child,
    );
    this.registerOutputs({});
  }
}
