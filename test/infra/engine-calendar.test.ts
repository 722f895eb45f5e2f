import { describe, expect, it } from "vitest";
import { minorOf, supportProblem } from "../../pulumi/data/engine-calendar.ts";
import { graphOf, one, stacks } from "./graphs.ts";

describe("the engine's support calendar", () => {
  it("reads the minor version", () => {
    expect(minorOf("8.0.mysql_aurora.3.10.5")).toBe("3.10");
    expect(minorOf("8.0.39")).toBe("");
  });

  it.each([
    ["8.0.mysql_aurora.3.08.2", "2026-11-26", "supported until 2026-05-31: 0 days left"],
    ["8.0.mysql_aurora.3.10.5", "2026-11-26", undefined],
    ["8.0.mysql_aurora.3.10.5", "2027-11-02", undefined],
    ["8.0.mysql_aurora.3.10.5", "2027-11-03", "supported until 2028-04-30: 179 days left"],
    ["8.0.mysql_aurora.3.99.0", "2026-11-26", "is not in pulumi/data/engine-calendar.ts"],
  ])("%s on %s: %s", (version, day, problem) => {
    const found = supportProblem(version, new Date(day));
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });

  // Meant to fail one day: half a year before AWS refuses the version and upgrades what runs.
  it.each(stacks)("leaves %s half a year to upgrade, as of today", async (stack) => {
    const version = String(one(await graphOf(stack), "aws:rds/cluster:Cluster").inputs.engineVersion);
    expect(supportProblem(version, new Date())).toBeUndefined();
  });
});
