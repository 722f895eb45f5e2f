import type { Graph, GraphResource } from "../../pulumi/graph.ts";
import { collectGraph, placeholderDigest } from "../../pulumi/plan/collect.ts";
import { stackConfig } from "../../pulumi/plan/stack-file.ts";

export const stacks = ["dev", "stg", "prd"] as const;
export type StackName = (typeof stacks)[number];

const made = new Map<string, Promise<Graph>>();

/** The graph of a stack as its file configures it, with an image, and with some settings changed. */
export async function graphOf(stack: StackName, changes: Record<string, unknown> = {}): Promise<Graph> {
  const key = JSON.stringify([stack, changes]);
  const config = merged({ "paridad:imageDigest": placeholderDigest, ...stackConfig(stack) }, changes);
  const graph = made.get(key) ?? withoutTraces(() => collectGraph(stack, config));
  made.set(key, graph);
  return structuredClone(await graph);
}

const { stackTraceLimit } = Error;

/** Pulumi notes a stack trace for each of thousands of promises: most of the time that a graph takes. */
async function withoutTraces<T>(work: () => Promise<T>): Promise<T> {
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Changes are by section: `{ database: { readers: 1 } }` leaves the section's other settings as they are, null takes one away. */
function merged(config: Record<string, string>, changes: Record<string, unknown>): Record<string, string> {
  const result = { ...config };
  for (const [key, value] of Object.entries(changes)) {
    const name = `paridad:${key}`;
    if (value === null) {
      delete result[name];
      continue;
    }
    if (typeof value === "string") result[name] = value;
    else result[name] = JSON.stringify({ ...JSON.parse(result[name] ?? "{}"), ...(value as object) });
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
