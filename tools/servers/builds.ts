import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHARED_BUILDS } from "../dev/shared-builds.ts";

/** Has the stacks of a test run share what they build, and takes it away after them. */
export default async function setup(): Promise<() => Promise<void>> {
  // Those of another project, which share them.
  if (process.env[SHARED_BUILDS] !== undefined) return async () => {};
  const dir = await mkdtemp(join(tmpdir(), "paridad-builds-"));
  process.env[SHARED_BUILDS] = dir;
  return async () => {
    delete process.env[SHARED_BUILDS];
    await rm(dir, { recursive: true, force: true });
  };
}
