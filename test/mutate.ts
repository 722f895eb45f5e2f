/** Puts a value at the place in a JSON tree to which the path leads; `undefined` takes it away. */
export function mutate(tree: unknown, path: readonly number[], value: unknown): void {
  let node = tree;
  for (const [depth, step] of path.entries()) {
    if (typeof node !== "object" || node === null) return;
    const keys = Object.keys(node);
    const key = keys[step % Math.max(1, keys.length)];
    if (key === undefined) return;
    const fields = node as Record<string, unknown>;
    if (depth === path.length - 1) fields[key] = value;
    node = fields[key];
  }
}
