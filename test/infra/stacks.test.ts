import { describe, expect, it } from "vitest";
import type { Graph } from "../../pulumi/graph.ts";
import { collectGraph, placeholderDigest } from "../../pulumi/plan/collect.ts";
import { stackConfig, stackNames } from "../../pulumi/plan/stack-file.ts";
import { all, graphOf, one, stacks } from "./graphs.ts";

/** A graph without its stack's name and without what user data hides in base64. */
function anonymous(graph: Graph): string[] {
  const text = (value: unknown) =>
    JSON.stringify(value, (key, inner) => (key === "userData" ? Buffer.from(inner, "base64").toString() : inner));
  return graph.resources
    .map(({ type, name, inputs, protect }) => `${type} ${name} ${protect} ${text(inputs)}`)
    .map((line) => line.replaceAll(new RegExp(`(?<!/)\\b${graph.stack}\\b`, "g"), "STACK"))
    .sort();
}

function differences(left: Graph, right: Graph): string[] {
  const other = new Set(anonymous(right));
  return anonymous(left)
    .filter((line) => !other.has(line))
    .map((line) => line.split(" ").slice(0, 2).join(" "));
}

describe("the three stacks", () => {
  it("are the ones that have a file", () => {
    expect(stackNames().sort()).toEqual([...stacks].sort());
  });

  it("are collected one after the other, even if they are asked for at once", async () => {
    const collect = (stack: string) =>
      collectGraph(stack, { ...stackConfig(stack), "paridad:imageDigest": placeholderDigest });
    for (const { stack, resources } of await Promise.all(["dev", "stg"].map(collect))) {
      const urns = resources.map(({ urn }) => urn);
      expect(new Set(urns).size).toBe(urns.length);
      expect(urns.filter((urn) => !urn.startsWith(`urn:pulumi:${stack}::`))).toEqual([]);
    }
  });

  it.each(["dev", "stg"] as const)("%s is prd but for its file", async (stack) => {
    const settings = { ...stackConfig("prd"), "paridad:imageDigest": placeholderDigest };
    const asProduction = await collectGraph(stack, settings);
    expect(differences(asProduction, await graphOf("prd"))).toEqual([]);
  });

  it("stg differs from prd in nothing but size, retention and locks", async () => {
    const [stg, prd] = [await graphOf("stg"), await graphOf("prd")];
    const inStgAlone = new Set(differences(stg, prd).map((line) => line.split(" ")[0]));
    expect(inStgAlone).toEqual(
      new Set([
        "aws:acm/certificate:Certificate", // the host's name
        "aws:acm/certificateValidation:CertificateValidation",
        "aws:backup/plan:Plan", // days kept
        "aws:budgets/budget:Budget", // the sum
        "aws:cloudwatch/logGroup:LogGroup", // days kept
        "aws:ec2/launchTemplate:LaunchTemplate", // the public URL
        "aws:lb/listener:Listener", // the trust store's mode
        "aws:lb/listenerRule:ListenerRule", // the host's name
        "aws:lb/loadBalancer:LoadBalancer", // deletion protection
        "aws:rds/cluster:Cluster", // ACUs and days kept
        "aws:route53/healthCheck:HealthCheck", // the host's name
        "aws:route53/record:Record", // the host's name
        "aws:s3/bucket:Bucket", // object lock
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      ]),
    );
  });

  it("dev is small and can be thrown away", async () => {
    const dev = await graphOf("dev");
    expect(all(dev, "aws:rds/clusterInstance:ClusterInstance")).toHaveLength(1);
    expect(all(dev, "aws:ec2/natGateway:NatGateway")).toHaveLength(1);
    expect(all(dev, "aws:backup/plan:Plan")).toEqual([]);
    expect(dev.resources.filter(({ protect }) => protect)).toEqual([]);
    expect(one(dev, "aws:rds/cluster:Cluster").inputs).toMatchObject({
      deletionProtection: false,
      skipFinalSnapshot: true,
    });
    expect(all(dev, "aws:cloudwatch/logGroup:LogGroup").map(({ inputs }) => inputs.retentionInDays)).toEqual(
      Array(10).fill(7),
    );
  });
});
