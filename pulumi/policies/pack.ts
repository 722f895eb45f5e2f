import { PolicyPack, type PolicyResource, type StackValidationPolicy } from "@pulumi/policy";
import type { Graph } from "../graph.ts";
import { rules } from "./rules.ts";

/** The same rules as the tests', for `pulumi preview --policy-pack policies`. Each is mandatory. */
new PolicyPack("paridad", {
  policies: rules.map(
    (rule): StackValidationPolicy => ({
      name: rule.name,
      description: rule.description,
      enforcementLevel: "mandatory",
      validateStack: ({ resources }, report) => {
        for (const { message, urn } of rule.check(toGraph(resources))) report(message, urn || undefined);
      },
    }),
  ),
});

function toGraph(resources: PolicyResource[]): Graph {
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  return {
    stack: (resources[0]?.urn ?? "").split(":")[2] ?? "",
    outputs: root?.props ?? {},
    resources: resources.map(({ urn, parent, type, name, opts, props }) => ({
      urn,
      parent: parent?.urn ?? "",
      type,
      name,
      // Read late: during a preview it may be unknown, and only the policies that ask must wait.
      get id() {
        return String(props.id ?? "");
      },
      custom: !type.startsWith("paridad:"),
      protect: opts.protect,
      // Pulumi does not tell policy packs.
      retain: false,
      inputs: props,
    })),
  };
}
