import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { buildOrigin, IMAGE_ENV, ROOT } from "../dev/build.ts";
import { freePorts } from "../dev/ports.ts";
import { LOCAL } from "../dev/stack.ts";
import { CLOCK } from "./pages.ts";
import type { Stage } from "./stage.ts";

export interface Server {
  url: string;
  pid: number;
  /** When its process was started, by performance.now(). */
  spawnedMs: number;
}

/** Starts the bundle that production runs. */
export async function productionOrigin(
  stage: Stage,
  databaseUrl: string,
  vars: Record<string, string> = {},
): Promise<Server> {
  const bundle = await buildOrigin(`${await stage.folder()}/origin`);
  const port = await freePorts(1);
  const env = {
    HOST: "127.0.0.1",
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    EDGE_TOKENS: LOCAL.edgeToken,
    CLOCK_OFFSET_MS: String(Date.parse(CLOCK) - Date.now()),
    ...vars,
  };
  return start(stage, port, [bundle], env);
}

/** Starts bare-origin.ts in the same way: bundled, and with the image's settings. */
export function bareOrigin(stage: Stage, args: readonly string[]): Promise<Server> {
  return bundledServer(stage, "bare-origin.ts", args);
}

/** The same for any script of this folder that takes `--port` and prints that it is ready. */
export async function bundledServer(stage: Stage, script: string, args: readonly string[]): Promise<Server> {
  const bundle = `${await stage.folder()}/server.mjs`;
  await build({
    entryPoints: [`${ROOT}tools/bench/${script}`],
    outfile: bundle,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  const port = await freePorts(1);
  return start(stage, port, [bundle, "--port", String(port), ...args], {});
}

/** Its log goes where production's goes, to a pipe that somebody reads. */
async function start(
  stage: Stage,
  port: number,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Server> {
  const spawnedMs = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...IMAGE_ENV, ...env },
  });
  const gone = once(child, "exit");
  stage.onEnd(async () => {
    child.kill("SIGTERM");
    await gone;
  });
  const lines = createInterface(child.stdout);
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => {
      if (/"event":"listening"|ready/.test(line)) resolve();
    });
    void gone.then(([code]) => reject(new Error(`the server ended with ${code} before it listened`)));
  });
  // From here on it is read and discarded, no longer line by line.
  lines.close();
  child.stdout.resume();
  return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, spawnedMs };
}
