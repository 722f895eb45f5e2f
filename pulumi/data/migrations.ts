import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type ServiceRole, serviceRole } from "../iam.ts";

export interface MigrationsArgs {
  prefix: string;
  region: string;
  accountId: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
  subnetIds: pulumi.Input<string>[];
  serviceGroupId: pulumi.Input<string>;
  writerHost: pulumi.Input<string>;
  masterSecretArn: pulumi.Input<string>;
  userSecretArn: pulumi.Input<string>;
  secretsKeyArn: pulumi.Input<string>;
  logsKeyArn: pulumi.Input<string>;
  repositoryUrl: pulumi.Input<string>;
  repositoryArn: pulumi.Input<string>;
  logDays: number;
}

/**
 * Runs a release's migrations within the VPC and keeps the service's own database user in step with its secret. It
 * alone may read the master password: instances cannot. It wears the service's group, the only one the database admits.
 */
export class Migrations extends pulumi.ComponentResource {
  readonly projectName: pulumi.Output<string>;

  constructor(name: string, args: MigrationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Migrations", name, {}, opts);
    const { prefix } = args;
    const child = { parent: this };
    const group = new aws.cloudwatch.LogGroup(
      `${prefix}-migrations`,
      { name: `/paridad/${prefix}/migrations`, retentionInDays: args.logDays, kmsKeyId: args.logsKeyArn },
      child,
    );
    const role = this.role(args, group);
    const project = new aws.codebuild.Project(
      `${prefix}-migrate`,
      {
        name: `${prefix}-migrate`,
        description: "Migrates the database with the image given as IMAGE_DIGEST",
        serviceRole: role.arn,
        buildTimeout: 30,
        concurrentBuildLimit: 1,
        source: { type: "NO_SOURCE", buildspec: JSON.stringify(buildspec) },
        artifacts: { type: "NO_ARTIFACTS" },
        environment: {
          type: "LINUX_CONTAINER",
          computeType: "BUILD_GENERAL1_SMALL",
          image: "aws/codebuild/amazonlinux-x86_64-standard:5.0",
          // Docker within the build needs it; the build runs our own image and nothing from outside.
          privilegedMode: true,
          environmentVariables: Object.entries({
            REPOSITORY: args.repositoryUrl,
            WRITER_HOST: args.writerHost,
            MASTER_SECRET: args.masterSecretArn,
            USER_SECRET: args.userSecretArn,
          }).map(([variable, value]) => ({ name: variable, value })),
        },
        vpcConfig: { vpcId: args.vpcId, subnets: args.subnetIds, securityGroupIds: [args.serviceGroupId] },
        logsConfig: { cloudwatchLogs: { groupName: group.name }, s3Logs: { status: "DISABLED" } },
      },
      child,
    );
    this.projectName = project.name;
    this.registerOutputs({});
  }

  private role(args: MigrationsArgs, group: aws.cloudwatch.LogGroup): ServiceRole {
    const { prefix, region, accountId } = args;
    const networkInterfaces = pulumi.interpolate`arn:aws:ec2:${region}:${accountId}:network-interface/*`;
    return serviceRole(
      `${prefix}-migrate`,
      {
        service: "codebuild.amazonaws.com",
        sourceAccount: accountId,
        statements: [
          {
            sid: "ReadDatabaseSecrets",
            actions: ["secretsmanager:GetSecretValue"],
            resources: [args.masterSecretArn, args.userSecretArn],
          },
          {
            sid: "PromoteTheServicesPassword",
            actions: ["secretsmanager:DescribeSecret", "secretsmanager:UpdateSecretVersionStage"],
            resources: [args.userSecretArn],
          },
          { sid: "DecryptSecrets", actions: ["kms:Decrypt"], resources: [args.secretsKeyArn] },
          { sid: "RegistryLogIn", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
          {
            sid: "PullTheImage",
            actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
            resources: [args.repositoryArn],
          },
          {
            sid: "WriteLogs",
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [pulumi.interpolate`${group.arn}:*`],
          },
          {
            sid: "JoinTheVpc",
            actions: [
              "ec2:CreateNetworkInterface",
              "ec2:DescribeNetworkInterfaces",
              "ec2:DeleteNetworkInterface",
              "ec2:DescribeSubnets",
              "ec2:DescribeSecurityGroups",
              "ec2:DescribeDhcpOptions",
              "ec2:DescribeVpcs",
            ],
            resources: ["*"],
          },
          {
            sid: "LendTheInterface",
            actions: ["ec2:CreateNetworkInterfacePermission"],
            resources: [networkInterfaces],
            conditions: { StringEquals: { "ec2:AuthorizedService": "codebuild.amazonaws.com" } },
          },
        ],
      },
      { parent: this },
    );
  }
}

/**
 * A new password waits as the secret's pending version: the database learns it first, and only then do instances that
 * start read it. The password before stays valid until the next run (MySQL's dual passwords), so that instances started before a
 * rotation can still connect while they are replaced.
 */
const buildspec = {
  version: "0.2",
  env: { shell: "bash" },
  phases: {
    install: { commands: ["dnf install --quiet --assumeyes mariadb105 jq"] },
    build: {
      commands: [
        `set -euo pipefail
[[ "\${IMAGE_DIGEST:-}" =~ ^sha256:[0-9a-f]{64}$ ]] || { echo 'IMAGE_DIGEST must be sha256:…'; exit 1; }
umask 077
folder=$(mktemp --directory)
secret() { aws secretsmanager get-secret-value --secret-id "$1" --version-stage "$2" --query "$3" --output text; }
master=$(secret "$MASTER_SECRET" AWSCURRENT SecretString)
user=$(jq --raw-output .username <<<"$master")
MYSQL_PWD=$(jq --raw-output .password <<<"$master")
DATABASE_URL="mysql://$user:$(jq --raw-output '.password|@uri' <<<"$master")@$WRITER_HOST:3306/paridad"
export MYSQL_PWD DATABASE_URL
image="$REPOSITORY@$IMAGE_DIGEST"
aws ecr get-login-password | docker login --username AWS --password-stdin "\${REPOSITORY%%/*}"
docker run --rm --entrypoint cat "$image" database-ca.pem >"$folder/database-ca.pem"
docker run --rm --network host --read-only --tmpfs /tmp --env DATABASE_URL --env NODE_EXTRA_CA_CERTS=/app/database-ca.pem \\
  --entrypoint node "$image" migrate.mjs
stage=AWSCURRENT
if secret "$USER_SECRET" AWSPENDING VersionId >"$folder/pending" 2>/dev/null; then stage=AWSPENDING; fi
password=$(secret "$USER_SECRET" "$stage" SecretString | sed "s/'/''/g")
mysql --host="$WRITER_HOST" --user="$user" --ssl-ca="$folder/database-ca.pem" --ssl-verify-server-cert <<SQL
SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES');
CREATE USER IF NOT EXISTS 'paridad_app'@'%' IDENTIFIED BY '$password' REQUIRE SSL;
ALTER USER 'paridad_app'@'%' IDENTIFIED BY '$password' RETAIN CURRENT PASSWORD;
GRANT SELECT, INSERT, UPDATE ON paridad.* TO 'paridad_app'@'%';
REVOKE IF EXISTS DELETE ON paridad.* FROM 'paridad_app'@'%';
SQL
if [ "$stage" = AWSPENDING ]; then
  pending=$(cat "$folder/pending")
  current=$(secret "$USER_SECRET" AWSCURRENT VersionId)
  if [ "$pending" != "$current" ]; then
    aws secretsmanager update-secret-version-stage --secret-id "$USER_SECRET" --version-stage AWSCURRENT \\
      --move-to-version-id "$pending" --remove-from-version-id "$current"
  fi
  aws secretsmanager update-secret-version-stage --secret-id "$USER_SECRET" --version-stage AWSPENDING --remove-from-version-id "$pending"
fi`,
      ],
    },
  },
};
