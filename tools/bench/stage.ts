import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { banxico } from "#core/providers/banxico.ts";
import { ROOT } from "../dev/build.ts";
import { Part } from "../dev/part.ts";
import { freePorts } from "../dev/ports.ts";
import { LOCAL, Stack, type StackOptions } from "../dev/stack.ts";
import { moveAnywhere, moveHere } from "./cores.ts";
import { CLOCK, pagesOf, seedRedis, TODAY } from "./pages.ts";

/** What a benchmark starts and, at its end, stops: nothing stays behind, however it ends. */
export class Stage {
  readonly #ends: (() => Promise<unknown>)[] = [];

  /** Has `end` called at the end, the latest first. */
  onEnd(end: () => Promise<unknown>): void {
    this.#ends.unshift(end);
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0)) await end().catch((error) => console.error(error));
  }

  /** A folder of the benchmark's own. */
  async folder(): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), "paridad-bench-"));
    this.onEnd(() => rm(dir, { recursive: true, force: true }));
    return dir;
  }

  /** Moves this process, and what it starts from now on, to a core; at the end it may run on any again. */
  async moveTo(core: "server" | "load"): Promise<void> {
    this.onEnd(moveAnywhere);
    await moveHere(core);
  }

  /** The edge with a Redis that has all pages, and without anything else. */
  async edge(options: Partial<StackOptions> & { years?: number; isCold?: boolean } = {}): Promise<Stack> {
    const stack = await this.stack(options);
    await Promise.all([this.run(stack.parts.redis), this.run(stack.parts.edge)]);
    const extent = { to: TODAY, ...(options.years !== undefined && { years: options.years }) };
    await seedRedis(stack.urls.redis, LOCAL.redisToken, pagesOf(extent));
    if (!options.isCold) await warm(stack.urls.edge);
    return stack;
  }

  /** A stack of which nothing runs yet, and where its origin stores. */
  async stack(options: Partial<StackOptions> = {}): Promise<Stack & { databaseUrl: string }> {
    const dir = await this.folder();
    const databaseUrl = options.databaseUrl ?? `file:${dir}/paridad.sqlite`;
    const stack = new Stack({
      port: await freePorts(4),
      stateDir: dir,
      databaseUrl,
      clockOffsetMs: Date.parse(CLOCK) - Date.now(),
      // One client makes all requests here.
      isUnlimited: true,
      // Cloudflare has no such process: it would take three quarters of the time.
      withoutPages: true,
      ...options,
    });
    return Object.assign(stack, { databaseUrl });
  }

  /** Starts all of a stack, to be stopped at the end. */
  async runAll(stack: Stack): Promise<void> {
    this.onEnd(() => stack.stop());
    await stack.start();
  }

  /** Starts a part, to be stopped at the end. */
  async run<P extends Part>(part: P): Promise<P> {
    this.onEnd(() => part.stop());
    await part.start();
    return part;
  }

  /** Starts one of this folder's servers. */
  async server(script: string, args: readonly string[] = []): Promise<{ url: string; part: Part }> {
    const port = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    const part = new Part({
      name: script,
      url,
      script: `${ROOT}tools/bench/${script}`,
      args: ["--port", String(port), ...args],
      ready: /ready/,
    });
    return { url, part: await this.run(part) };
  }
}

/** Reads all history of every series once, so that the isolate has every page. */
export async function warm(url: string): Promise<void> {
  for (const { base } of banxico.series) {
    const response = await fetch(`${url}/api/v1/rates/historical?base=${base}&from=1991-11-12`);
    if (!response.ok)
      throw new Error(`the history of ${base} is not served: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  }
}

/** Moves a stack's Redis so far away. */
export async function latency(stack: Stack, ms: number): Promise<void> {
  await faults(stack, [{ type: "latency", ms }]);
}

/** Replaces what its Redis does wrong. */
export async function faults(stack: Stack, list: unknown[]): Promise<void> {
  const response = await fetch(`${stack.urls.redis}/__faults`, { method: "PUT", body: JSON.stringify(list) });
  if (!response.ok) throw new Error(`faults were refused: ${await response.text()}`);
}
