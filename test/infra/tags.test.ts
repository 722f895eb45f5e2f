import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { taggableTypes } from "../../pulumi/tags.ts";
import { graphOf, stacks } from "./graphs.ts";

const sdk = createRequire(import.meta.url);

/** The SDK's class of a resource reads back all its tags if, and only if, AWS lets it carry some. */
function canCarryTags(type: string): boolean {
  const [, module = ""] = type.split(":");
  return readFileSync(sdk.resolve(`@pulumi/aws/${module}.js`), "utf8").includes('["tagsAll"]');
}

describe("tags", () => {
  it("go to every type that can carry them, and to no other", async () => {
    const optional = {
      observability: {
        slack: { teamId: "T0123", channelId: "C0123" },
        pagerDutyUrl: "https://events.example.com/x",
        emails: ["ops@example.com"],
      },
    };
    const graphs = [await graphOf("prd", optional)];
    for (const stack of stacks) graphs.push(await graphOf(stack));
    const used = new Set(
      graphs.flatMap(({ resources }) => resources.filter(({ custom }) => custom).map(({ type }) => type)),
    );
    expect([...taggableTypes].sort()).toEqual([...used].filter(canCarryTags).sort());
  });

  it("say whose a resource is", async () => {
    const graph = await graphOf("stg", { owner: "payments" });
    const tagged = graph.resources.filter(({ type }) => taggableTypes.has(type));
    expect(tagged.length).toBeGreaterThan(100);
    for (const { inputs } of tagged) {
      expect(inputs.tags).toMatchObject({ Project: "paridad", Stack: "stg", Owner: "payments", ManagedBy: "pulumi" });
    }
  });
});
