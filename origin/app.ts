import { type Context, Hono, type Next } from "hono";
import { compress } from "hono/compress";
import { routePath } from "hono/route";
import { type ApiVariables, notFound, publicApi } from "#core/api/app.ts";
import { costUnitsOf, PERIOD_ROUTES } from "#core/api/cost.ts";
import { healthResponse } from "#core/api/health.ts";
import { mexicoCityDate } from "#core/calendar.ts";
import { DATA_HEADERS, problemResponse } from "#core/problem.ts";
import { TRACE_HEADER } from "#core/trace.ts";
import { FinishedAnswer } from "./answers.ts";
import { gatherHealth } from "./health.ts";
import { HeavyQueue } from "./heavy-queue.ts";
import { held } from "./held.ts";
import { internalApi } from "./internal.ts";
import { errorFields } from "./log.ts";
import type { Services } from "./services.ts";
import { StoreUnavailable } from "./store/watched.ts";
import { spanOf } from "./trace.ts";

export interface OriginEnv {
  Variables: ApiVariables & {
    services: Services;
    /** The instant at which the request came in, and by which it is answered. */
    nowMs: number;
    traceparent: string;
  };
}

/** Long, and seldom asked for: packed each time. The API's answers are packed where they are kept. */
const DOCUMENTS = ["/docs", "/openapi.json"].flatMap((path) => [path, `/api/v1${path}`]);
const RETRY_AFTER_SECONDS = 5;
/** How soon the queue of long periods has room again. */
const HEAVY_RETRY_AFTER_SECONDS = 2;
/** Health is public: however often it is read, the store is asked no more often than this. */
const HEALTH_HELD_MS = 2_000;

/** The origin's HTTP side. */
export function createApp(services: Services): Hono<OriginEnv> {
  const app = new Hono<OriginEnv>();

  app.use(async (c, next) => {
    const startMs = performance.now();
    const incoming = c.req.header(TRACE_HEADER);
    const context = spanOf(incoming, services.env.traces?.sampledShare ?? 0);
    const { traceparent } = context;
    c.set("services", services);
    c.set("nowMs", services.now());
    c.set("traceparent", traceparent);
    await next();
    const { status } = c.res;
    if (incoming !== undefined || status >= 400) c.res.headers.set(TRACE_HEADER, traceparent);
    if (services.isDraining) c.res.headers.set("Connection", "close");
    const durationMs = performance.now() - startMs;
    services.timings.record(durationMs);
    const { method } = c.req;
    const route = routePath(c, -1);
    services.spans?.add({ context, method, route, status, startMs: c.get("nowMs"), durationMs });
    services.log("request", {
      method,
      route,
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
  const health = held(() => gatherHealth(services), HEALTH_HELD_MS, services.now);
  app.get("/health", async () => healthResponse(await health()));

  app.route("/internal", internalApi());

  for (const path of DOCUMENTS) app.use(path, compress({ encoding: "gzip" }));
  app.use("/api/*", (c, next) => keepHot(c, next, services));
  const heavy = new HeavyQueue();
  for (const path of PERIOD_ROUTES) {
    app.get(path, async (c, next) => {
      const period = { ...c.req.query(), window: c.req.param("window") };
      if (costUnitsOf(period, mexicoCityDate(c.get("nowMs"))) === 0) return next();
      if (await heavy.run(next)) return undefined;
      return problemResponse({ code: "rate_limited", retryAfterSeconds: HEAVY_RETRY_AFTER_SECONDS }, c.req.url);
    });
  }
  app.route(
    "/",
    publicApi<OriginEnv>((c) => ({
      pages: services.pages,
      nowMs: c.get("nowMs"),
      elapsedMs: () => services.now() - c.get("nowMs"),
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

/** Gives an answer again for as long as it holds. */
async function keepHot(c: Context<OriginEnv>, next: Next, { answers }: Services): Promise<Response | undefined> {
  const nowMs = c.get("nowMs");
  const { url, method } = c.req;
  if (method !== "GET") return void (await next());
  const conditions = {
    ifNoneMatch: c.req.header("If-None-Match"),
    acceptEncoding: c.req.header("Accept-Encoding"),
  };
  const kept = answers.find(url, nowMs);
  if (kept) return kept.respond(conditions);
  const { generation } = answers;
  await next();
  const made = c.get("answer");
  if (made === undefined) return undefined;
  const answer = new FinishedAnswer(made.body, made.headers);
  const response = await answer.respond(conditions);
  if (made.hotUntilMs > nowMs) answers.keep(url, answer.asGivenAgain(), made.hotUntilMs, generation);
  c.res = undefined;
  c.res = response;
  return undefined;
}

const PLAIN = { ...DATA_HEADERS, "Content-Type": "text/plain", "Cache-Control": "no-store" };

async function answers({ store }: Services): Promise<boolean> {
  return store.ping().then(
    () => true,
    () => false,
  );
}
