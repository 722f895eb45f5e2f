import { Hono } from "hono";
import { compress } from "hono/compress";
import { routePath } from "hono/route";
import { type ApiVariables, notFound, publicApi } from "#core/api/app.ts";
import { healthResponse } from "#core/api/health.ts";
import { DATA_HEADERS, problemResponse } from "#core/problem.ts";
import { gatherHealth } from "./health.ts";
import { internalApi } from "./internal.ts";
import { errorFields } from "./log.ts";
import type { Services } from "./services.ts";
import { StoreUnavailable } from "./store/watched.ts";
import { TRACE_HEADER, traceparentOf } from "./trace.ts";

export interface OriginEnv {
  Variables: ApiVariables & {
    services: Services;
    /** The instant at which the request came in, and by which it is answered. */
    nowMs: number;
    traceparent: string;
  };
}

/** The answers that can be long. The others fit into one packet as they are. */
const LONG_ANSWERS = [
  "/api/v1/rates/historical",
  "/api/v1/series",
  "/api/v1/currencies",
  ...["/docs", "/openapi.json"].flatMap((path) => [path, `/api/v1${path}`]),
];
const RETRY_AFTER_SECONDS = 5;

/** The origin's HTTP side. */
export function createApp(services: Services): Hono<OriginEnv> {
  const app = new Hono<OriginEnv>();

  app.use(async (c, next) => {
    const startMs = performance.now();
    const incoming = c.req.header(TRACE_HEADER);
    const traceparent = traceparentOf(incoming);
    c.set("services", services);
    c.set("nowMs", services.now());
    c.set("traceparent", traceparent);
    await next();
    const { status, headers } = c.res;
    if (incoming !== undefined || status >= 400) headers.set(TRACE_HEADER, traceparent);
    if (services.isDraining) headers.set("Connection", "close");
    const durationMs = performance.now() - startMs;
    services.timings.record(durationMs);
    services.log("request", {
      method: c.req.method,
      route: routePath(c, -1),
      status,
      duration_ms: Math.round(durationMs * 10) / 10,
      traceparent,
    });
  });

  app.get("/health/live", () => new Response("live", { headers: PLAIN }));
  app.get("/health/ready", async () => {
    const isReady = !services.isDraining && (await answers(services));
    return new Response(isReady ? "ready" : "not ready", { status: isReady ? 200 : 503, headers: PLAIN });
  });
  app.get("/health", async () => healthResponse(await gatherHealth(services)));

  app.route("/internal", internalApi());

  // It marks the tag of what it packs as weak: the same rates, in other bytes.
  for (const path of LONG_ANSWERS) app.use(path, compress({ encoding: "gzip" }));
  app.route(
    "/",
    publicApi<OriginEnv>((c) => ({
      pages: services.pages,
      nowMs: c.var.nowMs,
      elapsedMs: () => services.now() - c.var.nowMs,
      policy: services.env.policy,
    })),
  );

  app.notFound((c) => notFound(c));
  app.onError((error, c) => {
    if (error instanceof StoreUnavailable)
      return problemResponse({ code: "unavailable", retryAfterSeconds: RETRY_AFTER_SECONDS }, c.req.url);
    services.log("error", { route: routePath(c, -1), traceparent: c.var.traceparent, ...errorFields(error) });
    return problemResponse({ code: "internal" }, c.req.url);
  });
  return app;
}

const PLAIN = { ...DATA_HEADERS, "Content-Type": "text/plain", "Cache-Control": "no-store" };

async function answers({ store }: Services): Promise<boolean> {
  return store.ping().then(
    () => true,
    () => false,
  );
}
