import { beforeAll, describe, expect, it } from "vitest";
import type { Graph } from "../../pulumi/graph.ts";
import { rules } from "../../pulumi/policies/rules.ts";
import { breakages } from "./breakages.ts";
import { graphOf, one, stacks } from "./graphs.ts";

const cluster = "aws:rds/cluster:Cluster";

describe("policies", () => {
  let production: Graph;
  beforeAll(async () => {
    production = await graphOf("prd");
  });

  it.each(stacks)("hold for %s, with an image and without", async (stack) => {
    for (const graph of [await graphOf(stack), await graphOf(stack, { imageDigest: `sha256:${"a".repeat(64)}` })]) {
      expect(rules.flatMap((rule) => rule.check(graph))).toEqual([]);
    }
  });

  it.each(breakages)("%s catches %s", (policy, _what, breakIt) => {
    const graph = structuredClone(production);
    breakIt(graph);
    expect(rules.filter((rule) => rule.check(graph).length > 0).map(({ name }) => name)).toContain(policy);
  });

  it("are each broken on purpose by some test", () => {
    expect(new Set(breakages.map(([policy]) => policy))).toEqual(new Set(rules.map(({ name }) => name)));
  });

  it("name the resource that breaks them", () => {
    const graph = structuredClone(production);
    one(graph, cluster).inputs.storageEncrypted = false;
    const found = rules.flatMap((rule) => rule.check(graph));
    expect(found).toEqual([{ urn: one(graph, cluster).urn, message: expect.stringContaining("paridad-prd-database") }]);
  });
});
