import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface ServiceGroupArgs {
  prefix: string;
  vpcId: pulumi.Input<string>;
  port: number;
  /** The load balancer's group, the only one that may connect. */
  balancerGroupId: pulumi.Input<string>;
}

/** The service's security group, which other components name as the one they admit. */
export class ServiceGroup extends pulumi.ComponentResource {
  readonly groupId: pulumi.Output<string>;

  constructor(name: string, args: ServiceGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:ServiceGroup", name, {}, opts);
    const { prefix, port } = args;
    const child = { parent: this };
    const group = new aws.ec2.SecurityGroup(
      `${prefix}-service`,
      { vpcId: args.vpcId, description: "Origin: from the load balancer alone", tags: { Name: `${prefix}-service` } },
      child,
    );
    this.groupId = group.id;
    const tcp = { ipProtocol: "tcp", fromPort: port, toPort: port };
    new aws.vpc.SecurityGroupIngressRule(
      `${prefix}-service-from-balancer`,
      {
        ...tcp,
        securityGroupId: group.id,
        referencedSecurityGroupId: args.balancerGroupId,
        description: "From the load balancer",
      },
      child,
    );
    new aws.vpc.SecurityGroupEgressRule(
      `${prefix}-balancer-to-service`,
      {
        ...tcp,
        securityGroupId: args.balancerGroupId,
        referencedSecurityGroupId: group.id,
        description: "To the service",
      },
      child,
    );
    this.registerOutputs({});
  }

  /** What the service may open connections to: the database, and HTTPS for AWS, error reports and public images. */
  mayReach(prefix: string, databaseGroupId: pulumi.Input<string>): void {
    const child = { parent: this };
    new aws.vpc.SecurityGroupEgressRule(
      `${prefix}-service-to-database`,
      {
        securityGroupId: this.groupId,
        referencedSecurityGroupId: databaseGroupId,
        ipProtocol: "tcp",
        fromPort: 3306,
        toPort: 3306,
        description: "MySQL to the database",
      },
      child,
    );
    new aws.vpc.SecurityGroupEgressRule(
      `${prefix}-service-to-https`,
      {
        securityGroupId: this.groupId,
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: "HTTPS through the NAT gateway and the VPC endpoints",
      },
      child,
    );
  }
}
