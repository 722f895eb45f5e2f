import type { Graph, GraphResource } from "../graph.ts";

/** Something that a stack must not do. */
export interface Violation {
  urn: string;
  message: string;
}

/** One predicate over a whole stack. No violation: the stack passes. */
export interface Rule {
  name: string;
  description: string;
  check(graph: Graph): Violation[];
}

/** The violation of a resource. */
export function violation(resource: GraphResource, message: string): Violation {
  return { urn: resource.urn, message: `${resource.name} ${message}` };
}

/** A violation for each resource that a test does not hold for. */
export function unless(
  resources: GraphResource[],
  holds: (resource: GraphResource) => boolean,
  message: string,
): Violation[] {
  return resources.filter((resource) => !holds(resource)).map((resource) => violation(resource, message));
}

/** A list within a resource's inputs; nothing there is an empty list. */
export function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value as Record<string, unknown>];
}

/** An object within a resource's inputs; nothing there is an empty object. */
export function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** Whether a property says anything: AWS reports many that were never given as empty. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
}
