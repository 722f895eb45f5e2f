import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ensureCommands } from "../servers/packages.ts";
import { onCore } from "./cores.ts";

const SCRIPT = fileURLToPath(new URL("load.lua", import.meta.url));

/** Which requests to send, and how fast. */
export interface LoadPlan {
  url: string;
  /** Requested in turn. */
  paths: readonly string[];
  headers?: Record<string, string>;
  /** Makes the requests POST. */
  body?: string;
  seconds: number;
  connections?: number;
  /** How long each connection waits on average before its next request; not at all without. */
  pauseMs?: number;
  /** Which core the generator runs on; "any" shares all cores with the servers. */
  core?: "load" | "any";
}

export interface LoadResult {
  requests: number;
  perSecond: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  bytes: number;
  /** Responses with a status over 399, and connections that failed or timed out. */
  errors: number;
}

const CONNECTIONS = 32;

/**
 * Sends requests as fast as responses arrive, one at a time per connection. Uses wrk: on one core autocannon makes some
 * 17,000 requests per second, while a bare worker serves 20,000 and bare Hono on Node 60,000.
 */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const { wrk } = await ensureCommands({ wrk: "wrk" });
  const dir = await mkdtemp(join(tmpdir(), "paridad-load-"));
  try {
    const file = join(dir, "paths.txt");
    await writeFile(file, `${plan.paths.join("\n")}\n`);
    const headers = Object.entries(plan.headers ?? {}).map(([name, value]) => `${name}:${value}`);
    const args = ["-t1", `-c${plan.connections ?? CONNECTIONS}`, `-d${plan.seconds}s`, "-s", SCRIPT, plan.url];
    const line = [wrk as string, ...args, "--", file, plan.body ?? "-", String(plan.pauseMs ?? 0), ...headers];
    const [command = "", ...rest] = plan.core === "any" ? line : await onCore("load", line);
    const { stdout } = await promisify(execFile)(command, rest, { timeout: (plan.seconds + 30) * 1000 });
    return resultOf(stdout);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function resultOf(printed: string): LoadResult {
  const json = printed.split("\n").find((line) => line.startsWith("{"));
  if (json === undefined) throw new Error(`the load generator printed no result:\n${printed}`);
  const { requests, micros, bytes, refused, broken, p50, p95, p99 } = JSON.parse(json) as Record<string, number> as {
    [name in "requests" | "micros" | "bytes" | "refused" | "broken" | "p50" | "p95" | "p99"]: number;
  };
  return {
    requests,
    perSecond: requests / (micros / 1e6),
    p50Ms: p50 / 1000,
    p95Ms: p95 / 1000,
    p99Ms: p99 / 1000,
    bytes,
    errors: refused + broken,
  };
}
