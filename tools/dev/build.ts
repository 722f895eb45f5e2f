import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify, stripVTControlCharacters } from "node:util";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const WRANGLER_CONFIG = `${ROOT}wrangler.toml`;
/** Of the worker that delivers webhooks. */
export const DELIVER_CONFIG = `${ROOT}wrangler.deliver.toml`;

export interface BuildSettings {
  /** Not minified, so that developers can read it. */
  isReadable?: boolean;
  /** Which worker: the edge, unless said otherwise. */
  config?: string;
  /** Ends the build early. */
  signal?: AbortSignal | undefined;
}

/** Bundles a worker into `outDir` exactly as a deployment would, and returns the bundle's path. */
export async function buildEdge(
  outDir: string,
  { isReadable = false, config = WRANGLER_CONFIG, signal }: BuildSettings = {},
): Promise<string> {
  // Of its files, the package exports only one; the command lies beside it.
  const wrangler = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin/wrangler.js");
  const args = [wrangler, "deploy", "--dry-run", "--outdir", outDir, "--config", config, "--env", ""];
  if (isReadable) args.push("--minify=false");
  await runNode(args, signal, { WRANGLER_SEND_METRICS: "false" });
  return `${outDir}/index.js`;
}

/** The settings of the image that the origin runs in (origin/Dockerfile). */
export const IMAGE_ENV = { NODE_OPTIONS: "--max-semi-space-size=4 --max-old-space-size=96", MALLOC_ARENA_MAX: "2" };

/** Bundles the origin into `outDir` as its image holds it, and returns the server's path. */
export async function buildOrigin(outDir: string, { isReadable = false, signal }: BuildSettings = {}): Promise<string> {
  await runNode([`${ROOT}origin/build.ts`, ...(isReadable ? ["--readable"] : []), outDir], signal);
  return `${outDir}/server.mjs`;
}

/** Runs a script of Node's. Throws an Error with what it printed if it fails. */
export async function runNode(args: string[], signal?: AbortSignal, env: Record<string, string> = {}): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", ...env },
      ...(signal && { signal }),
    });
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    throw new Error(faultsOf(stderr).join("\n") || (error instanceof Error ? error.message : String(error)));
  }
}

/** Each fault of a bundler's in one line, "file:line:column: what"; the whole text if there is none of that form. */
export function faultsOf(stderr: string): string[] {
  const lines = stripVTControlCharacters(stderr).split("\n");
  const faults = lines.flatMap((line, index) => {
    const what = /\[ERROR\] (.+)/.exec(line)?.[1];
    // The place comes two lines after; a summary of how many there are has none.
    const place = /^\s+(\S+:\d+:\d+):$/.exec(lines[index + 2] ?? "")?.[1];
    return what !== undefined && place !== undefined ? [`${place}: ${what}`] : [];
  });
  return faults.length > 0 ? [...new Set(faults)] : lines.filter((line) => line.trim() !== "");
}
