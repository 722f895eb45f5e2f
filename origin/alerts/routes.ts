import { type Context, Hono } from "hono";
import { DATA_HEADERS } from "#core/api/headers.ts";
import { problemResponse } from "#core/api/problem.ts";
import { type Backlog, claimRequestSchema, reportSchema } from "#core/wire/deliveries.ts";
import type { OriginEnv } from "../app.ts";
import { boundedBody } from "../routes/body.ts";
import type { Services } from "../services.ts";
import { backlogOf, claim, type DeliveryDeps, report } from "./delivery.ts";
import { evaluate } from "./evaluate.ts";

/** The internal routes of alerts: evaluation for the edge, deliveries for the worker that makes them. */

const HEADERS = { ...DATA_HEADERS, "Content-Type": "application/json", "Cache-Control": "no-store" };
/** Less than the edge waits for a response. */
const EVALUATION_BUDGET_MS = 2_000;

/** POST /internal/evaluate: decides what the log has brought, and says what is due to be delivered. */
export async function evaluateRoute(c: Context<OriginEnv>): Promise<Response> {
  const { store, env, now, log } = c.var.services;
  const evaluation = await evaluate({ store, catalogue: env.catalogue, now }, EVALUATION_BUDGET_MS);
  if (evaluation.fired > 0) log("alerts_fired", { count: evaluation.fired });
  return c.body(JSON.stringify({ ...evaluation, backlog: await logBacklog(c.var.services) }), 200, HEADERS);
}

/** POST /internal/deliveries/*: only for the delivering worker, whose token is good for nothing else. */
export function deliveriesApi(): Hono<OriginEnv> {
  const app = new Hono<OriginEnv>();

  app.use(async (c, next) => {
    if (!c.var.services.isDeliverer(c.req.header("Authorization")))
      return problemResponse({ code: "unauthorized" }, c.req.url);
    await next();
  });
  app.use(boundedBody);

  app.post("/claim", async (c) => {
    const deps = depsOf(c.var.services);
    if (deps === undefined) return problemResponse({ code: "not_found" }, c.req.url);
    const parsed = claimRequestSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success) return problemResponse({ code: "bad_request", detail: "The body is no claim." }, c.req.url);
    const { claim: claimed, unsigned } = await claim(deps, parsed.data.lease_id);
    if (unsigned > 0) c.var.services.log("deliveries_unsigned", { count: unsigned });
    return c.body(JSON.stringify(claimed), 200, HEADERS);
  });

  app.post("/report", async (c) => {
    const deps = depsOf(c.var.services);
    if (deps === undefined) return problemResponse({ code: "not_found" }, c.req.url);
    const parsed = reportSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!parsed.success)
      return problemResponse({ code: "bad_request", detail: "The body is not a report." }, c.req.url);
    const counts = await report(deps, parsed.data);
    c.var.services.log("deliveries_reported", { ...counts });
    return c.body(JSON.stringify(await logBacklog(c.var.services)), 200, HEADERS);
  });

  return app;
}

async function logBacklog({ store, now, log }: Services): Promise<Backlog> {
  const { backlog, oldestMs } = await backlogOf({ store, now });
  if (backlog.due > 0) log("deliveries_due", { count: backlog.due, lag_ms: oldestMs });
  return backlog;
}

/** Without a key for secrets a deployment has no webhooks. */
function depsOf({ store, secretBox, now }: Services): DeliveryDeps | undefined {
  return secretBox && { store, box: secretBox, now, wallNow: Date.now, random: Math.random };
}
