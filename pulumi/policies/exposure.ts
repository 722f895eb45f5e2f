import { type GraphResource, ofType } from "../graph.ts";
import { isSet, list, object, type Rule, unless, type Violation, violation } from "./rule.ts";

const webPorts = [443];

export const noPublicDatabase: Rule = {
  name: "no-public-database",
  description: "No database has a public address or stands in a subnet that leads to the internet.",
  check(graph) {
    const openTables = new Set(
      ofType(graph, "aws:ec2/route:Route")
        .filter(({ inputs }) => isSet(inputs.gatewayId) || isSet(inputs.natGatewayId))
        .map(({ inputs }) => inputs.routeTableId),
    );
    const openSubnets = new Set(
      ofType(graph, "aws:ec2/routeTableAssociation:RouteTableAssociation")
        .filter(({ inputs }) => openTables.has(inputs.routeTableId))
        .map(({ inputs }) => inputs.subnetId),
    );
    return [
      ...unless(
        ofType(graph, "aws:rds/clusterInstance:ClusterInstance", "aws:rds/instance:Instance"),
        ({ inputs }) => inputs.publiclyAccessible === false,
        "may be given a public address",
      ),
      ...unless(
        ofType(graph, "aws:rds/subnetGroup:SubnetGroup"),
        ({ inputs }) => !(inputs.subnetIds as unknown[] | undefined)?.some((subnet) => openSubnets.has(subnet)),
        "has a subnet with a route out of the VPC",
      ),
    ];
  },
};

export const noOpenIngress: Rule = {
  name: "no-open-ingress",
  description:
    "Groups admit other groups; only web ports admit a list of addresses, and no list holds the whole internet.",
  check(graph) {
    const violations: Violation[] = [];
    const ruleTypes = [
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "aws:ec2/securityGroupRule:SecurityGroupRule",
    ];
    for (const resource of ofType(graph, ...ruleTypes)) {
      const { inputs } = resource;
      if (inputs.type === "egress") continue;
      const ranges = [inputs.cidrIpv4, inputs.cidrIpv6, inputs.cidrBlocks, inputs.ipv6CidrBlocks].flat();
      if (ranges.some(isSet)) violations.push(violation(resource, "admits a range of addresses"));
      if (isSet(inputs.prefixListId) && !isOneWebPort(inputs)) {
        violations.push(violation(resource, "admits a list of addresses to more than a web port"));
      }
    }
    for (const resource of ofType(
      graph,
      "aws:ec2/securityGroup:SecurityGroup",
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    )) {
      const rules = list(resource.inputs.ingress);
      if (rules.some((rule) => isSet(rule.cidrBlocks) || isSet(rule.ipv6CidrBlocks))) {
        violations.push(violation(resource, "admits a range of addresses"));
      }
    }
    for (const resource of ofType(graph, "aws:ec2/managedPrefixList:ManagedPrefixList")) {
      for (const { cidr } of list(resource.inputs.entries)) {
        if (Number(String(cidr).split("/")[1]) < 10) violations.push(violation(resource, `holds ${cidr}: too wide`));
      }
    }
    return violations;
  },
};

function isOneWebPort(inputs: Record<string, unknown>): boolean {
  return inputs.fromPort === inputs.toPort && webPorts.includes(Number(inputs.fromPort)) && inputs.ipProtocol === "tcp";
}

export const lockedDefaults: Rule = {
  name: "locked-defaults",
  description: "A VPC's default security group admits nothing and its default route table leads nowhere.",
  check(graph) {
    const violations: Violation[] = [];
    for (const vpc of ofType(graph, "aws:ec2/vpc:Vpc")) {
      const group = ofType(graph, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").find(
        ({ inputs }) => inputs.vpcId === vpc.id,
      );
      const locked = group && list(group.inputs.ingress).length + list(group.inputs.egress).length === 0;
      if (!locked) violations.push(violation(vpc, "has a default security group that is not locked"));
    }
    violations.push(
      ...unless(
        ofType(graph, "aws:ec2/defaultRouteTable:DefaultRouteTable"),
        ({ inputs }) => list(inputs.routes).length === 0,
        "routes somewhere",
      ),
      ...unless(
        ofType(graph, "aws:ec2/subnet:Subnet"),
        ({ inputs }) => inputs.mapPublicIpOnLaunch !== true,
        "gives instances public addresses",
      ),
    );
    return violations;
  },
};

export const tlsOnly: Rule = {
  name: "tls-only",
  description:
    "Load balancers speak TLS 1.2 or newer, without CBC suites, to both sides; databases refuse plain connections.",
  check(graph) {
    return [
      ...unless(ofType(graph, "aws:lb/listener:Listener"), isSecureListener, "listens to plain HTTP or an old TLS"),
      ...unless(
        ofType(graph, "aws:lb/targetGroup:TargetGroup"),
        ({ inputs }) => inputs.protocol === "HTTPS" && object(inputs.healthCheck).protocol === "HTTPS",
        "sends clear text to instances",
      ),
      ...unless(
        ofType(graph, "aws:rds/clusterParameterGroup:ClusterParameterGroup"),
        ({ inputs }) =>
          list(inputs.parameters).some(({ name, value }) => name === "require_secure_transport" && value === "ON"),
        "lets plain connections in",
      ),
    ];
  },
};

function isSecureListener({ inputs }: GraphResource): boolean {
  return inputs.protocol === "HTTPS" && String(inputs.sslPolicy).startsWith("ELBSecurityPolicy-TLS13-1-2-Res-");
}

export const knownEdge: Rule = {
  name: "known-edge",
  description:
    "In prd the load balancer lets in those only who hold our edge's certificate: its addresses are all of Cloudflare's.",
  check: (graph) =>
    unless(
      graph.stack === "prd" ? ofType(graph, "aws:lb/listener:Listener") : [],
      ({ inputs }) => object(inputs.mutualAuthentication).mode === "verify",
      "lets in any customer of Cloudflare: set edge.clientCa",
    ),
};

export const privateBuckets: Rule = {
  name: "private-buckets",
  description: "Every bucket blocks public access in all four ways.",
  check(graph) {
    const blocks = ofType(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    const ways = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
    return unless(
      ofType(graph, "aws:s3/bucket:Bucket"),
      (bucket) => blocks.some(({ inputs }) => inputs.bucket === bucket.id && ways.every((way) => inputs[way] === true)),
      "can be made public",
    );
  },
};
