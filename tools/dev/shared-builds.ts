import { existsSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** Names the folder in which the stacks of one run share what they build: the source does not change meanwhile. */
export const SHARED_BUILDS = "PARIDAD_SHARED_BUILDS";

/** Where a build is kept: among the shared ones under `name`, or in the stack's own folder where nothing is shared. */
export function buildFolder(name: string, ownDir: string): string {
  const shared = process.env[SHARED_BUILDS];
  return shared === undefined ? ownDir : join(shared, name);
}

/** Builds into a folder of `buildFolder`, unless it is shared and there. Two that come at once build both; the first is kept. */
export async function buildInto(dir: string, build: (dir: string) => Promise<unknown>): Promise<void> {
  const shared = process.env[SHARED_BUILDS];
  if (shared === undefined || !dir.startsWith(shared)) {
    await build(dir);
    return;
  }
  if (existsSync(dir)) return;
  const made = await mkdtemp(`${dir}-`);
  await build(made);
  await rename(made, dir).catch(() => rm(made, { recursive: true, force: true }));
}
