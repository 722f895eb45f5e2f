import { pascal, type Schema } from "./components.ts";

/** Moves parameters that several operations share to `components.parameters`. */

export interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
}

interface Operation {
  operationId: string;
  parameters?: Parameter[];
}

/** Replaces what is shared by references, in place, and returns what they lead to. */
export function shareParameters(operations: readonly Operation[]): Record<string, Parameter> {
  const uses = new Map<string, { parameter: Parameter; count: number; operationId: string }>();
  for (const { parameters = [], operationId } of operations)
    for (const parameter of parameters) {
      const use = uses.get(JSON.stringify(parameter)) ?? { parameter, count: 0, operationId };
      uses.set(JSON.stringify(parameter), { ...use, count: use.count + 1 });
    }
  const shared = [...uses].filter(([, { count }]) => count > 1).sort(([, a], [, b]) => b.count - a.count);
  const names = new Map<string, string>();
  const components: Record<string, Parameter> = {};
  for (const [key, { parameter, operationId }] of shared) {
    const short = pascal(parameter.name.replace(/-/g, "_"));
    // The one that most operations share has the short name.
    const name = short in components ? `${pascal(operationId)}${short}` : short;
    names.set(key, name);
    components[name] = parameter;
  }
  for (const operation of operations)
    operation.parameters = operation.parameters?.map((parameter) => {
      const name = names.get(JSON.stringify(parameter));
      return name === undefined ? parameter : ({ $ref: `#/components/parameters/${name}` } as Parameter);
    });
  return Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1)));
}
