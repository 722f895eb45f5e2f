import { MIXED_READS } from "../chaos/load.ts";
import { LOCAL } from "../stack/stack.ts";
import type { Measure } from "./findings.ts";
import { runLoad } from "./load.ts";
import { pagesOf, seedRedis, seedStore, TODAY } from "./pages.ts";
import { Stage, warm } from "./stage.ts";

const TICK_MS = 10_000;
const SECONDS = { usual: 15, long: 60 };
const DIFFERENT = 500;

/** The whole stack, and the load beside it, on all cores: reads of every shape while the cron goes on. */
export const mixed: Measure = {
  name: "mixed",
  title: "Sustained mixed load: the whole stack and the load on the same cores, the cron ticking",
  async run({ long, report }) {
    const stage = new Stage();
    try {
      const stack = await stage.stack();
      await seedStore(stack.databaseUrl);
      await stage.runAll(stack);
      await seedRedis(stack.urls.redis, LOCAL.redisToken, pagesOf({ to: TODAY }));
      await warm(stack.urls.edge);
      const timer = setInterval(() => void stack.tick(), TICK_MS);
      stage.onEnd(async () => clearInterval(timer));
      const paths = Array.from({ length: DIFFERENT }, (_, index) => [
        ...MIXED_READS,
        `/api/v1/convert?from=EUR&to=MXN&amount=${index + 1}`,
      ]).flat();
      await runLoad({ url: stack.urls.edge, paths, seconds: 2, core: "any" });
      const result = await runLoad({
        url: stack.urls.edge,
        paths,
        seconds: long ? SECONDS.long : SECONDS.usual,
        core: "any",
      });
      const row = (what: string, value: number, unit: string, target?: { least?: number; most?: number }) =>
        report({ measure: "mixed", what, value, unit, ...(target && { target }) });
      row("answers", result.perSecond, "requests/s", { least: 5_000 });
      row("errors", result.errors, "", { most: 0 });
      row("median", result.p50Ms, "ms");
      row("95th percentile", result.p95Ms, "ms", { most: 20 });
      row("99th percentile", result.p99Ms, "ms");
    } finally {
      await stage.end();
    }
  },
};
