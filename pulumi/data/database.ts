import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config.ts";
import { serviceRole } from "../iam.ts";

export interface DatabaseArgs {
  prefix: string;
  accountId: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
  subnetIds: pulumi.Input<string>[];
  zones: string[];
  /** The only group that may connect. */
  serviceGroupId: pulumi.Input<string>;
  dataKeyArn: pulumi.Input<string>;
  secretsKeyArn: pulumi.Input<string>;
  logsKeyArn: pulumi.Input<string>;
  logDays: number;
  settings: Settings["database"];
}

const port = 3306;
const exportedLogs = ["audit", "error", "slowquery"];

/** Aurora MySQL, Serverless v2: a writer and its readers, in subnets that lead nowhere. */
export class Database extends pulumi.ComponentResource {
  readonly cluster: aws.rds.Cluster;
  readonly securityGroupId: pulumi.Output<string>;
  readonly masterSecretArn: pulumi.Output<string>;
  readonly subnetGroupName: pulumi.Output<string>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Database", name, {}, opts);
    const { prefix, settings } = args;
    const child = { parent: this };

    const group = new aws.ec2.SecurityGroup(
      `${prefix}-database`,
      { vpcId: args.vpcId, description: "Aurora: MySQL from the service alone", tags: { Name: `${prefix}-database` } },
      child,
    );
    this.securityGroupId = group.id;
    new aws.vpc.SecurityGroupIngressRule(
      `${prefix}-database-from-service`,
      {
        securityGroupId: group.id,
        referencedSecurityGroupId: args.serviceGroupId,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        description: "MySQL from the service",
      },
      child,
    );

    const subnetGroup = new aws.rds.SubnetGroup(`${prefix}-database`, { subnetIds: args.subnetIds }, child);
    this.subnetGroupName = subnetGroup.name;
    const logGroups = exportedLogs.map(
      (log) =>
        new aws.cloudwatch.LogGroup(
          `${prefix}-database-${log}`,
          {
            name: `/aws/rds/cluster/${prefix}/${log}`,
            retentionInDays: args.logDays,
            kmsKeyId: args.logsKeyArn,
          },
          child,
        ),
    );

    this.cluster = new aws.rds.Cluster(
      `${prefix}-database`,
      {
        clusterIdentifier: prefix,
        engine: "aurora-mysql",
        engineVersion: settings.engineVersion,
        snapshotIdentifier: settings.snapshot,
        databaseName: "paridad",
        port,
        masterUsername: "paridad_admin",
        // RDS makes, keeps and rotates the password: it is never in Pulumi's state.
        manageMasterUserPassword: true,
        masterUserSecretKmsKeyId: args.secretsKeyArn,
        dbSubnetGroupName: subnetGroup.name,
        vpcSecurityGroupIds: [group.id],
        dbClusterParameterGroupName: this.parameterGroup(args).name,
        serverlessv2ScalingConfiguration: { minCapacity: settings.minAcu, maxCapacity: settings.maxAcu },
        storageEncrypted: true,
        kmsKeyId: args.dataKeyArn,
        backupRetentionPeriod: settings.backupDays,
        preferredBackupWindow: "08:00-08:30",
        preferredMaintenanceWindow: "sun:09:00-sun:10:00",
        copyTagsToSnapshot: true,
        deletionProtection: settings.protect,
        skipFinalSnapshot: !settings.finalSnapshot,
        deleteAutomatedBackups: !settings.finalSnapshot,
        finalSnapshotIdentifier: `${prefix}-final`,
        enabledCloudwatchLogsExports: exportedLogs,
        applyImmediately: false,
      },
      // RDS would make the log groups itself, unencrypted and kept for ever, if they were not there first.
      { parent: this, protect: settings.protect, dependsOn: logGroups, ignoreChanges: ["snapshotIdentifier"] },
    );
    this.masterSecretArn = this.cluster.masterUserSecrets.apply((secrets) => secrets[0]?.secretArn ?? "");
    this.instances(args, subnetGroup);
    this.registerOutputs({});
  }

  private parameterGroup({ prefix, settings }: DatabaseArgs): aws.rds.ClusterParameterGroup {
    const parameters: Record<string, string> = {
      require_secure_transport: "ON",
      tls_version: "TLSv1.2,TLSv1.3",
      time_zone: "UTC",
      character_set_server: "utf8mb4",
      collation_server: "utf8mb4_0900_ai_ci",
      slow_query_log: "1",
      long_query_time: String(settings.slowQuerySeconds),
      log_output: "FILE",
      innodb_print_all_deadlocks: "1",
      server_audit_logging: "1",
      server_audit_events: "CONNECT,QUERY_DCL,QUERY_DDL",
    };
    return new aws.rds.ClusterParameterGroup(
      `${prefix}-database`,
      {
        family: "aurora-mysql8.0",
        description: "UTC, TLS only, slow queries and deadlocks logged, logins and schema changes audited",
        parameters: Object.entries(parameters).map(([name, value]) => ({ name, value, applyMethod: "pending-reboot" })),
      },
      { parent: this },
    );
  }

  private instances(args: DatabaseArgs, subnetGroup: aws.rds.SubnetGroup): void {
    const { prefix, settings } = args;
    const monitoringRole = serviceRole(
      `${prefix}-database-monitoring`,
      {
        service: "monitoring.rds.amazonaws.com",
        sourceAccount: args.accountId,
        managedPolicies: ["arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"],
      },
      { parent: this },
    );
    let writer: aws.rds.ClusterInstance | undefined;
    for (let index = 0; index <= settings.readers; index++) {
      const role = index === 0 ? "writer" : `reader-${index}`;
      const instance: aws.rds.ClusterInstance = new aws.rds.ClusterInstance(
        `${prefix}-database-${role}`,
        {
          identifier: `${prefix}-${role}`,
          clusterIdentifier: this.cluster.id,
          engine: "aurora-mysql",
          engineVersion: settings.engineVersion,
          instanceClass: "db.serverless",
          availabilityZone: args.zones[index % args.zones.length],
          dbSubnetGroupName: subnetGroup.name,
          publiclyAccessible: false,
          // The first reader keeps the writer's capacity, so that a fail-over does not start cold.
          promotionTier: Math.min(index, 15),
          caCertIdentifier: "rds-ca-rsa2048-g1",
          monitoringInterval: settings.monitoringSeconds,
          monitoringRoleArn: monitoringRole.arn,
          performanceInsightsEnabled: true,
          performanceInsightsKmsKeyId: args.dataKeyArn,
          performanceInsightsRetentionPeriod: settings.performanceInsightsDays,
          autoMinorVersionUpgrade: false,
          copyTagsToSnapshot: true,
          preferredMaintenanceWindow: "sun:09:00-sun:10:00",
        },
        // Whichever is there first becomes the writer: the readers wait for the one that is called so.
        { parent: this, protect: settings.protect, dependsOn: writer ? [writer] : [] },
      );
      writer ??= instance;
    }
  }
}
