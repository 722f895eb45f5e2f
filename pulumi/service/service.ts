import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config.ts";
import { readyHook } from "./instance-files.ts";
import { addScaling } from "./scaling.ts";
import { instanceRole } from "./service-role.ts";
import { userData } from "./user-data.ts";

export interface ServiceArgs {
  prefix: string;
  environment: string;
  region: string;
  accountId: pulumi.Input<string>;
  subnetIds: pulumi.Input<string>[];
  groupId: pulumi.Input<string>;
  port: number;
  /** The origin's image by digest; without one there is no fleet. */
  imageDigest: string | undefined;
  repositoryUrl: pulumi.Input<string>;
  repositoryArn: pulumi.Input<string>;
  database: { writerHost: pulumi.Input<string>; readerHost: pulumi.Input<string> };
  secrets: Record<
    "edgeToken" | "tokenKeys" | "deliverToken" | "webhookKey" | "metricsToken" | "sentryDsn" | "databaseUser",
    aws.secretsmanager.Secret
  >;
  /** The URL that clients use; undefined: no access tokens are issued. */
  publicUrl: string | undefined;
  /** Whose access tokens are accepted besides; undefined: nobody's. */
  externalIssuer: pulumi.Input<string> | undefined;
  secretsKeyArn: pulumi.Input<string>;
  disksKeyArn: pulumi.Input<string>;
  logs: Record<"origin" | "host" | "sessions", aws.cloudwatch.LogGroup>;
  balancer: aws.lb.LoadBalancer;
  targetGroup: aws.lb.TargetGroup;
  traceSamplePercent: number;
  tags: Record<string, string>;
  settings: Settings["service"];
}

const machineImage = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

/** The origin's instances: alike, replaceable, in private subnets, reached by the load balancer alone. */
export class Service extends pulumi.ComponentResource {
  readonly groupName: string;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Service", name, {}, opts);
    const { prefix } = args;
    this.groupName = `${prefix}-origin`;
    // An instance without an image would never get ready: the first `up` makes none, and no group for it.
    if (args.imageDigest !== undefined) this.fleet(args, args.imageDigest);
    this.registerOutputs({});
  }

  private fleet(args: ServiceArgs, imageDigest: string): void {
    const { prefix, settings } = args;
    const template = this.launchTemplate(args, imageDigest);
    const group = new aws.autoscaling.Group(
      `${prefix}-origin`,
      {
        name: this.groupName,
        minSize: settings.minInstances,
        maxSize: settings.maxInstances,
        vpcZoneIdentifiers: args.subnetIds,
        // A version by number: a refresh can only roll back to a version that it can name.
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        targetGroupArns: [args.targetGroup.arn],
        // Not the balancer's: it asks for readiness, which a database that is away takes from every instance at once.
        healthCheckType: "EC2",
        healthCheckGracePeriod: 0,
        initialLifecycleHooks: [
          {
            name: readyHook,
            lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
            heartbeatTimeout: settings.readySeconds,
            defaultResult: "ABANDON",
          },
        ],
        defaultInstanceWarmup: settings.warmupSeconds,
        maxInstanceLifetime: settings.maxInstanceLifetimeDays * 86_400,
        terminationPolicies: ["OldestLaunchTemplate", "OldestInstance"],
        metricsGranularity: "1Minute",
        enabledMetrics: ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupTotalInstances"],
        instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 150 },
        // The first `up` is done when instances answer, not when they run.
        minElbCapacity: settings.minInstances,
        waitForCapacityTimeout: "20m",
        tags: Object.entries({ ...args.tags, Name: `${prefix}-origin` }).map(([key, value]) => ({
          key,
          value,
          propagateAtLaunch: true,
        })),
      },
      // A release changes the template, never the group: `infra:release` does that, and only once the release has proved
      // itself, so that what the group starts meanwhile is the release before.
      { parent: this, ignoreChanges: ["desiredCapacity", "launchTemplate"] },
    );
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
  }

  private launchTemplate(args: ServiceArgs, imageDigest: string): aws.ec2.LaunchTemplate {
    const { prefix, settings } = args;
    const role = instanceRole(
      {
        prefix,
        region: args.region,
        accountId: args.accountId,
        groupName: this.groupName,
        repositoryArn: args.repositoryArn,
        secretArns: [
          args.secrets.edgeToken.arn,
          args.secrets.tokenKeys.arn,
          args.secrets.deliverToken.arn,
          args.secrets.webhookKey.arn,
          args.secrets.metricsToken.arn,
          args.secrets.sentryDsn.arn,
          args.secrets.databaseUser.arn,
        ],
        secretsKeyArn: args.secretsKeyArn,
        logGroupArns: [args.logs.origin.arn, args.logs.host.arn, args.logs.sessions.arn],
      },
      { parent: this },
    );
    const profile = new aws.iam.InstanceProfile(`${prefix}-origin`, { role: role.name }, { parent: this });
    const tags = { ...args.tags, Name: `${prefix}-origin` };
    return new aws.ec2.LaunchTemplate(
      `${prefix}-origin`,
      {
        // By this a release finds its version again, and an operator what runs.
        description: imageDigest,
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
            ebs: {
              volumeSize: settings.diskGb,
              volumeType: "gp3",
              encrypted: "true",
              kmsKeyId: args.disksKeyArn,
              deleteOnTermination: "true",
            },
          },
        ],
        monitoring: { enabled: true },
        updateDefaultVersion: true,
        userData: this.bootScript(args, imageDigest),
        tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      },
      { parent: this },
    );
  }

  private bootScript(args: ServiceArgs, imageDigest: string): pulumi.Output<string> {
    const facts = pulumi.output({
      repository: args.repositoryUrl,
      writerHost: args.database.writerHost,
      readerHost: args.database.readerHost,
      edgeTokenSecret: args.secrets.edgeToken.arn,
      tokenKeysSecret: args.secrets.tokenKeys.arn,
      deliverTokenSecret: args.secrets.deliverToken.arn,
      webhookKeySecret: args.secrets.webhookKey.arn,
      metricsTokenSecret: args.secrets.metricsToken.arn,
      sentryDsnSecret: args.secrets.sentryDsn.arn,
      databaseUserSecret: args.secrets.databaseUser.arn,
      externalIssuer: args.externalIssuer ?? "",
      originLogGroup: args.logs.origin.name,
      hostLogGroup: args.logs.host.name,
    });
    return facts.apply(({ repository, ...rest }) =>
      Buffer.from(
        userData({
          ...rest,
          region: args.region,
          environment: args.environment,
          groupName: this.groupName,
          image: `${repository}@${imageDigest}`,
          port: args.port,
          memoryMb: args.settings.memoryMb,
          traceSamplePercent: args.traceSamplePercent,
          providers: args.settings.providers,
          extraClosures: args.settings.extraClosures,
          facadeHosts: args.settings.facadeHosts,
          publicUrl: args.publicUrl ?? "",
        }),
      ).toString("base64"),
    );
  }
}
