/** One resource of a stack, as the program declares it. */
export interface GraphResource {
  urn: string;
  /** The urn of the component that it belongs to; empty for the outermost. */
  parent: string;
  type: string;
  name: string;
  /** What stands for the id that AWS would give: other resources' inputs refer to it. */
  id: string;
  /** False for components, which exist only in Pulumi. */
  custom: boolean;
  protect: boolean;
  /** Whether a destroy leaves it in the account. */
  retain: boolean;
  inputs: Record<string, unknown>;
}

/** Everything that a stack would create, and what it would print. */
export interface Graph {
  stack: string;
  resources: GraphResource[];
  outputs: Record<string, unknown>;
}

/** The resources of some types. */
export function ofType(graph: Graph, ...types: string[]): GraphResource[] {
  return graph.resources.filter((resource) => types.includes(resource.type));
}
