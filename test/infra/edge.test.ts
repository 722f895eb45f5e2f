import { beforeAll, describe, expect, it } from "vitest";
import { cloudflareRanges } from "../../pulumi/edge/cloudflare.ts";
import type { Graph } from "../../pulumi/graph.ts";
import { graphOf, one, stacks } from "./graphs.ts";

interface Rule {
  name: string;
  priority: number;
  statement: Record<string, Record<string, unknown>>;
}

const webAcl = (graph: Graph) => one(graph, "aws:wafv2/webAcl:WebAcl").inputs.rules as Rule[];

describe("edge access", () => {
  let graph: Graph;
  beforeAll(async () => {
    graph = await graphOf("prd");
  });

  it("knows Cloudflare's ranges, each once, and leaves the group's rules room", () => {
    expect(cloudflareRanges).toHaveLength(15);
    expect(new Set(cloudflareRanges).size).toBe(15);
    const list = one(graph, "aws:ec2/managedPrefixList:ManagedPrefixList").inputs;
    expect((list.entries as { cidr: string }[]).map(({ cidr }) => cidr)).toEqual(cloudflareRanges);
    expect(Number(list.maxEntries)).toBeLessThanOrEqual(60);
  });

  it("limits a client to 1,000 requests a second by the address that Cloudflare saw", () => {
    const limit = webAcl(graph).find(({ name }) => name === "requests-per-client")?.statement.rateBasedStatement;
    expect(limit).toMatchObject({
      aggregateKeyType: "FORWARDED_IP",
      forwardedIpConfig: { headerName: "CF-Connecting-IP", fallbackBehavior: "MATCH" },
    });
    expect(Number(limit?.limit) / Number(limit?.evaluationWindowSec)).toBe(1_000);
  });

  it("asks AWS's rule groups that see more than Cloudflare's addresses, in an order without gaps", () => {
    const rules = webAcl(graph);
    expect(rules.map(({ priority }) => priority)).toEqual(rules.map((_, index) => index));
    expect(rules.flatMap(({ statement }) => statement.managedRuleGroupStatement?.name ?? [])).toEqual([
      "AWSManagedRulesCommonRuleSet",
      "AWSManagedRulesKnownBadInputsRuleSet",
      "AWSManagedRulesSQLiRuleSet",
    ]);
  });

  it("lets the worker's batches through: long bodies and requests without a User-Agent are only counted", () => {
    const common = webAcl(graph).find(({ name }) => name === "AWSManagedRulesCommonRuleSet");
    expect(common?.statement.managedRuleGroupStatement?.ruleActionOverrides).toEqual([
      { name: "SizeRestrictions_BODY", actionToUse: { count: {} } },
      { name: "NoUserAgent_HEADER", actionToUse: { count: {} } },
    ]);
  });

  it("blocks countries when, and only when, the stack names some", async () => {
    expect(webAcl(await graphOf("prd", { edge: { blockedCountries: [] } })).map(({ name }) => name)).not.toContain(
      "blocked-countries",
    );
    expect(webAcl(graph).map(({ name }) => name)).toContain("blocked-countries");
    const blocking = webAcl(await graphOf("prd", { edge: { blockedCountries: ["KP", "IR"] } }));
    expect(blocking.find(({ name }) => name === "blocked-countries")?.statement.geoMatchStatement).toMatchObject({
      countryCodes: ["KP", "IR"],
      forwardedIpConfig: { headerName: "CF-Connecting-IP" },
    });
  });

  it("refuses a country by a status that the worker does not take for a refused token", () => {
    expect(webAcl(graph).find(({ name }) => name === "blocked-countries")).toMatchObject({
      action: { block: { customResponse: { responseCode: 451 } } },
    });
  });

  it("is in a zone of its own in each stack, for a zone can be delegated to one account", async () => {
    const hosts: string[] = [];
    for (const stack of stacks) {
      hosts.push(String(one(await graphOf(stack), "aws:acm/certificate:Certificate").inputs.domainName));
    }
    expect(new Set(hosts.map((host) => host.slice(host.indexOf(".") + 1))).size).toBe(3);
  });

  it("asks who connects for a certificate of the stack's own authority", async () => {
    const store = one(graph, "aws:lb/trustStore:TrustStore");
    expect(one(graph, "aws:lb/listener:Listener").inputs.mutualAuthentication).toMatchObject({
      mode: "verify",
      trustStoreArn: store.inputs.arn ?? expect.any(String),
    });
    expect(String(one(graph, "aws:s3/bucketObjectv2:BucketObjectv2").inputs.content)).toMatch(
      /^-----BEGIN CERTIFICATE-----\n/,
    );
    await expect(graphOf("prd", { edge: { clientCa: "-----BEGIN PRIVATE KEY-----\nAAAA\n" } })).rejects.toThrow(
      "must be certificates as PEM",
    );
  });

  it("has a certified name that points to the load balancer", () => {
    expect(one(graph, "aws:acm/certificate:Certificate").inputs).toMatchObject({
      domainName: "origin.aws.example.com",
      validationMethod: "DNS",
    });
    expect(one(graph, "aws:route53/record:Record", "paridad-prd-origin-authority").inputs).toMatchObject({
      name: "origin.aws.example.com",
      type: "CAA",
      records: ['0 issue "amazon.com"'],
    });
    expect(one(graph, "aws:route53/record:Record", "paridad-prd-origin-host").inputs).toMatchObject({
      name: "origin.aws.example.com",
      type: "A",
      aliases: [{ evaluateTargetHealth: true }],
    });
  });

  it("stands before the load balancer and logs what it blocks, without tokens", () => {
    const balancerArn = one(graph, "aws:wafv2/webAclAssociation:WebAclAssociation").inputs.resourceArn;
    expect(balancerArn).toEqual(expect.stringContaining(":lb:"));
    expect(one(graph, "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration").inputs.redactedFields).toEqual(
      [{ singleHeader: { name: "authorization" } }],
    );
  });

  it("describes itself in the characters that AWS takes", () => {
    const allowed: Record<string, RegExp> = {
      "aws:ec2/securityGroup:SecurityGroup": /^[\w. :/()#,@[\]+=&;{}!$*-]{1,255}$/,
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": /^[\w. :/()#,@[\]+=&;{}!$*-]{1,255}$/,
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": /^[\w. :/()#,@[\]+=&;{}!$*-]{1,255}$/,
      "aws:wafv2/webAcl:WebAcl": /^[\w+=:#@/\-,.][\w+=:#@/\-,.\s]+[\w+=:#@/\-,.]$/,
    };
    const described = graph.resources.filter(({ type }) => allowed[type]);
    expect(described.length).toBeGreaterThan(10);
    for (const { type, inputs } of described) expect(inputs.description).toMatch(allowed[type] ?? /$^/);
  });
});
