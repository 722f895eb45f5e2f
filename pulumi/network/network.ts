import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { serviceRole } from "../iam.ts";
import { type SubnetTier, subnetCidr } from "./subnets.ts";

export interface NetworkArgs {
  prefix: string;
  accountId: pulumi.Input<string>;
  cidr: string;
  zones: string[];
  natGateways: "one" | "perZone";
  logsKeyArn: pulumi.Input<string>;
  logDays: number;
}

/** The VPC: public subnets for the load balancer, private ones for the service, isolated ones for the database. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly zones: string[];
  readonly publicSubnetIds: pulumi.Output<string>[];
  readonly privateSubnetIds: pulumi.Output<string>[];
  readonly databaseSubnetIds: pulumi.Output<string>[];
  readonly privateRouteTableIds: pulumi.Output<string>[];
  private readonly prefix: string;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:Network", name, {}, opts);
    const { prefix } = args;
    const child = { parent: this };
    this.prefix = prefix;
    this.zones = args.zones;

    const vpc = new aws.ec2.Vpc(
      `${prefix}-vpc`,
      { cidrBlock: args.cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: { Name: prefix } },
      child,
    );
    this.vpcId = vpc.id;
    this.lockDefaults(vpc);

    const publicSubnets = this.subnets(vpc.id, "public", args);
    const privateSubnets = this.subnets(vpc.id, "private", args);
    const databaseSubnets = this.subnets(vpc.id, "database", args);
    this.publicSubnetIds = publicSubnets.map((subnet) => subnet.id);
    this.privateSubnetIds = privateSubnets.map((subnet) => subnet.id);
    this.databaseSubnetIds = databaseSubnets.map((subnet) => subnet.id);

    const gateway = new aws.ec2.InternetGateway(`${prefix}-internet`, { vpcId: vpc.id, tags: { Name: prefix } }, child);
    const publicRoutes = this.routeTable("public", publicSubnets);
    new aws.ec2.Route(
      `${prefix}-public-internet`,
      { routeTableId: publicRoutes.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      child,
    );
    const nats = publicSubnets
      .slice(0, args.natGateways === "one" ? 1 : undefined)
      .map((subnet, index) => this.natGateway(subnet, args.zones[index] ?? "", gateway));
    const privateRoutes = privateSubnets.map((subnet, index) => {
      const zone = args.zones[index] ?? "";
      const table = this.routeTable(`private-${zone}`, [subnet]);
      const nat = nats[Math.min(index, nats.length - 1)];
      if (nat) {
        new aws.ec2.Route(
          `${prefix}-private-${zone}-nat`,
          { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat.id },
          child,
        );
      }
      return table;
    });
    this.privateRouteTableIds = privateRoutes.map((table) => table.id);
    // No route but the VPC's own: the database reaches nothing and nothing outside reaches it.
    this.routeTable("database", databaseSubnets);

    this.flowLogs(vpc, args);
    this.registerOutputs({ vpcId: this.vpcId });
  }

  /** The defaults that AWS makes with a VPC admit and route too much: nothing uses them, and now nothing can. */
  private lockDefaults(vpc: aws.ec2.Vpc): void {
    const tags = { Name: `${this.prefix}-default-locked` };
    new aws.ec2.DefaultSecurityGroup(
      `${this.prefix}-default-group`,
      { vpcId: vpc.id, ingress: [], egress: [], tags },
      { parent: this },
    );
    new aws.ec2.DefaultRouteTable(
      `${this.prefix}-default-routes`,
      { defaultRouteTableId: vpc.defaultRouteTableId, routes: [], tags },
      { parent: this },
    );
  }

  private subnets(vpcId: pulumi.Input<string>, tier: SubnetTier, args: NetworkArgs): aws.ec2.Subnet[] {
    return args.zones.map(
      (zone, index) =>
        new aws.ec2.Subnet(
          `${this.prefix}-${tier}-${zone}`,
          {
            vpcId,
            availabilityZone: zone,
            cidrBlock: subnetCidr(args.cidr, tier, index),
            mapPublicIpOnLaunch: false,
            tags: { Name: `${this.prefix}-${tier}-${zone}`, Tier: tier },
          },
          { parent: this },
        ),
    );
  }

  private routeTable(use: string, subnets: aws.ec2.Subnet[]): aws.ec2.RouteTable {
    const table = new aws.ec2.RouteTable(
      `${this.prefix}-${use}-routes`,
      { vpcId: this.vpcId, tags: { Name: `${this.prefix}-${use}` } },
      { parent: this },
    );
    subnets.forEach((subnet, index) => {
      new aws.ec2.RouteTableAssociation(
        `${this.prefix}-${use}-routes-${index + 1}`,
        { routeTableId: table.id, subnetId: subnet.id },
        { parent: this },
      );
    });
    return table;
  }

  private natGateway(subnet: aws.ec2.Subnet, zone: string, gateway: aws.ec2.InternetGateway): aws.ec2.NatGateway {
    const tags = { Name: `${this.prefix}-nat-${zone}` };
    const address = new aws.ec2.Eip(`${this.prefix}-nat-${zone}-address`, { domain: "vpc", tags }, { parent: this });
    return new aws.ec2.NatGateway(
      `${this.prefix}-nat-${zone}`,
      { subnetId: subnet.id, allocationId: address.id, tags },
      { parent: this, dependsOn: [gateway] },
    );
  }

  private flowLogs(vpc: aws.ec2.Vpc, args: NetworkArgs): void {
    const group = new aws.cloudwatch.LogGroup(
      `${this.prefix}-flow-logs`,
      { name: `/paridad/${this.prefix}/flow`, retentionInDays: args.logDays, kmsKeyId: args.logsKeyArn },
      { parent: this },
    );
    const role = serviceRole(
      `${this.prefix}-flow-logs`,
      {
        service: "vpc-flow-logs.amazonaws.com",
        sourceAccount: args.accountId,
        statements: [
          {
            sid: "WriteFlowLogs",
            actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            resources: [pulumi.interpolate`${group.arn}:*`],
          },
        ],
      },
      { parent: this },
    );
    new aws.ec2.FlowLog(
      `${this.prefix}-flow`,
      {
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 600,
      },
      { parent: this },
    );
  }
}
