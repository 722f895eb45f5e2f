import { beforeAll, describe, expect, it } from "vitest";
import type { Graph } from "../../pulumi/graph.ts";
import { interfaceServices } from "../../pulumi/network/endpoints.ts";
import { subnetCidr } from "../../pulumi/network/subnets.ts";
import { all, graphOf, one, type StackName, stacks } from "./graphs.ts";

const ingressType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egressType = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const groupType = "aws:ec2/securityGroup:SecurityGroup";

describe.each(stacks)("the network of %s", (stack: StackName) => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await graphOf(stack);
  });
  const groupId = (use: string) => one(graph, groupType, `paridad-${stack}-${use}`).id;
  const admittedTo = (use: string) =>
    all(graph, ingressType)
      .filter(({ inputs }) => inputs.securityGroupId === groupId(use))
      .map(({ inputs: { referencedSecurityGroupId: from, prefixListId: list, fromPort, toPort, cidrIpv4 } }) => ({
        from,
        list,
        fromPort,
        toPort,
        cidrIpv4,
      }));

  it("is 10.0.0.0/16 over three zones in three tiers", () => {
    expect(one(graph, "aws:ec2/vpc:Vpc").inputs.cidrBlock).toBe("10.0.0.0/16");
    const subnets = all(graph, "aws:ec2/subnet:Subnet").map(({ inputs }) => inputs);
    expect(subnets).toHaveLength(9);
    expect(new Set(subnets.map(({ availabilityZone }) => availabilityZone)).size).toBe(3);
    expect(new Set(subnets.map(({ cidrBlock }) => cidrBlock)).size).toBe(9);
  });

  it("admits 3306 to the database from the service alone", () => {
    expect(admittedTo("database")).toEqual([{ from: groupId("service"), fromPort: 3306, toPort: 3306 }]);
  });

  it("admits the service's port from the load balancer alone", () => {
    expect(admittedTo("service")).toEqual([{ from: groupId("balancer"), fromPort: 8443, toPort: 8443 }]);
  });

  it("admits Cloudflare's list alone to the load balancer, on 443", () => {
    const list = one(graph, "aws:ec2/managedPrefixList:ManagedPrefixList").id;
    expect(admittedTo("balancer")).toEqual([{ list, fromPort: 443, toPort: 443 }]);
  });

  it("has no group but the load balancer's that admits anything from outside the VPC", () => {
    const outside = all(graph, ingressType).filter(({ inputs }) => inputs.referencedSecurityGroupId === undefined);
    expect(new Set(outside.map(({ inputs }) => inputs.securityGroupId))).toEqual(new Set([groupId("balancer")]));
    for (const group of all(graph, groupType)) expect(group.inputs).not.toHaveProperty("ingress");
    const locked = one(graph, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs;
    expect([locked.ingress, locked.egress]).toEqual([[], []]);
  });

  it("lets only the service out, on HTTPS and to the database", () => {
    const ways = all(graph, egressType).map(({ inputs }) => [
      inputs.securityGroupId,
      inputs.referencedSecurityGroupId ?? inputs.cidrIpv4,
      inputs.fromPort,
    ]);
    expect(ways).toEqual(
      expect.arrayContaining([
        [groupId("balancer"), groupId("service"), 8443],
        [groupId("service"), groupId("database"), 3306],
        [groupId("service"), "0.0.0.0/0", 443],
      ]),
    );
    expect(ways).toHaveLength(3);
  });

  it("gives database subnets no route out", () => {
    const database = all(graph, "aws:ec2/subnet:Subnet").filter(({ name }) => name.includes("-database-"));
    const tables = all(graph, "aws:ec2/routeTableAssociation:RouteTableAssociation")
      .filter(({ inputs }) => database.some(({ id }) => id === inputs.subnetId))
      .map(({ inputs }) => inputs.routeTableId);
    expect(tables).toHaveLength(3);
    expect(all(graph, "aws:ec2/route:Route").filter(({ inputs }) => tables.includes(inputs.routeTableId))).toEqual([]);
  });

  it("routes each private subnet to a NAT gateway, its own zone's where there is one", () => {
    const nats = all(graph, "aws:ec2/natGateway:NatGateway");
    expect(nats).toHaveLength(stack === "dev" ? 1 : 3);
    const used = all(graph, "aws:ec2/route:Route").flatMap(({ inputs }) => inputs.natGatewayId ?? []);
    expect(used).toHaveLength(3);
    expect(new Set(used).size).toBe(nats.length);
  });

  it("reaches S3 without the internet, and in prd every service that instances use all the time", () => {
    const endpoints = all(graph, "aws:ec2/vpcEndpoint:VpcEndpoint");
    const [s3] = endpoints.filter(({ inputs }) => inputs.vpcEndpointType === "Gateway");
    expect(s3?.inputs.routeTableIds).toHaveLength(3);
    const interfaces = endpoints.filter(({ inputs }) => inputs.vpcEndpointType === "Interface");
    const names = interfaces.map(({ inputs }) => String(inputs.serviceName).replace("com.amazonaws.us-east-1.", ""));
    expect(names.sort()).toEqual(stack === "prd" ? [...Object.keys(interfaceServices)].sort() : []);
    for (const { inputs } of interfaces) expect(inputs.subnetIds).toHaveLength(3);
  });
});

describe("subnet ranges", () => {
  it("do not overlap, whichever network they are cut from", () => {
    expect(subnetCidr("10.0.0.0/16", "database", 2)).toBe("10.0.34.0/24");
    expect(subnetCidr("172.20.0.0/20", "private", 1)).toBe("172.20.1.16/28");
    expect(() => subnetCidr("10.0.0.0/24", "public", 0)).toThrow(RangeError);
  });
});
