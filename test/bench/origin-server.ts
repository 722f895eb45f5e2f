import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { buildOrigin } from "../stack/build.ts";
import { freePorts } from "../stack/ports.ts";
import { LOCAL } from "../stack/stack.ts";
import { CLOCK } from "./pages.ts";
import type { Stage } from "./stage.ts";

/** As in the image (origin/Dockerfile). */
const IMAGE = { NODE_OPTIONS: "--max-semi-space-size=2 --max-old-space-size=96", MALLOC_ARENA_MAX: "2" };

/** Starts the bundle that production runs; its log goes where production's goes, to a pipe that somebody reads. */
export async function productionOrigin(
  stage: Stage,
  databaseUrl: string,
  vars: Record<string, string> = {},
): Promise<{ url: string; pid: number; spawnedMs: number }> {
  const bundle = await buildOrigin(`${await stage.folder()}/origin`);
  const port = await freePorts(1);
  const spawnedMs = performance.now();
  const child = spawn(process.execPath, [bundle], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      ...IMAGE,
      HOST: "127.0.0.1",
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      EDGE_TOKENS: LOCAL.edgeToken,
      CLOCK_OFFSET_MS: String(Date.parse(CLOCK) - Date.now()),
      ...vars,
    },
  });
  const gone = once(child, "exit");
  stage.onEnd(async () => {
    child.kill("SIGTERM");
    await gone;
  });
  const lines = createInterface(child.stdout);
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => {
      if (line.includes('"event":"listening"')) resolve();
    });
    void gone.then(([code]) => reject(new Error(`the origin ended with ${code} before it listened`)));
  });
  // From here on it is read and thrown away, line by line no more.
  lines.close();
  child.stdout.resume();
  return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, spawnedMs };
}
