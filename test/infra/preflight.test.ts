import { afterEach, describe, expect, it } from "vitest";
import { readSettings } from "../../pulumi/config.ts";
import { placeholderDigest } from "../../pulumi/plan/collect.ts";
import { stackConfig } from "../../pulumi/plan/stack-file.ts";
import { AwsError } from "../../pulumi/tools/aws.ts";
import { accountChecks } from "../../pulumi/tools/checks/account.ts";
import type { CheckContext, Finding } from "../../pulumi/tools/checks/check.ts";
import { regionChecks } from "../../pulumi/tools/checks/region.ts";
import { type Bench, type Reply, startBench } from "./doubles.ts";
import { good, servers } from "./good-account.ts";

const edge = { zone: "aws.paridad.test", host: "origin.aws.paridad.test", publicHost: "paridad.test" };
const settings = readSettings("prd", {
  ...stackConfig("prd"),
  "paridad:imageDigest": placeholderDigest,
  "paridad:edge": JSON.stringify(edge),
  "paridad:observability": '{"emails":["oncall@paridad.test"]}',
});

async function findings(changes: Record<string, unknown> = {}, given: Partial<CheckContext> = {}): Promise<string[]> {
  const aws = async (...args: string[]) => {
    const said = changes[args.join(" ")] ?? { ...good, ...changes }[args.slice(0, 2).join(" ")];
    if (said === undefined) throw new Error(`the account was asked ${args.join(" ")}`);
    if (said instanceof Error) throw said;
    return said;
  };
  const context: CheckContext = {
    settings,
    home: aws,
    recovery: aws,
    accountId: "123456789012",
    nameServers: async () => servers.map((name) => `${name.toUpperCase()}.`),
    subject: "repo:o@1/r@2:environment:prd",
    ...given,
  };
  const found: Finding[] = [];
  for (const check of [...accountChecks, ...regionChecks]) found.push(...(await check.run(context)));
  return found.filter(({ level }) => level !== "ok").map(({ level, text }) => `${level}: ${text}`);
}

const quota = (name: string, Value: number) => ({
  "service-quotas list-service-quotas": {
    Quotas: [
      ...(good["service-quotas list-service-quotas"] as { Quotas: { QuotaName: string }[] }).Quotas.filter(
        ({ QuotaName }) => !QuotaName.startsWith(name),
      ),
      { QuotaName: `${name} of the account`, Value },
    ],
  },
});

describe("the preflight", () => {
  it("finds nothing where nothing stands in the way", async () => {
    expect(await findings()).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["too few processors", quota("Running On-Demand Standard", 5), "problem: Running On-Demand Standard.* need 20"],
    ["no build at all", quota("Concurrently running builds for Linux/Small", 0), "problem: Concurrently.* need 1"],
    [
      "a retired engine",
      { "rds describe-db-engine-versions": { DBEngineVersions: [{ EngineVersion: "8.0.mysql_aurora.3.12.0" }] } },
      "problem: .*3.10.5 is not offered in us-west-2, which has 8.0.mysql_aurora.3.12.0",
    ],
    [
      "a zone without the type",
      {
        "ec2 describe-instance-type-offerings": {
          InstanceTypeOfferings: [{ Location: "us-east-1a" }, { Location: "us-east-1d" }],
        },
      },
      "problem: no t3.medium in us-east-1b, us-east-1c",
    ],
    [
      "a zone without Aurora",
      { "rds describe-orderable-db-instance-options": { OrderableDBInstanceOptions: [] } },
      "problem: no Aurora Serverless v2 .*us-east-1a",
    ],
    ["no opt-in", { "backup describe-region-settings": {} }, "note: Aurora is not opted in to in us-east-1"],
    [
      "an endpoint that is missing",
      { "ec2 describe-vpc-endpoint-services": { ServiceDetails: [] } },
      "problem: not in each zone: ecr.api",
    ],
    [
      "another stack's account",
      { "ec2 describe-vpcs": { Vpcs: [{ Tags: [{ Key: "Stack", Value: "stg" }] }] } },
      "problem: 123456789012 holds stg",
    ],
    [
      "a detector of somebody else's",
      { "guardduty list-detectors": { DetectorIds: ["d-1"] } },
      "problem: detector d-1 is there already",
    ],
    [
      "a recorder of somebody else's",
      { "configservice describe-configuration-recorders": { ConfigurationRecorders: [{ name: "default" }] } },
      "problem: recorder default is there already",
    ],
    [
      "no zone",
      { "route53 list-hosted-zones-by-name": { HostedZones: [] } },
      "problem: Route 53 of this account has no public zone",
    ],
    [
      "a secret on its way out",
      { "secretsmanager list-secrets": { SecretList: [{ Name: "x", DeletedDate: "2026-11-01" }] } },
      "problem: scheduled for deletion.*: x",
    ],
    [
      "a taken snapshot",
      { "rds describe-db-cluster-snapshots": { DBClusterSnapshots: [{}] } },
      "note: a snapshot paridad-prd-final",
    ],
    [
      "a state without versions",
      { "s3api get-bucket-versioning": {} },
      "problem: paridad-state-123456789012 keeps no versions",
    ],
    [
      "a state in one region",
      {
        "s3api get-bucket-replication": new AwsError(
          "s3api",
          "An error occurred (ReplicationConfigurationNotFoundError)",
        ),
      },
      "note: .*is not replicated",
    ],
    [
      "an account in which Auto Scaling was never used",
      {
        "iam get-role --role-name AWSServiceRoleForAutoScaling": new AwsError(
          "iam get-role",
          "An error occurred (NoSuchEntity)",
        ),
      },
      "problem: its role is not there.*create-service-linked-role",
    ],
    ["an inactive tag", { "ce list-cost-allocation-tags": { CostAllocationTags: [] } }, "note: activate the tag Stack"],
    [
      "somebody else's session preferences",
      { "ssm list-documents": { DocumentIdentifiers: [{ Tags: [] }] } },
      "problem: Session Manager's preferences are set already",
    ],
    [
      "full log policies",
      { "logs describe-resource-policies": { resourcePolicies: Array(10).fill({ policyName: "x" }) } },
      "problem: all 10",
    ],
    [
      "a role for any repository",
      { "iam get-role": { Role: { AssumeRolePolicyDocument: {} } } },
      "problem: paridad-deploy does not ask",
    ],
  ])("names %s", async (_what, changes, expected) => {
    expect((await findings(changes)).join("\n")).toMatch(new RegExp(expected));
  });

  it("compares what GitHub sends with what the role trusts", async () => {
    expect(await findings({}, { subject: "repo:o/r:environment:prd" })).toEqual([
      "problem: paridad-deploy trusts repo:o@1/r@2:environment:prd, and GitHub sends repo:o/r:environment:prd",
    ]);
  });

  it("sees a zone that the world is told to look for elsewhere, or nowhere", async () => {
    expect((await findings({}, { nameServers: async () => ["ns.elsewhere.test"] })).join()).toContain(
      "is delegated to ns.elsewhere.test, not to",
    );
    expect((await findings({}, { nameServers: () => Promise.reject(new Error("ENOTFOUND")) })).join()).toContain(
      "is delegated to nobody",
    );
  });

  it("sees an example left in the settings", async () => {
    const example = { ...settings, edge: { ...settings.edge, zone: "aws.example.com" } };
    expect((await findings({}, { settings: example })).join()).toContain("still an example: aws.example.com");
  });
});

describe("infra:preflight", () => {
  let bench: Bench;
  afterEach(() => bench.close());
  const replies = (changes: Reply[] = []): Reply[] => [
    ...changes,
    ...Object.entries(good).map(([command, say]) => ({ when: new RegExp(`^aws ${command}`), say })),
  ];

  it("asks the CLI in both regions, changes nothing, and fails for the examples in the stack's file", async () => {
    bench = await startBench(replies());
    const { code, stdout } = await bench.run("preflight", "prd", "--no-dns", "--json");
    const { results } = JSON.parse(stdout) as { results: { name: string; findings: Finding[] }[] };
    expect(code).toBe(1);
    expect(results.find(({ name }) => name === "settings")?.findings[0]?.text).toContain("oncall@example.com");
    expect(results.find(({ name }) => name === "engine")?.findings.map(({ level }) => level)).toEqual(["ok", "ok"]);
    const calls = await bench.calls();
    expect(calls.filter((line) => line.includes("describe-region-settings")).sort()).toEqual([
      "aws backup describe-region-settings --region us-east-1 --output json",
      "aws backup describe-region-settings --region us-west-2 --output json",
    ]);
    for (const line of calls) expect(line).toMatch(/^aws [\w-]+ (describe|list|get)-/);
  });

  it("goes on when one question is refused, and says which", async () => {
    bench = await startBench(replies([{ when: /guardduty/, fail: "AccessDeniedException" }]));
    const { code, stdout } = await bench.run("preflight", "prd", "--no-dns");
    expect(code).toBe(1);
    expect(stdout).toMatch(/PROBLEM GuardDuty\s+could not be checked: aws guardduty list-detectors: .*AccessDenied/);
    expect(stdout).toMatch(/ok\s+quotas/);
  });

  it.each([[], ["qa"]])("explains itself when asked %j", async (...args) => {
    bench = await startBench([]);
    const { code, stderr } = await bench.run("preflight", ...args.flat());
    expect(code).toBe(2);
    expect(stderr).toContain("Usage: npm run infra:preflight");
  });
});
