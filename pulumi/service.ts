import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./config.ts";
import { addScaling } from "./scaling.ts";
import { instanceRole } from "./service-role.ts";
import { userData } from "./user-data.ts";

export interface ServiceArgs {
  prefix: string;
  stack: string;
  region: string;
  subnetIds: pulumi.Input<string>[];
  groupId: pulumi.Input<string>;
  port: number;
  /** The origin's image by digest; without one, the group stays empty. */
  imageDigest: string | undefined;
  repositoryUrl: pulumi.Input<string>;
  repositoryArn: pulumi.Input<string>;
  database: { writerHost: pulumi.Input<string>; readerHost: pulumi.Input<string> };
  secrets: Record<"edgeToken" | "sentryDsn" | "databaseUser", aws.secretsmanager.Secret>;
  secretsKeyArn: pulumi.Input<string>;
  logs: { origin: aws.cloudwatch.LogGroup; host: aws.cloudwatch.LogGroup };
  balancer: aws.lb.LoadBalancer;
  targetGroup: aws.lb.TargetGroup;
  traceSamplePercent: number;
  tags: Record<string, string>;
  settings: Settings["service"];
}

const machineImage = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

/** The origin's instances: alike, replaceable, in private subnets, reached by the load balancer alone. */
export class Service extends pulumi.ComponentResource {
  readonly groupName: pulumi.Output<string>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Service", name, {}, opts);
    const { prefix, settings } = args;
    const template = this.launchTemplate(args);
    // An instance without an image would fail its health check for ever: the first `up` makes none.
    const running = args.imageDigest !== undefined;

    const group = new aws.autoscaling.Group(
      `${prefix}-origin`,
      {
        minSize: running ? settings.minInstances : 0,
        maxSize: running ? settings.maxInstances : 0,
        vpcZoneIdentifiers: args.subnetIds,
        // A version by number: a refresh can only roll back to a version that it can name.
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        targetGroupArns: [args.targetGroup.arn],
        healthCheckType: "ELB",
        healthCheckGracePeriod: 240,
        defaultInstanceWarmup: settings.warmupSeconds,
        maxInstanceLifetime: settings.maxInstanceLifetimeDays * 86_400,
        terminationPolicies: ["OldestLaunchTemplate", "OldestInstance"],
        metricsGranularity: "1Minute",
        enabledMetrics: ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupTotalInstances"],
        instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 150 },
        instanceRefresh: {
          strategy: "Rolling",
          preferences: {
            minHealthyPercentage: 100,
            maxHealthyPercentage: 150,
            instanceWarmup: String(settings.warmupSeconds),
            autoRollback: true,
            skipMatching: true,
            scaleInProtectedInstances: "Refresh",
            standbyInstances: "Terminate",
          },
        },
        waitForCapacityTimeout: "15m",
        tags: Object.entries({ ...args.tags, Name: `${prefix}-origin` }).map(([key, value]) => ({
          key,
          value,
          propagateAtLaunch: true,
        })),
      },
      { parent: this, ignoreChanges: ["desiredCapacity"] },
    );
    this.groupName = group.name;
    addScaling(
      {
        prefix,
        groupName: group.name,
        balancer: args.balancer,
        targetGroup: args.targetGroup,
        settings: settings.scaling,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }

  private launchTemplate(args: ServiceArgs): aws.ec2.LaunchTemplate {
    const { prefix, settings } = args;
    const role = instanceRole(
      {
        prefix,
        region: args.region,
        repositoryArn: args.repositoryArn,
        secretArns: [args.secrets.edgeToken.arn, args.secrets.sentryDsn.arn, args.secrets.databaseUser.arn],
        secretsKeyArn: args.secretsKeyArn,
        logGroupArns: [args.logs.origin.arn, args.logs.host.arn],
      },
      { parent: this },
    );
    const profile = new aws.iam.InstanceProfile(`${prefix}-origin`, { role: role.name }, { parent: this });
    const tags = { ...args.tags, Name: `${prefix}-origin` };
    return new aws.ec2.LaunchTemplate(
      `${prefix}-origin`,
      {
        imageId: aws.ssm.getParameterOutput({ name: machineImage }, { parent: this }).insecureValue,
        instanceType: settings.instanceType,
        iamInstanceProfile: { arn: profile.arn },
        vpcSecurityGroupIds: [args.groupId],
        // One hop: the host reads its role's credentials, containers on Docker's bridge cannot.
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
          instanceMetadataTags: "disabled",
        },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: { volumeSize: settings.diskGb, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
          },
        ],
        monitoring: { enabled: true },
        updateDefaultVersion: true,
        userData: this.bootScript(args),
        tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      },
      { parent: this },
    );
  }

  private bootScript(args: ServiceArgs): pulumi.Output<string> {
    const digest = args.imageDigest ?? `sha256:${"0".repeat(64)}`;
    return pulumi
      .all([
        args.repositoryUrl,
        args.database.writerHost,
        args.database.readerHost,
        args.secrets.edgeToken.arn,
        args.secrets.sentryDsn.arn,
        args.secrets.databaseUser.arn,
        args.logs.origin.name,
        args.logs.host.name,
      ])
      .apply(
        ([repository, writerHost, readerHost, edgeTokenSecret, sentryDsnSecret, databaseUserSecret, origin, host]) =>
          Buffer.from(
            userData({
              region: args.region,
              stack: args.stack,
              image: `${repository}@${digest}`,
              collectorImage: args.settings.collectorImage,
              port: args.port,
              memoryMb: args.settings.memoryMb,
              traceSamplePercent: args.traceSamplePercent,
              extraClosures: args.settings.extraClosures,
              writerHost,
              readerHost,
              edgeTokenSecret,
              sentryDsnSecret,
              databaseUserSecret,
              originLogGroup: origin,
              hostLogGroup: host,
            }),
          ).toString("base64"),
      );
  }
}
