import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { ROOT, WRANGLER_CONFIG } from "../dev/build.ts";

/** The worker as it would be uploaded. */
export interface Bundle {
  dir: string;
  /** The upload itself, as `wrangler check startup` takes it. */
  upload: string;
  bytes: number;
  gzippedBytes: number;
  /** The size of each package, the largest first. */
  byPackage: [name: string, bytes: number][];
}

const WRANGLER = join(dirname(createRequire(import.meta.url).resolve("wrangler/package.json")), "bin/wrangler.js");

/** Builds the worker for upload into `dir`. */
export async function bundleOf(dir: string): Promise<Bundle> {
  const upload = `${dir}/worker.bundle`;
  const outputs = ["--outdir", dir, "--outfile", upload, "--metafile", `${dir}/meta.json`];
  await wrangler(["deploy", "--dry-run", ...outputs, "--env", ""]);
  const script = await readFile(`${dir}/index.js`);
  const { outputs: built } = JSON.parse(await readFile(`${dir}/meta.json`, "utf8")) as Metafile;
  const entry = Object.values(built).find(({ entryPoint }) => entryPoint !== undefined);
  const sums = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(entry?.inputs ?? {}))
    sums.set(packageOf(path), (sums.get(packageOf(path)) ?? 0) + bytesInOutput);
  return {
    dir,
    upload,
    bytes: script.length,
    gzippedBytes: gzipSync(script).length,
    byPackage: [...sums].sort(([, a], [, b]) => b - a),
  };
}

/** Processor time until the worker can take its first request, as workerd's profiler sees it. */
export async function startUpMs({ dir, upload }: Bundle): Promise<number> {
  const file = `${dir}/startup.cpuprofile`;
  await wrangler(["check", "startup", "--worker", upload, "--outfile", file]);
  const { nodes, samples, timeDeltas } = JSON.parse(await readFile(file, "utf8")) as Profile;
  // What is under no function is the runtime's own work and waiting, the profiler's start among it.
  const outside = new Set(
    nodes.filter(({ callFrame }) => /^\((idle|program|root)\)$/.test(callFrame.functionName)).map(({ id }) => id),
  );
  const micros = samples.reduce((sum, node, index) => sum + (outside.has(node) ? 0 : (timeDeltas[index] ?? 0)), 0);
  return micros / 1000;
}

interface Metafile {
  outputs: Record<string, { entryPoint?: string; inputs: Record<string, { bytesInOutput: number }> }>;
}

interface Profile {
  nodes: { id: number; callFrame: { functionName: string } }[];
  samples: number[];
  timeDeltas: number[];
}

function packageOf(path: string): string {
  const inside = path.split("node_modules/").at(-1) as string;
  if (!path.includes("node_modules/")) return `our own ${path.replace(/^(\.\.\/)*/, "").split("/")[0]}/`;
  const [first = "", second = ""] = inside.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

async function wrangler(args: string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [WRANGLER, ...args, "--config", WRANGLER_CONFIG], {
    cwd: ROOT,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false" },
  });
}
