import type { Context } from "hono";
import { DATA_HEADERS } from "#core/api/headers.ts";
import { problemResponse } from "#core/api/problem.ts";
import type { OriginEnv } from "../app.ts";
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
    const [health, isDatabaseUp, quarantineWaiting, migrations, latestEvent, consumers] = await Promise.all([
      gatherHealth(services),
      store.ping().then(
        () => true,
        () => false,
      ),
      store.countWaiting().catch(() => undefined),
      store.migrations().catch(() => undefined),
      store.events.latest().catch(() => undefined),
      store.events.lag(services.now()).catch(() => []),
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
    });
    const headers = { ...DATA_HEADERS, "Content-Type": metrics.contentType, "Cache-Control": "no-store" };
    return c.body(text, 200, headers);
  };
}
