import { execFile } from "node:child_process";
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
  await promisify(execFile)(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false" },
  });
  return `${outDir}/index.js`;
}
