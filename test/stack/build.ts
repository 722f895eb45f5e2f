import { execFile } from "node:child_process";
import { watch } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const WRANGLER_CONFIG = `${ROOT}wrangler.toml`;

/** Bundles the worker into `outDir` exactly as a deployment would, and returns the bundle's path. */
export async function buildEdge(outDir: string): Promise<string> {
  // Of its files, the package exports this one alone; the command lies beside it.
  const wrangler = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin/wrangler.js");
  const args = [wrangler, "deploy", "--dry-run", "--outdir", outDir, "--config", WRANGLER_CONFIG, "--env", ""];
  await node(args, { WRANGLER_SEND_METRICS: "false" });
  return `${outDir}/index.js`;
}

/** The settings of the image that the origin runs in (origin/Dockerfile). */
export const IMAGE_ENV = { NODE_OPTIONS: "--max-semi-space-size=2 --max-old-space-size=96", MALLOC_ARENA_MAX: "2" };

/** Bundles the origin into `outDir` as its image holds it, and returns the server's path. */
export async function buildOrigin(outDir: string): Promise<string> {
  await node([`${ROOT}origin/build.ts`, outDir]);
  return `${outDir}/server.mjs`;
}

/** Calls `changed` a moment after files below these folders were changed. */
export function watchSources(folders: readonly string[], changed: () => Promise<void>): void {
  let pending: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(pending);
    pending = setTimeout(() => {
      changed().catch((error) => console.error(`not rebuilt: ${error instanceof Error ? error.message : error}`));
    }, SETTLED_MS);
  };
  for (const folder of folders) watch(`${ROOT}${folder}`, { recursive: true }, soon);
}

const SETTLED_MS = 200;

async function node(args: string[], env: Record<string, string> = {}): Promise<void> {
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env } });
}
