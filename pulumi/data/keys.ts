import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../iam.ts";
import { alarmSenders } from "../observability/alarm-senders.ts";

export interface KeysArgs {
  prefix: string;
  accountId: pulumi.Input<string>;
  region: string;
  /** Where copies go; undefined: nowhere. */
  recoveryRegion: string | undefined;
  keeping: Keeping;
}

/** How hard it is to lose what holds data: refused by Pulumi, and left behind by a destroy. */
export interface Keeping {
  protect: boolean;
  retainOnDelete: boolean;
}

/** The customer-managed keys, one for each kind of data, so that access to one kind never opens another. */
export class Keys extends pulumi.ComponentResource {
  /** Aurora's storage, its snapshots and Performance Insights. */
  readonly data: aws.kms.Key;
  readonly secrets: aws.kms.Key;
  readonly logs: aws.kms.Key;
  /** The audit trail. */
  readonly audit: aws.kms.Key;
  readonly images: aws.kms.Key;
  /** The instances' volumes. */
  readonly disks: aws.kms.Key;
  /** SNS topics. */
  readonly messages: aws.kms.Key;
  /** In the recovery region: copies of the database and replicas of secrets. */
  readonly recovery: aws.kms.Key | undefined;

  constructor(name: string, args: KeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Keys", name, {}, opts);
    const { prefix, accountId, region } = args;
    const key = (use: string, description: string, statements: Statement[] = []) =>
      customerKey(`${prefix}-${use}`, { description, accountId, statements, keeping: args.keeping }, { parent: this });

    this.data = key("data", "Database storage, snapshots and Performance Insights");
    this.secrets = key("secrets", "Secrets Manager");
    this.images = key("images", "Container images");
    this.disks = key("disks", "Volumes of instances", volumesOfTheFleet(accountId));
    this.logs = key("logs", "Log groups", [
      {
        sid: "LogGroupsOfThisStack",
        actions: useActions,
        resources: ["*"],
        principals: { Service: `logs.${region}.amazonaws.com` },
        conditions: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": pulumi.all(
              [`/paridad/${prefix}/*`, `/aws/rds/cluster/${prefix}/*`, `aws-waf-logs-${prefix}`].map(
                (group) => pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:${group}`,
              ),
            ),
          },
        },
      },
    ]);
    this.audit = key("audit", "Audit trail", [
      {
        sid: "TrailOfThisStack",
        // A bucket with a bucket key: CloudTrail decrypts the bucket's key before it writes under it.
        actions: ["kms:GenerateDataKey", "kms:Decrypt", "kms:DescribeKey"],
        resources: ["*"],
        principals: { Service: "cloudtrail.amazonaws.com" },
        conditions: {
          StringEquals: {
            "aws:SourceArn": pulumi.interpolate`arn:aws:cloudtrail:${region}:${accountId}:trail/${prefix}`,
          },
        },
      },
    ]);
    const publish = { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: ["*"] };
    this.messages = key("messages", "Alarm topics", alarmSenders(publish, accountId, "key"));
    this.recovery =
      args.recoveryRegion === undefined
        ? undefined
        : customerKey(
            `${prefix}-recovery`,
            {
              description: "Copies of the database and of secrets in the recovery region",
              accountId,
              region: args.recoveryRegion,
              keeping: args.keeping,
            },
            { parent: this },
          );
    this.registerOutputs({});
  }
}

/** Auto Scaling starts the instances under the role that AWS keeps for it, whose own policy reaches no customer's key. */
function volumesOfTheFleet(accountId: pulumi.Input<string>): Statement[] {
  const role = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
  const principals = { AWS: pulumi.interpolate`arn:aws:iam::${accountId}:${role}` };
  return [
    { sid: "VolumesOfTheFleet", actions: useActions, resources: ["*"], principals },
    {
      sid: "VolumesStayAttached",
      actions: ["kms:CreateGrant"],
      resources: ["*"],
      principals,
      conditions: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

const useActions = [
  "kms:Encrypt",
  "kms:Decrypt",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:DescribeKey",
];

/** What the account's own IAM policies can grant on a key: each action by name, so that nothing is granted unread. */
const accountActions = [
  ...useActions,
  "kms:CreateGrant",
  "kms:ListGrants",
  "kms:RevokeGrant",
  "kms:RetireGrant",
  "kms:GetKeyPolicy",
  "kms:PutKeyPolicy",
  "kms:ListKeyPolicies",
  "kms:GetKeyRotationStatus",
  "kms:EnableKeyRotation",
  "kms:DisableKeyRotation",
  "kms:ListKeyRotations",
  "kms:RotateKeyOnDemand",
  "kms:EnableKey",
  "kms:DisableKey",
  "kms:UpdateKeyDescription",
  "kms:ListResourceTags",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:CreateAlias",
  "kms:UpdateAlias",
  "kms:DeleteAlias",
  "kms:ScheduleKeyDeletion",
  "kms:CancelKeyDeletion",
];

export interface CustomerKeyArgs {
  description: string;
  accountId: pulumi.Input<string>;
  keeping: Keeping;
  statements?: Statement[];
  region?: string;
}

/** A rotating key with an alias. In a key's own policy the resource `*` means this key alone. */
export function customerKey(name: string, args: CustomerKeyArgs, opts: pulumi.ResourceOptions): aws.kms.Key {
  const key = new aws.kms.Key(
    name,
    {
      description: args.description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      region: args.region,
      policy: policyDocument([
        {
          sid: "AccountDelegatesByIam",
          actions: accountActions,
          resources: ["*"],
          principals: { AWS: pulumi.interpolate`arn:aws:iam::${args.accountId}:root` },
        },
        ...(args.statements ?? []),
      ]),
    },
    { ...opts, ...args.keeping },
  );
  new aws.kms.Alias(`${name}-alias`, { name: `alias/${name}`, targetKeyId: key.keyId, region: args.region }, opts);
  return key;
}
