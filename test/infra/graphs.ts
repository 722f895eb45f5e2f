import type { Graph, GraphResource } from "../../pulumi/graph.ts";
import { collectGraph, placeholderDigest } from "../../pulumi/plan/collect.ts";
import { stackConfig } from "../../pulumi/plan/stack-file.ts";

export const stacks = ["dev", "stg", "prd"] as const;
export type StackName = (typeof stacks)[number];

/** The graph of a stack as its file configures it, with an image, and with some settings changed. */
export function graphOf(stack: StackName, changes: Record<string, unknown> = {}): Promise<Graph> {
  return collectGraph(stack, { "paridad:imageDigest": placeholderDigest, ...merged(stackConfig(stack), changes) });
}

/** Changes are by section: `{ database: { readers: 1 } }` leaves the section's other settings as they are. */
function merged(config: Record<string, string>, changes: Record<string, unknown>): Record<string, string> {
  const result = { ...config };
  for (const [key, value] of Object.entries(changes)) {
    const name = `paridad:${key}`;
    const before = result[name] === undefined ? {} : JSON.parse(result[name]);
    result[name] = typeof value === "string" ? value : JSON.stringify({ ...before, ...(value as object) });
  }
  return result;
}

/** The one resource of a type, or of a type and a name. */
export function one(graph: Graph, type: string, name?: string): GraphResource {
  const found = graph.resources.filter((resource) => resource.type === type && (!name || resource.name === name));
  const [resource] = found;
  if (!resource || found.length > 1) throw new Error(`${found.length} resources of ${type} ${name ?? ""}`);
  return resource;
}

/** All resources of a type. */
export function all(graph: Graph, type: string): GraphResource[] {
  return graph.resources.filter((resource) => resource.type === type);
}
