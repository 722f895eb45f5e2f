import { MIXED_READS } from "../chaos/load.ts";
import { System } from "../dev/system.ts";
import type { Measure } from "./findings.ts";
import { type LoadResult, runLoad } from "./load.ts";
import { Stage, warm } from "./stage.ts";

/** Six times as often as in production. */
const TICK_MS = 10_000;
const SECONDS = { usual: 15, long: 60 };
/** Together some 5,300 requests per second: above the target, and below what the machine can do. */
const READERS = { connections: 64, pauseMs: 10 };

/** Reads of every shape; of conversions, five hundred. */
export const MIXED_PATHS: readonly string[] = Array.from({ length: 500 }, (_, index) => [
  ...MIXED_READS,
  `/api/v1/convert?from=EUR&to=MXN&amount=${index + 1}`,
]).flat();

/** The whole stack, and the load beside it, on all cores: reads of every shape while the cron goes on. */
export const mixed: Measure = {
  name: "mixed",
  title: "Sustained mixed load: the whole stack and the load on the same cores, the cron ticking",
  async run({ long, report }) {
    const seconds = long ? SECONDS.long : SECONDS.usual;
    const row = (what: string, value: number, unit: string, target?: { min?: number; max?: number }) =>
      report({ measure: "mixed", what, value, unit, ...(target && { target }) });
    const { full, steady } = await ofTheStack(seconds);
    row("responses, at full speed", full.perSecond, "requests/s");
    row("responses, at a steady rate", steady.perSecond, "requests/s", { min: 5_000 });
    row("errors", steady.errors, "", { max: 0 });
    row("median", steady.p50Ms, "ms");
    row("95th percentile", steady.p95Ms, "ms", { max: 20 });
    row("99th percentile", steady.p99Ms, "ms");
    // Its runtime pauses from time to time to collect garbage, for any worker.
    const bare = await ofABareWorker(seconds);
    row("bare worker, a constant, as many readers: 95th percentile", bare.p95Ms, "ms");
    row("bare worker, a constant, as many readers: 99th percentile", bare.p99Ms, "ms");
  },
};

async function ofTheStack(seconds: number): Promise<{ full: LoadResult; steady: LoadResult }> {
  const system = await System.start({ isUnlimited: true, withoutPages: true });
  const { stack } = system;
  const timer = setInterval(() => void stack.tick(), TICK_MS);
  try {
    await system.fill();
    await warm(stack.urls.edge);
    const load = { url: stack.urls.edge, paths: MIXED_PATHS, core: "any" as const };
    const full = await runLoad({ ...load, seconds: 3 });
    return { full, steady: await runLoad({ ...load, ...READERS, seconds }) };
  } finally {
    clearInterval(timer);
    await system.stop();
  }
}

async function ofABareWorker(seconds: number): Promise<LoadResult> {
  const stage = new Stage();
  try {
    const { url } = await stage.server("bare-worker.ts");
    const load = { url, paths: ["/"], core: "any" as const };
    await runLoad({ ...load, seconds: 3 });
    return await runLoad({ ...load, ...READERS, seconds });
  } finally {
    await stage.end();
  }
}
