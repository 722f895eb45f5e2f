import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Audit } from "./audit/audit.ts";
import type { Settings } from "./config.ts";
import { Backup } from "./data/backup.ts";
import { Cognito } from "./data/cognito.ts";
import { Database } from "./data/database.ts";
import { Keys } from "./data/keys.ts";
import { Migrations } from "./data/migrations.ts";
import { Secrets } from "./data/secrets.ts";
import { Balancer } from "./edge/balancer.ts";
import { EdgeAccess } from "./edge/edge-access.ts";
import { Firewall } from "./edge/firewall.ts";
import { outsideCheck } from "./edge/outside-check.ts";
import { Endpoints } from "./network/endpoints.ts";
import { Network } from "./network/network.ts";
import { Observability } from "./observability/observability.ts";
import { Topics } from "./observability/topics.ts";
import { addWatching } from "./observability/watching.ts";
import type { PlatformOutputs } from "./outputs.ts";
import { Registry } from "./service/registry.ts";
import { Service } from "./service/service.ts";
import { ServiceGroup } from "./service/service-group.ts";
import { bounded, tagged } from "./tags.ts";

const originPort = 8443; // Within the VPC, with TLS.

/** In how many zones interface endpoints stand. */
const endpointZones = { none: 0, oneZone: 1, everyZone: undefined };

/** The whole AWS side of one stack, and the only place where its components meet. */
export class Platform extends pulumi.ComponentResource {
  readonly outputs: PlatformOutputs;

  constructor(settings: Settings) {
    const { stack, region } = settings;
    const prefix = `paridad-${stack}`;
    const tags = { Project: "paridad", Stack: stack, Owner: settings.owner, ManagedBy: "pulumi" };
    super(
      "paridad:aws:Platform",
      prefix,
      {},
      { transformations: [tagged(tags), bounded(settings.permissionsBoundary)] },
    );
    const child = { parent: this };
    const accountId = aws.getCallerIdentityOutput({}, child).accountId;
    const watch = settings.observability;
    const { logDays } = watch;
    const { protect } = settings.database;
    const keeping = { protect, retainOnDelete: settings.keepOnDestroy };
    const recoveryRegion = settings.backup.copies ? settings.recoveryRegion : undefined;
    const keys = new Keys("keys", { prefix, accountId, region, recoveryRegion, keeping }, child);
    const recovery = keys.recovery && { region: settings.recoveryRegion, kmsKeyArn: keys.recovery.arn };
    const [logsKeyArn, secretsKeyArn, dataKeyArn] = [keys.logs.arn, keys.secrets.arn, keys.data.arn];
    const zones = settings.network.zones.map((letter) => `${region}${letter}`);
    const network = new Network(
      "network",
      { prefix, accountId, logsKeyArn, logDays, ...settings.network, zones },
      child,
    );
    const { vpcId } = network;
    const edge = new EdgeAccess("edge-access", { prefix, vpcId, settings: settings.edge }, child);
    const serviceGroup = new ServiceGroup(
      "service-group",
      { prefix, vpcId, port: originPort, balancerGroupId: edge.groupId },
      child,
    );
    const endpoints = new Endpoints(
      "endpoints",
      {
        prefix,
        accountId,
        region,
        vpcId,
        subnetIds: network.privateSubnetIds.slice(0, endpointZones[settings.network.interfaceEndpoints]),
        routeTableIds: network.privateRouteTableIds,
        serviceGroupId: serviceGroup.groupId,
      },
      child,
    );
    const secrets = new Secrets(
      "secrets",
      { prefix, kmsKeyArn: secretsKeyArn, recoveryDays: settings.keepOnDestroy ? 30 : 0, protect, replica: recovery },
      child,
    );
    const database = new Database(
      "database",
      {
        prefix,
        accountId,
        vpcId,
        subnetIds: network.databaseSubnetIds,
        zones,
        serviceGroupId: serviceGroup.groupId,
        dataKeyArn,
        secretsKeyArn,
        logsKeyArn,
        logDays,
        settings: settings.database,
      },
      child,
    );
    serviceGroup.mayReach(prefix, database.securityGroupId);
    const backup =
      recovery &&
      new Backup(
        "backup",
        {
          prefix,
          accountId,
          dataKeyArn,
          recoveryRegion: recovery.region,
          recoveryKeyArn: recovery.kmsKeyArn,
          clusterArn: database.cluster.arn,
          region,
          logsKeyArn,
          logDays,
          subnetGroupName: database.subnetGroupName,
          securityGroupId: database.securityGroupId,
          keeping,
          settings: settings.backup,
        },
        child,
      );
    const registry = new Registry(
      "registry",
      {
        prefix,
        accountId,
        region,
        kmsKeyArn: keys.images.arn,
        protect,
        existing: settings.imageRepository,
        replicaRegion: recovery?.region,
      },
      child,
    );
    const observability = new Observability("observability", { prefix, logsKeyArn, settings: watch }, child);
    const balancer = new Balancer(
      "balancer",
      {
        prefix,
        accountId,
        vpcId,
        subnetIds: network.publicSubnetIds,
        groupId: edge.groupId,
        certificateArn: edge.certificateArn,
        port: originPort,
        settings: settings.edge,
      },
      child,
    );
    edge.pointTo(prefix, settings.edge.host, balancer.balancer);
    const firewall = new Firewall(
      "firewall",
      { prefix, balancerArn: balancer.balancer.arn, logsKeyArn, logDays, settings: settings.edge },
      child,
    );
    const cognito = settings.service.cognito ? new Cognito("cognito", { prefix, region, protect }, child) : undefined;
    const { publicHost } = settings.edge;
    const service = new Service(
      "service",
      {
        prefix,
        environment: settings.environment,
        region,
        accountId,
        subnetIds: network.privateSubnetIds,
        groupId: serviceGroup.groupId,
        port: originPort,
        imageDigest: settings.imageDigest,
        repositoryUrl: registry.repositoryUrl,
        repositoryArn: registry.repositoryArn,
        database: { writerHost: database.cluster.endpoint, readerHost: database.cluster.readerEndpoint },
        secrets,
        publicUrl: publicHost && `https://${publicHost}`,
        externalIssuer: cognito?.externalIssuer,
        secretsKeyArn,
        disksKeyArn: keys.disks.arn,
        logs: observability,
        balancer: balancer.balancer,
        targetGroup: balancer.targetGroup,
        traceSamplePercent: watch.traceSamplePercent,
        tags,
        settings: settings.service,
      },
      // An instance that starts before there is a way out or in fails, and is counted against the deployment.
      { parent: this, dependsOn: [network, endpoints, balancer] },
    );
    const migrations = new Migrations(
      "migrations",
      {
        prefix,
        region,
        accountId,
        vpcId,
        subnetIds: network.privateSubnetIds,
        serviceGroupId: serviceGroup.groupId,
        writerHost: database.cluster.endpoint,
        masterSecretArn: database.masterSecretArn,
        userSecretArn: secrets.databaseUser.arn,
        secretsKeyArn,
        logsKeyArn,
        repositoryUrl: registry.repositoryUrl,
        repositoryArn: registry.repositoryArn,
        logDays,
      },
      child,
    );
    const topics = new Topics("topics", { prefix, accountId, keyArn: keys.messages.arn, settings: watch }, child);
    const parts = {
      prefix,
      region,
      loadBalancer: balancer.balancer.arnSuffix,
      targetGroup: balancer.targetGroup.arnSuffix,
      autoScalingGroup: service.groupName,
      clusterId: database.cluster.clusterIdentifier,
      certificateArn: edge.certificateArn,
      webAcl: firewall.acl.name,
      healthCheckId: publicHost ? outsideCheck(prefix, publicHost, child).id : "none",
    };
    addWatching(settings, prefix, parts, topics.arns, child);
    new Audit(
      "audit",
      {
        prefix,
        stack,
        region,
        accountId,
        keyArn: keys.audit.arn,
        logsKeyArn,
        logDays,
        topicArn: topics.arns.high,
        keeping,
        settings: settings.audit,
      },
      child,
    );
    this.outputs = {
      originUrl: `https://${settings.edge.host}`,
      imageDigest: settings.imageDigest,
      repositoryUrl: registry.repositoryUrl,
      autoScalingGroup: service.groupName,
      migrationProject: migrations.projectName,
      externalIssuer: cognito?.externalIssuer,
      recoveryVault: backup ? backup.recoveryVaultName : undefined,
    };
    this.registerOutputs({});
  }
}
