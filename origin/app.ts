import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type Context, Hono, type Next } from "hono";
import { routePath } from "hono/route";
import { type ApiVariables, publicApi } from "#core/api/app.ts";
import { costOf, PERIOD_ROUTES } from "#core/api/cost.ts";
import { isShareable } from "#core/api/diagnostics.ts";
import { readDocument } from "#core/api/document-files.ts";
import { responseKey } from "#core/api/formats/format.ts";
import { DATA_HEADERS } from "#core/api/headers.ts";
import { healthResponse } from "#core/api/health.ts";
import { type PrivateHost, privateApi, refusalOf } from "#core/api/private/api.ts";
import { privately } from "#core/api/private/headers.ts";
import { namesPrivateProvider } from "#core/api/private/rates.ts";
import { problemResponse } from "#core/api/problem.ts";
import { targetOf } from "#core/api/target.ts";
import { signTicket } from "#core/auth/jwt.ts";
import { signingKeyAt } from "#core/auth/token-keys.ts";
import { TRACE_HEADER } from "#core/ops/trace.ts";
import type { Catalogue } from "#core/providers/catalogue.ts";
import { utcDate } from "#core/time/dates.ts";
import { deliveriesApi } from "./alerts/routes.ts";
import { clientAuthorization } from "./auth.ts";
import { HeavyQueue } from "./heavy-queue.ts";
import { held } from "./held.ts";
import { type Conditions, keptResponse, NegotiatedResponse } from "./negotiated-response.ts";
import { errorFields } from "./ops/log.ts";
import { recordServed } from "./ops/served.ts";
import { spanOf } from "./ops/trace.ts";
import { gatherHealth } from "./routes/health.ts";
import { internalApi } from "./routes/internal.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { oauthRoutes } from "./routes/oauth.ts";
import type { Services } from "./services.ts";
import { siteRoute } from "./site.ts";
import { StoreUnavailable } from "./store/watched.ts";

export interface OriginEnv {
  /** Absent in tests that call the app without a server. */
  Bindings: { incoming?: IncomingMessage };
  Variables: ApiVariables & {
    services: Services;
    /** When the request came in: the instant that its response is for. */
    nowMs: number;
    traceparent: string;
    /** Set if the request may read private providers: then no response is reused or kept. */
    isPrivate: boolean | undefined;
  };
}

const RETRY_AFTER_SECONDS = 5;
/** After this the queue of long periods probably has room again. */
const HEAVY_RETRY_AFTER_SECONDS = 2;
/** Health is public, so the store is probed at most this often. */
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
    // A shared cache would send this trace to other clients.
    if ((incoming !== undefined || status >= 400) && !isShareable(c.res.headers))
      c.res.headers.set(TRACE_HEADER, traceparent);
    if (services.isDraining) c.res.headers.set("Connection", "close");
    const { method } = c.req;
    const durationMs = performance.now() - startMs;
    recordServed({ context, method, route: routePath(c, -1), status, startMs: c.get("nowMs"), durationMs }, services);
  });

  app.get("/health/live", () => new Response("live", { headers: PLAIN }));
  app.get("/health/ready", async () => {
    const isReady = !services.isDraining && (await responds(services));
    return new Response(isReady ? "ready" : "not ready", { status: isReady ? 200 : 503, headers: PLAIN });
  });
  const health = held(() => gatherHealth(services), HEALTH_HELD_MS, services.now);
  app.get("/health", async () => healthResponse(await health()));

  app.get("/metrics", metricsRoute(services));
  app.route("/internal/deliveries", deliveriesApi());
  app.route("/internal", internalApi());

  app.route("/", oauthRoutes(services));
  if (services.issuers.length > 0)
    app.route(
      "/",
      privateApi<OriginEnv>((c) => privateHost(c)),
    );

  if (services.env.catalogue.hasPrivate) app.get("/api/*", (c, next) => openPrivate(c, next));
  for (const path of ["/", "/api/*", "/frankfurter/*", "/SieAPIRest/*", "/v6/*", "/docs", "/openapi.json"])
    app.use(path, (c, next) => reuse(c, next, services));
  const heavy = new HeavyQueue();
  for (const path of PERIOD_ROUTES) {
    app.get(path, async (c, next) => {
      if (costOf(path, c, catalogueOf(c), utcDate(c.get("nowMs"))) === 0) return next();
      let kept: Promise<Response> | undefined;
      const hasRun = await heavy.run(async () => {
        // While this request waited, one before it may have been the same.
        kept = respondAgain(c, services);
        await (kept ?? next());
      });
      if (hasRun) return kept;
      return problemResponse({ code: "rate_limited", retryAfterSeconds: HEAVY_RETRY_AFTER_SECONDS }, c.req.url);
    });
  }
  app.route(
    "/",
    publicApi<OriginEnv>((c) => ({
      pages: services.pages,
      boards: services.boards,
      events: services.events,
      live: services.live,
      archive: services.archive,
      ticks: services.ticks,
      nowMs: c.get("nowMs"),
      elapsedMs: () => services.now() - c.get("nowMs"),
      policy: services.env.policy,
      catalogue: catalogueOf(c),
      homePage: async () => services.site?.homePage,
      document: readDocument,
      publicUrl: services.env.publicUrl,
    })),
  );

  app.notFound(siteRoute);
  app.onError((error, c) => {
    if (isHungUp(c))
      return problemResponse({ code: "bad_request", detail: "The request body is incomplete." }, c.req.url);
    if (error instanceof StoreUnavailable)
      return problemResponse({ code: "unavailable", retryAfterSeconds: RETRY_AFTER_SECONDS }, c.req.url);
    services.log("error", { route: routePath(c, -1), traceparent: c.var.traceparent, ...errorFields(error) });
    return problemResponse({ code: "internal" }, c.req.url);
  });
  return app;
}

function catalogueOf(c: Context<OriginEnv>): Catalogue {
  const { catalogue } = c.var.services.env;
  return c.get("isPrivate") ? catalogue.opened : catalogue;
}

/** Lets a reader with the scope `rates:private` read the provider that the request names. */
async function openPrivate(c: Context<OriginEnv>, next: Next): Promise<Response | undefined> {
  if (!namesPrivateProvider(c, c.var.services.env.catalogue)) return void (await next());
  const refusal = await refusalOf(privateHost(c), "rates:private");
  if (refusal) return privately(problemResponse(refusal, c.req.url));
  c.set("isPrivate", true);
  await next();
  privately(c.res);
  return undefined;
}

/** What the private API works with in one request. */
function privateHost(c: Context<OriginEnv>): PrivateHost {
  const { accounts, env, issuers, ownIssuer } = c.var.services;
  const nowMs = c.get("nowMs");
  return {
    nowMs,
    policy: env.policy,
    catalogue: env.catalogue,
    random: randomBytes,
    targets: { isLocal: env.environment === "local", ownHosts: [new URL(env.publicUrl).hostname] },
    signTicket: async (grant) => {
      const key = signingKeyAt(env.tokenKeys, nowMs);
      return key && signTicket(grant, ownIssuer, key, nowMs);
    },
    issuers,
    authorization: clientAuthorization(c),
    callerOf: (token) => accounts.callerOf(token, nowMs),
    read: accounts.read,
    change: accounts.change,
  };
}

/** Reuses a finished response for as long as it holds. */
async function reuse(c: Context<OriginEnv>, next: Next, services: Services): Promise<Response | undefined> {
  if (c.req.method !== "GET" || c.get("isPrivate")) return void (await next());
  const { hotResponses, store } = services;
  const { generation } = hotResponses;
  const revision = store.pagesRevision;
  const again = respondAgain(c, services);
  if (again) return again;
  await next();
  const made = c.get("answer");
  if (made === undefined) return undefined;
  const finished = new NegotiatedResponse(made, { route: routePath(c, -1), revision });
  if (made.hotUntilMs > c.get("nowMs"))
    hotResponses.keep(keyOf(c), finished, made.body.length, made.hotUntilMs, generation);
  const response = await finished.respond(conditionsOf(c), false);
  // When a response replaces another, Hono would add the other's headers.
  c.res = undefined;
  c.res = response;
  return undefined;
}

/** A response that is kept, if there is one for the request and it still holds. */
function respondAgain(c: Context<OriginEnv>, services: Services): Promise<Response> | undefined {
  if (c.get("isPrivate")) return undefined;
  return keptResponse(services, keyOf(c), c.get("nowMs"))?.respond(conditionsOf(c), true);
}

function keyOf(c: Context<OriginEnv>): string {
  return responseKey(targetOf(c.req.url) ?? "/", c.req.header("Accept"));
}

function conditionsOf(c: Context<OriginEnv>): Conditions {
  return {
    ifNoneMatch: c.req.header("If-None-Match"),
    acceptEncoding: c.req.header("Accept-Encoding"),
    cacheControl: c.req.header("Cache-Control"),
  };
}

/** Whether the client closed the connection before its request was complete: then the failure is not ours. */
function isHungUp({ env }: Context<OriginEnv>): boolean {
  const incoming = env?.incoming;
  return incoming?.destroyed === true && !incoming.complete;
}

const PLAIN = { ...DATA_HEADERS, "Content-Type": "text/plain", "Cache-Control": "no-store" };

async function responds({ store }: Services): Promise<boolean> {
  return store.ping().then(
    () => true,
    () => false,
  );
}
