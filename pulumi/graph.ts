/** One resource of a stack, as the program declares it. */
export interface GraphResource {
  urn: string;
  /** The urn of the component that it belongs to; empty for the outermost. */
  parent: string;
  type: string;
  name: string;
  /** False for components, which exist only in Pulumi. */
  custom: boolean;
  protect: boolean;
  inputs: Record<string, unknown>;
}

/** Everything that a stack would create, and what it would print. */
export interface Graph {
  stack: string;
  resources: GraphResource[];
  outputs: Record<string, unknown>;
}

/** The resources of one type. */
export function ofType(graph: Graph, type: string): GraphResource[] {
  return graph.resources.filter((resource) => resource.type === type);
}
