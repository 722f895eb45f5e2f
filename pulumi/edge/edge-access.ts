import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config.ts";
import { cloudflareRanges } from "./cloudflare.ts";

export interface EdgeAccessArgs {
  prefix: string;
  vpcId: pulumi.Input<string>;
  settings: Settings["edge"];
}

/** The one way in: Cloudflare's addresses, to a certified host name. */
export class EdgeAccess extends pulumi.ComponentResource {
  readonly groupId: pulumi.Output<string>;
  readonly certificateArn: pulumi.Output<string>;
  private readonly zoneId: pulumi.Output<string>;

  constructor(name: string, args: EdgeAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("paridad:aws:EdgeAccess", name, {}, opts);
    const { prefix, settings } = args;
    const child = { parent: this };
    this.zoneId = aws.route53.getZoneOutput({ name: settings.zone }, child).zoneId;

    const group = new aws.ec2.SecurityGroup(
      `${prefix}-balancer`,
      {
        vpcId: args.vpcId,
        description: "Load balancer: web traffic from Cloudflare alone",
        tags: { Name: `${prefix}-balancer` },
      },
      child,
    );
    this.groupId = group.id;
    const cloudflare = new aws.ec2.ManagedPrefixList(
      `${prefix}-cloudflare`,
      {
        name: `${prefix}-cloudflare`,
        addressFamily: "IPv4",
        // Counts in full against the rules of a security group, of which there are 60: room for a few more ranges.
        maxEntries: 20,
        entries: cloudflareRanges.map((cidr) => ({ cidr, description: "Cloudflare" })),
      },
      child,
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${prefix}-balancer-443`,
      {
        securityGroupId: group.id,
        prefixListId: cloudflare.id,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: "HTTPS from Cloudflare",
      },
      child,
    );

    const certificate = new aws.acm.Certificate(
      `${prefix}-origin`,
      { domainName: settings.host, validationMethod: "DNS", tags: { Name: settings.host } },
      child,
    );
    const proof = certificate.domainValidationOptions.apply((options) => {
      const [first] = options;
      if (!first) throw new Error(`ACM asked for no proof of ${settings.host}`);
      return first;
    });
    const record = new aws.route53.Record(
      `${prefix}-origin-proof`,
      {
        zoneId: this.zoneId,
        name: proof.resourceRecordName,
        type: proof.resourceRecordType,
        records: [proof.resourceRecordValue],
        ttl: 300,
        allowOverwrite: true,
      },
      child,
    );
    // No other authority than Amazon's may certify the origin's name.
    new aws.route53.Record(
      `${prefix}-origin-authority`,
      { zoneId: this.zoneId, name: settings.host, type: "CAA", records: ['0 issue "amazon.com"'], ttl: 3_600 },
      child,
    );
    this.certificateArn = new aws.acm.CertificateValidation(
      `${prefix}-origin`,
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
      child,
    ).certificateArn;
    this.registerOutputs({});
  }

  /** Gives the load balancer its name, once there is one. */
  pointTo(prefix: string, host: string, balancer: aws.lb.LoadBalancer): void {
    new aws.route53.Record(
      `${prefix}-origin-host`,
      {
        zoneId: this.zoneId,
        name: host,
        type: "A",
        aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true }],
      },
      { parent: this },
    );
  }
}
