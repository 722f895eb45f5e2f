import { type Context, Hono } from "hono";
import { type ApiVariables, notFound, publicApi } from "#core/api/app.ts";
import { asksStore, costOf, PERIOD_ROUTES } from "#core/api/cost.ts";
import { isShareable } from "#core/api/diagnostics.ts";
import { PREFIX } from "#core/api/endpoint.ts";
import { responseKey } from "#core/api/formats/format.ts";
import { healthResponse } from "#core/api/health.ts";
import { JWKS_PATH, PRIVATE_ROUTES } from "#core/api/private/paths.ts";
import { namesPrivateProvider } from "#core/api/private/rates.ts";
import { problemResponse } from "#core/api/problem.ts";
import { canonicalTarget, hostOf, mountedTarget, targetOf } from "#core/api/target.ts";
import { TRACE_HEADER } from "#core/ops/trace.ts";
import { utcDate } from "#core/time/dates.ts";
import { HotResponse } from "./hot-response.ts";
import { originEvents } from "./live/origin-events.ts";
import { gatherHealth } from "./ops/health.ts";
import { missingBackEnds } from "./ops/local.ts";
import { isWithinLimit, RATE_LIMIT_PERIOD_SECONDS } from "./ops/rate-limit.ts";
import { RequestScope } from "./ops/request-scope.ts";
import { metricsResponse } from "./ops/scrape.ts";
import { forward, jwksResponse } from "./private/forward.ts";
import type { Services } from "./services.ts";
import { heldUntilMs } from "./tiers/held-page.ts";

/** What a handler finds in the context. */
export interface EdgeVariables extends ApiVariables {
  scope: RequestScope;
  /** When the request came in: the instant that its response is for. */
  nowMs: number;
}

interface EdgeEnv {
  Variables: EdgeVariables;
}

export type Handler = (request: Request, context: ExecutionContext) => Response | Promise<Response>;

/**
 * The worker's HTTP side, made once per isolate. Finished responses are reused before anything else runs; every other
 * request goes to the app under its canonical URL.
 */
export function createHandler(services: Services): Handler {
  const app = createApp(services);
  const handle: Handler = (request, context) => {
    // Each look at a request crosses into workerd.
    const { method, url, headers } = request;
    const raw = targetOf(url);
    if (raw === undefined) return problemResponse({ code: "bad_request", detail: "The Host header is invalid." }, url);
    const target = canonicalTarget(mountedTarget(raw, hostOf(url), services.env.policy.FACADE_HOSTS));
    if (method === "HEAD" && !LIVE_TARGET.test(target)) return head(request, context, handle);
    const hot = method === "GET" ? reuse(services, target, headers) : undefined;
    if (hot !== undefined) return hot;
    return app.fetch(target === raw ? request : moved(request, `https://edge${target}`), {}, context);
  };
  return handle;
}

/** Live updates tell HEAD from GET themselves: GET would open a connection and use up a ticket. */
const LIVE_TARGET = /\/(stream|ws)(\?|$)/;

/** The finished response to a GET request for a target, if there is one that still holds. */
function reuse(services: Services, target: string, headers: Headers): Response | undefined {
  const { tiers, isolate } = services;
  const nowMs = services.now();
  const key = responseKey(target, headers.get("Accept"));
  const renew = (response: HotResponse) => response.renew(nowMs, (page) => heldUntilMs(tiers, isolate, page, nowMs));
  const hot = services.hotResponses.find(key, nowMs, renew)?.respond(headers, nowMs);
  if (hot !== undefined) services.metrics.hot();
  return hot;
}

/** What GET responds, without its body. */
async function head(request: Request, context: ExecutionContext, handle: Handler): Promise<Response> {
  const response = await handle(withoutBody(request, request.url, "GET"), context);
  const { status, headers } = response;
  const head = new Response(null, { status, headers });
  if (response.body) head.headers.set("Content-Length", String((await response.arrayBuffer()).byteLength));
  return head;
}

/** The same request under another URL, with its body where it may have one. */
function moved(request: Request, url: string): Request {
  return READS.has(request.method) ? withoutBody(request, url) : new Request(url, request);
}

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

/** The same request under another URL or method. Reads need no body, and workerd makes no GET that has one. */
function withoutBody({ method, headers }: Request, url: string, newMethod = method): Request {
  return new Request(url, { method: newMethod, headers });
}

export function createApp(services: Services): Hono<EdgeEnv> {
  const app = new Hono<EdgeEnv>();
  const named = missingBackEnds(services.env);

  app.use(async (c, next) => {
    const nowMs = services.now();
    const scope = new RequestScope(services.now, c.executionCtx, c.req.raw);
    c.set("scope", scope);
    c.set("nowMs", nowMs);
    if (await isAllowed(services.env, c.req.raw)) await next();
    else c.res = rateLimited(c);
    if (c.res.status === 503) c.res = await named(c.res);
    keep(c, services, nowMs);
    returnTrace(c, scope);
    services.metrics.responded(c.res.status, services.now() - nowMs);
  });

  app.get("/health", async (c) => {
    if (!(await isWithinLimit(services.env.healthRateLimiter, c.req.raw))) return rateLimited(c);
    return healthResponse(await gatherHealth(services, c.get("scope")));
  });
  app.get("/metrics", (c) => metricsResponse(services, c.get("scope"), c.req.raw));
  app.get(JWKS_PATH, (c) => jwksResponse(services, c.req.url));
  for (const path of PRIVATE_ROUTES)
    app.all(path, (c, next) => (c.req.method === "OPTIONS" ? next() : forward(services, c.get("scope"), c.req.raw)));
  if (services.env.catalogue.hasPrivate)
    app.get(`${PREFIX}/*`, (c, next) =>
      namesPrivateProvider(c, services.env.catalogue) ? forward(services, c.get("scope"), c.req.raw) : next(),
    );
  // The internal API is not public, for any method.
  app.all("/internal/*", (c) => problemResponse({ code: "not_found" }, c.req.url));

  for (const path of PERIOD_ROUTES) {
    app.get(path, async (c, next) => {
      const units = costOf(path, c, services.env.catalogue, utcDate(c.get("nowMs")));
      if (!(await isWithinLimit(services.env.heavyRateLimiter, c.req.raw, units))) return rateLimited(c);
      return next();
    });
  }
  app.route(
    "/",
    publicApi<EdgeEnv>((c) => {
      const scope = c.get("scope");
      const nowMs = c.get("nowMs");
      return {
        pages: services.pages(scope),
        boards: services.boards(scope),
        events: originEvents(services, scope),
        live: services.live,
        archive: services.archive(scope),
        nowMs,
        elapsedMs: () => Math.round(services.now() - nowMs),
        policy: services.env.policy,
        catalogue: services.env.catalogue,
        homePage: services.homePage,
        document: services.document,
        publicUrl: services.env.publicUrl,
      };
    }),
  );

  app.notFound((c) => notFound(c));
  app.onError((error, c) => {
    services.reporter.exception(error, `${c.req.method} ${c.req.routePath}`, c.get("scope"));
    return problemResponse({ code: "internal" }, c.req.url);
  });
  return app;
}

/** Whether a client may make one request more. What the edge can't answer by itself counts as heavy, too. */
async function isAllowed({ rateLimiter, heavyRateLimiter }: Services["env"], request: Request): Promise<boolean> {
  if (!(await isWithinLimit(rateLimiter, request))) return false;
  return request.method !== "GET" || !asksStore(request.url) || isWithinLimit(heavyRateLimiter, request);
}

function rateLimited(c: Context<EdgeEnv>): Response {
  return problemResponse({ code: "rate_limited", retryAfterSeconds: RATE_LIMIT_PERIOD_SECONDS }, c.req.url);
}

/** Keeps what a handler made for reuse, if it may be kept. */
function keep(c: Context<EdgeEnv>, { hotResponses }: Services, nowMs: number): void {
  const answer = c.get("answer");
  if (answer === undefined || c.req.method !== "GET" || answer.hotUntilMs <= nowMs) return;
  const key = responseKey(targetOf(c.req.url) ?? "/", c.req.header("Accept"));
  hotResponses.keep(key, new HotResponse(answer, nowMs), answer.body.length, answer.hotUntilMs);
}

/** Names the trace in the response, unless a shared cache would send it to other clients. */
function returnTrace(c: Context<EdgeEnv>, scope: RequestScope): void {
  if ((scope.isTraced || c.res.status >= 400) && !isShareable(c.res.headers))
    // Responses of other objects, such as a WebSocket's, have headers that can't be changed in place.
    c.header(TRACE_HEADER, scope.traceparent);
}
