import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config.ts";
import { serviceRole } from "../iam.ts";
import { BackupProof } from "./backup-proof.ts";
import type { Keeping } from "./keys.ts";

export interface BackupArgs {
  prefix: string;
  accountId: pulumi.Input<string>;
  recoveryRegion: string;
  dataKeyArn: pulumi.Input<string>;
  recoveryKeyArn: pulumi.Input<string>;
  clusterArn: pulumi.Input<string>;
  region: string;
  logsKeyArn: pulumi.Input<string>;
  logDays: number;
  subnetGroupName: pulumi.Input<string>;
  securityGroupId: pulumi.Input<string>;
  keeping: Keeping;
  settings: Settings["backup"];
}

/**
 * Snapshots of the database in a vault here and, copied, in a vault of a second region under a key of its own.
 * They guard against the loss of the region or of the cluster; for everything less there is point-in-time recovery.
 */
export class Backup extends pulumi.ComponentResource {
  readonly recoveryVaultName: pulumi.Output<string>;

  constructor(name: string, args: BackupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Backup", name, {}, opts);
    const { prefix, settings } = args;
    const child = { parent: this };
    const kept = { parent: this, ...args.keeping };
    const forceDestroy = !args.keeping.retainOnDelete;

    const optIns = [args.region, args.recoveryRegion].map((region) =>
      auroraOptIn(`${prefix}-opt-in-${region}`, region, child),
    );
    // Pulumi completes the names: a vault that a destroy left does not stand in the way of the next stack's.
    const vault = new aws.backup.Vault(`${prefix}-backups`, { kmsKeyArn: args.dataKeyArn, forceDestroy }, kept);
    const recoveryVault = new aws.backup.Vault(
      `${prefix}-recovery`,
      { kmsKeyArn: args.recoveryKeyArn, region: args.recoveryRegion, forceDestroy },
      kept,
    );
    this.recoveryVaultName = recoveryVault.name;
    // Governance mode: nobody shortens a copy's life by mistake or with stolen ordinary rights.
    new aws.backup.VaultLockConfiguration(
      `${prefix}-recovery-lock`,
      {
        backupVaultName: recoveryVault.name,
        minRetentionDays: settings.hourlyKeepDays,
        maxRetentionDays: 366,
        region: args.recoveryRegion,
      },
      kept,
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
      { parent: this, dependsOn: optIns },
    );
    new BackupProof(
      "backup-proof",
      {
        prefix,
        accountId: args.accountId,
        region: args.region,
        logsKeyArn: args.logsKeyArn,
        logDays: args.logDays,
        vaultArn: vault.arn,
        clusterArn: args.clusterArn,
        roleArn: role.arn,
        subnetGroupName: args.subnetGroupName,
        securityGroupId: args.securityGroupId,
      },
      child,
    );
    this.registerOutputs({});
  }
}

/**
 * AWS Backup makes no copy of Aurora in a region that has not opted in, named or not, and says nothing. The setting is
 * the account's: what other services it names is left as it is, and a destroy leaves it on.
 */
function auroraOptIn(name: string, region: string, opts: pulumi.CustomResourceOptions): aws.backup.RegionSettings {
  return new aws.backup.RegionSettings(
    name,
    { region, resourceTypeOptInPreference: { Aurora: true } },
    { ...opts, ignoreChanges: ["resourceTypeOptInPreference"] },
  );
}
