import { type Context, Hono } from "hono";
import { type ApiVariables, notFound, publicApi } from "#core/api/app.ts";
import { healthResponse } from "#core/api/health.ts";
import { problemResponse } from "#core/problem.ts";
import { TRACE_HEADER } from "#core/trace.ts";
import { gatherHealth } from "./health.ts";
import { missingBackEnds } from "./local.ts";
import { isWithinLimit, RATE_LIMIT_PERIOD_SECONDS } from "./rate-limit.ts";
import { RequestScope } from "./request-scope.ts";
import type { Services } from "./services.ts";

/** What a handler finds in the context. */
export interface EdgeVariables extends ApiVariables {
  services: Services;
  scope: RequestScope;
  /** The instant at which the request came in, and by which it is answered. */
  nowMs: number;
}

interface EdgeEnv {
  Variables: EdgeVariables;
}

/** The worker's HTTP side, made once per isolate. */
export function createApp(services: Services): Hono<EdgeEnv> {
  const app = new Hono<EdgeEnv>();
  const named = missingBackEnds(services.env);

  app.use(async (c, next) => {
    const nowMs = services.now();
    const scope = new RequestScope(services.now, c.executionCtx, c.req.raw);
    c.set("services", services);
    c.set("scope", scope);
    c.set("nowMs", nowMs);
    if (await isWithinLimit(services.env.rateLimiter, c.req.raw)) await next();
    else c.res = problemResponse({ code: "rate_limited", retryAfterSeconds: RATE_LIMIT_PERIOD_SECONDS }, c.req.url);
    if (c.res.status === 503) c.res = await named(c.res);
    complete(c);
    services.metrics.answered(c.res.status, services.now() - nowMs);
  });

  app.get("/health", async (c) => healthResponse(await gatherHealth(services, c.var.scope)));
  // The way between edge and origin is not the public's, whatever the method.
  app.all("/internal/*", (c) => problemResponse({ code: "not_found" }, c.req.url));

  app.route(
    "/",
    publicApi<EdgeEnv>((c) => ({
      pages: services.pages(c.var.scope),
      nowMs: c.var.nowMs,
      elapsedMs: () => Math.round(services.now() - c.var.nowMs),
      policy: services.env.policy,
    })),
  );

  app.notFound((c) => notFound(c));
  app.onError((error, c) => {
    services.reporter.exception(error, `${c.req.method} ${c.req.routePath}`, c.var.scope);
    return problemResponse({ code: "internal" }, c.req.url);
  });
  return app;
}

/** After the handlers: the answer kept hot, and the trace. */
function complete(c: Context<EdgeEnv>): void {
  const { services, scope, nowMs } = c.var;
  const answer = c.get("answer");
  if (answer !== undefined && c.res.status === 200 && c.req.method === "GET")
    services.answers.keep(c.req.url, answer, nowMs);
  if (scope.isTraced || c.res.status >= 400) c.res.headers.set(TRACE_HEADER, scope.traceparent);
}
