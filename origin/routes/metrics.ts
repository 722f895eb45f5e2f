import type { Context } from "hono";
import { DATA_HEADERS } from "#core/api/headers.ts";
import { problemResponse } from "#core/api/problem.ts";
import { stalledSeries } from "#core/ingest/ticks.ts";
import type { OriginEnv } from "../app.ts";
import type { Readings } from "../ops/metrics.ts";
import type { Services } from "../services.ts";
import { tokenCheck } from "../tokens.ts";
import { gatherHealth } from "./health.ts";

/**
 * GET /metrics of this instance. Outside the local environment it requires METRICS_TOKEN, which opens nothing else, and
 * it does not exist without one.
 */
export function metricsRoute(services: Services): (c: Context<OriginEnv>) => Promise<Response> {
  const { metricsToken, environment } = services.env;
  const isOff = metricsToken === undefined && environment !== "local";
  const isAllowed = metricsToken === undefined ? () => true : tokenCheck([metricsToken]);
  return async (c) => {
    if (isOff) return problemResponse({ code: "not_found" }, c.req.url);
    if (!isAllowed(c.req.header("Authorization"))) return problemResponse({ code: "unauthorized" }, c.req.url);
    const { metrics, store, pages, hotResponses, pools } = services;
    const [health, isDatabaseUp, quarantineWaiting, migrations, latestEvent, consumers, stalled] = await Promise.all([
      gatherHealth(services),
      store.ping().then(
        () => true,
        () => false,
      ),
      store.countWaiting().catch(() => undefined),
      store.migrations().catch(() => undefined),
      store.events.latest().catch(() => undefined),
      store.events.lag(services.now()).catch(() => []),
      stalledTicks(services),
    ]);
    const text = await metrics.text({
      health,
      isDatabaseUp,
      quarantineWaiting,
      migrations,
      pools: pools(),
      pagesHeld: pages.size,
      hotResponses: hotResponses.size,
      latestEvent,
      consumers,
      stalled,
    });
    const headers = { ...DATA_HEADERS, "Content-Type": metrics.contentType, "Cache-Control": "no-store" };
    return c.body(text, 200, headers);
  };
}

/** How many series of each intraday provider have stalled; none of a provider whose state can't be read. */
async function stalledTicks({ env, ticks, now }: Services): Promise<Readings["stalled"]> {
  const polled = env.catalogue.providers.filter(({ tracked }) => tracked !== undefined);
  const counts = polled.map(async ({ id }) => {
    const state = await ticks.state(id).catch(() => undefined);
    return state === undefined ? [] : [{ provider: id, series: stalledSeries(state, now()).length }];
  });
  return (await Promise.all(counts)).flat();
}
