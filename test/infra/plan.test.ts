import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { monthlyCost } from "../../pulumi/plan/cost.ts";
import { printGraph } from "../../pulumi/plan/print.ts";
import { rules } from "../../pulumi/policies/rules.ts";
import { graphOf, stacks } from "./graphs.ts";

const execute = promisify(execFile);
const script = fileURLToPath(new URL("../../pulumi/plan/plan.ts", import.meta.url));

async function plan(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await execute(process.execPath, [script, ...args], { maxBuffer: 16 * 1_048_576 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

describe("infra:plan", () => {
  it("prints the graph by component, the price and the policies", async () => {
    const { code, stdout } = await plan("prd");
    expect(code).toBe(0);
    for (const part of [
      "Network (network)",
      "Database (database)",
      "ec2.Vpc paridad-prd-vpc",
      "PROTECTED",
      `Policies: ${rules.length} checked, 0 violations`,
    ]) {
      expect(stdout).toContain(part);
    }
    expect(stdout).toMatch(/Total\s+\d+\.\d\d\s+\d+\.\d\d/);
  });

  it("gives other tools each resource with its type, name, place and inputs", async () => {
    const { code, stdout } = await plan("dev", "--json");
    const { stack, resources, violations, cost } = JSON.parse(stdout);
    expect({ code, stack, violations }).toEqual({ code: 0, stack: "dev", violations: [] });
    const urns = new Set(resources.map(({ urn }: { urn: string }) => urn));
    expect(urns.size).toBe(resources.length);
    const [root, ...others] = resources.filter(({ parent }: { parent: string }) => !urns.has(parent));
    expect(root).toMatchObject({ type: "paridad:aws:Platform", name: "paridad-dev" });
    expect(others).toEqual([]);
    for (const resource of resources) {
      expect(resource).toMatchObject({
        type: expect.any(String),
        name: expect.any(String),
        inputs: expect.any(Object),
      });
    }
    expect(cost).toMatchObject({ currency: "USD", priceDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
  });

  it("takes an image, or none", async () => {
    const digest = `sha256:${"c".repeat(64)}`;
    const outputs = async (...args: string[]) => JSON.parse((await plan("prd", "--json", ...args)).stdout).outputs;
    expect((await outputs("--image", digest)).imageDigest).toBe(digest);
    expect((await outputs("--image", "")).imageDigest).toBeUndefined();
  });

  it.each([[], ["qa"], ["prd", "stg"], ["prd", "--jsn"]])("explains itself when asked %j", async (...args) => {
    const { code, stderr } = await plan(...args.flat());
    expect(code).toBe(2);
    expect(stderr).toMatch(/Usage|Unknown option/);
  });

  it("names the key that is wrong", async () => {
    const { code, stderr } = await plan("prd", "--image", "latest");
    expect(code).toBe(2);
    expect(stderr).toContain("paridad:imageDigest: must be sha256:");
  });
});

describe("the price", () => {
  it("rises with traffic, and from dev to prd", async () => {
    const totals: { low: number; high: number }[] = [];
    for (const stack of stacks) {
      const lines = monthlyCost(await graphOf(stack));
      for (const { what, low, high } of lines) expect(high, what).toBeGreaterThanOrEqual(low);
      totals.push({
        low: lines.reduce((sum, line) => sum + line.low, 0),
        high: lines.reduce((sum, line) => sum + line.high, 0),
      });
    }
    const [dev, stg, prd] = totals;
    expect(dev?.low).toBeLessThan(stg?.low ?? 0);
    expect(stg?.high).toBeLessThan(prd?.high ?? 0);
  });

  it("is a number before there is an image, too", async () => {
    const lines = monthlyCost(await graphOf("prd", { imageDigest: null, firstDeployment: "true" }));
    for (const { what, low, high } of lines) expect(Number.isFinite(low + high), what).toBe(true);
  });

  it("follows the graph: twice the ceiling, twice the high price of the database", async () => {
    const aurora = async (maxAcu: number) =>
      monthlyCost(await graphOf("prd", { database: { maxAcu } })).find(({ what }) => what === "Aurora capacity");
    const [small, large] = [await aurora(16), await aurora(32)];
    expect(small).toMatchObject({
      count: 3,
      low: expect.closeTo(3 * 0.5 * 0.12 * 730),
      high: expect.closeTo(3 * 16 * 0.12 * 730),
    });
    expect(large?.high).toBeCloseTo(2 * (small?.high ?? 0));
    expect(large?.low).toBe(small?.low);
  });

  it("counts what copies cost on their way to the second region, whole each hour", async () => {
    const backups = monthlyCost(await graphOf("prd")).find(({ what }) => what.startsWith("Backups"));
    // A gigabyte, 25 times a day for 30 days at 0.02, and 83 kept copies of it in each of two vaults.
    expect(backups?.low).toBeCloseTo(15 + 2 * 83 * 0.021, 2);
  });

  it("stops at an instance type that it does not know, rather than call it free", async () => {
    const graph = await graphOf("prd", { service: { instanceType: "x9.mega" } });
    expect(() => printGraph(graph)).toThrow(/no price for x9.mega/);
  });
});
