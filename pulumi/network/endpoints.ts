import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../iam.ts";

export interface EndpointsArgs {
  prefix: string;
  accountId: pulumi.Input<string>;
  region: string;
  vpcId: pulumi.Input<string>;
  /** Where interface endpoints stand: one subnet a zone at most; none: there are none. */
  subnetIds: pulumi.Input<string>[];
  routeTableIds: pulumi.Input<string>[];
  /** The only group that may use the endpoints. */
  serviceGroupId: pulumi.Input<string>;
}

const pullActions = [
  "ecr:GetAuthorizationToken",
  "ecr:BatchGetImage",
  "ecr:GetDownloadUrlForLayer",
  "ecr:BatchCheckLayerAvailability",
];

/** The services that instances and migrations use, and what passes each endpoint. */
export const interfaceServices: Record<string, string[]> = {
  "ecr.api": pullActions,
  "ecr.dkr": pullActions,
  logs: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams", "logs:DescribeLogGroups"],
  monitoring: ["cloudwatch:PutMetricData"],
  secretsmanager: [
    "secretsmanager:GetSecretValue",
    "secretsmanager:DescribeSecret",
    "secretsmanager:UpdateSecretVersionStage",
  ],
  ssm: ["ssm:UpdateInstanceInformation"],
  ssmmessages: [
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ],
};

/** Private ways to the AWS services that instances use: images, logs, secrets and Session Manager never leave the VPC. */
export class Endpoints extends pulumi.ComponentResource {
  constructor(name: string, args: EndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Endpoints", name, {}, opts);
    const { prefix, region } = args;
    const child = { parent: this };

    if (args.subnetIds.length > 0) this.interfaces(args);
    new aws.ec2.VpcEndpoint(
      `${prefix}-endpoint-s3`,
      {
        vpcId: args.vpcId,
        serviceName: `com.amazonaws.${region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: args.routeTableIds,
        policy: s3Policy(region),
        tags: { Name: `${prefix}-s3` },
      },
      child,
    );
    this.registerOutputs({});
  }

  private interfaces(args: EndpointsArgs): void {
    const { prefix, region } = args;
    const child = { parent: this };
    const group = new aws.ec2.SecurityGroup(
      `${prefix}-endpoints`,
      {
        vpcId: args.vpcId,
        description: "VPC endpoints: HTTPS from the service alone",
        tags: { Name: `${prefix}-endpoints` },
      },
      child,
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${prefix}-endpoints-from-service`,
      {
        securityGroupId: group.id,
        referencedSecurityGroupId: args.serviceGroupId,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: "HTTPS from the service",
      },
      child,
    );
    for (const [service, actions] of Object.entries(interfaceServices)) {
      new aws.ec2.VpcEndpoint(
        `${prefix}-endpoint-${service.replace(".", "-")}`,
        {
          vpcId: args.vpcId,
          serviceName: `com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: args.subnetIds,
          securityGroupIds: [group.id],
          // Nobody takes data out through it with the credentials of another account.
          policy: policyDocument([
            {
              sid: "ThisAccountOnly",
              actions,
              resources: ["*"],
              principals: "*",
              conditions: { StringEquals: { "aws:PrincipalAccount": args.accountId } },
            },
          ]),
          tags: { Name: `${prefix}-${service}` },
        },
        child,
      );
    }
  }
}

/** What instances read from S3: the layers of ECR, Amazon Linux's packages and the Systems Manager agent's. Nothing is written. */
function s3Policy(region: string): pulumi.Output<string> {
  const buckets = [
    `prod-${region}-starport-layer-bucket`,
    `al2023-repos-${region}-de612dc2`,
    `amazon-ssm-${region}`,
    `amazon-ssm-packages-${region}`,
    `aws-ssm-${region}`,
    `${region}-birdwatcher-prod`,
    `patch-baseline-snapshot-${region}`,
  ];
  return policyDocument([
    {
      sid: "ReadOnly",
      actions: ["s3:GetObject"],
      resources: buckets.map((bucket) => `arn:aws:s3:::${bucket}/*`),
      principals: "*",
    },
  ]);
}
