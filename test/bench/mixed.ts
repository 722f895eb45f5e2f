import { MIXED_READS } from "../chaos/load.ts";
import { System } from "../system/system.ts";
import type { Measure } from "./findings.ts";
import { runLoad } from "./load.ts";
import { warm } from "./stage.ts";

/** Six times as often as in production. */
const TICK_MS = 10_000;
const SECONDS = { usual: 15, long: 60 };
/** Together some 5,200 requests a second: above what is asked for, and below what the machine can do. */
const READERS = { connections: 64, pauseMs: 11 };

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
    const system = await System.start({ isUnlimited: true });
    const { stack } = system;
    const timer = setInterval(() => void stack.tick(), TICK_MS);
    try {
      await system.fill();
      await warm(stack.urls.edge);
      const load = { url: stack.urls.edge, paths: MIXED_PATHS, core: "any" as const };
      const most = await runLoad({ ...load, seconds: 3 });
      const result = await runLoad({ ...load, ...READERS, seconds: long ? SECONDS.long : SECONDS.usual });
      const row = (what: string, value: number, unit: string, target?: { least?: number; most?: number }) =>
        report({ measure: "mixed", what, value, unit, ...(target && { target }) });
      row("answers, as fast as they come", most.perSecond, "requests/s");
      row("answers, readers at a steady pace", result.perSecond, "requests/s", { least: 5_000 });
      row("errors", result.errors, "", { most: 0 });
      row("median", result.p50Ms, "ms");
      row("95th percentile", result.p95Ms, "ms", { most: 20 });
      row("99th percentile", result.p99Ms, "ms");
    } finally {
      clearInterval(timer);
      await system.stop();
    }
  },
};
