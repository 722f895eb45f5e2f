import { type Context, Hono } from "hono";
import type { z } from "zod";
import { DATA_HEADERS } from "#core/api/headers.ts";
import { problemResponse } from "#core/api/problem.ts";
import { recentFrom, summaryOf } from "#core/pages/series-digests.ts";
import type { Provider } from "#core/providers/provider.ts";
import { FIRST_PROVIDER, findProvider, findSeries } from "#core/providers/provider-list.ts";
import {
  batchSchema,
  type Commit,
  DATABASE_HEADER,
  type EdgeEvent,
  type EdgeIncident,
  edgeEventSchema,
  type ReadingCommit,
  readingSchema,
  readingsSchema,
  runSchema,
  type SeriesReading,
  type SeriesReadings,
} from "#core/wire/internal.ts";
import { evaluateRoute } from "../alerts/routes.ts";
import type { OriginEnv } from "../app.ts";
import { boundedBody, invalid, withBody } from "./body.ts";
import { eventRoutes } from "./events.ts";
import { commitBatch } from "./old-batches.ts";
import { pageRoutes } from "./pages.ts";
import { serveFromNowOn } from "./serve.ts";
import { tickRoute } from "./ticks.ts";

const MAX_SERIES = 50;
const NOT_PROVIDERS = { parameter: "providers", detail: "must be ids of providers, as a,b" };
const NOT_SERIES = { parameter: "series", detail: `must be at most ${MAX_SERIES} ids of series, as a.X,b.Y` };

const HEADERS = { ...DATA_HEADERS, "Content-Type": "application/json", "Cache-Control": "no-store" };

/** The internal API: only for the edge. */
export function internalApi(): Hono<OriginEnv> {
  const app = new Hono<OriginEnv>();

  app.use(async (c, next) => {
    const { isEdge, store } = c.var.services;
    if (!isEdge(c.req.header("Authorization"))) return problemResponse({ code: "unauthorized" }, c.req.url);
    await next();
    if (store.isInTrouble) c.res.headers.set(DATABASE_HEADER, "trouble");
  });
  app.use(boundedBody);
  app.route("/", eventRoutes());

  app.route("/", pageRoutes());

  app.get("/versions", async (c) => {
    const providers = providersIn(c.req.query("providers"));
    if (providers === undefined) return invalid(c, [NOT_PROVIDERS]);
    return c.body(JSON.stringify({ versions: await c.var.services.store.versions(idsOf(providers)) }), 200, HEADERS);
  });

  app.get("/digests", async (c) => {
    const { store, now } = c.var.services;
    const { providers: named, series } = c.req.query();
    if (series !== undefined) {
      const ids = series.split(",");
      if (ids.length > MAX_SERIES || ids.some((id) => !findSeries(id))) return invalid(c, [NOT_SERIES]);
      return c.body(JSON.stringify(await store.digests(ids)), 200, HEADERS);
    }
    const providers = providersIn(named);
    if (providers === undefined) return invalid(c, [NOT_PROVIDERS]);
    const digests = await store.digests(idsOf(providers));
    const isOldEdge = named === undefined;
    return c.body(JSON.stringify(isOldEdge ? digests : summaryOf(digests, recentFrom(yearAt(now())))), 200, HEADERS);
  });

  app.post("/readings", (c) =>
    withBody<SeriesReading | SeriesReadings>(c, schemaOfReadings, async (body) => {
      const { store, now } = c.var.services;
      const readings = "readings" in body ? body.readings : [body];
      const [first] = readings as [SeriesReading];
      return committed(c, first, await store.commitAll(readings, now()));
    }),
  );

  app.post("/ticks", tickRoute);

  app.post("/observations", (c) =>
    withBody(c, batchSchema, async (batch) => {
      const { store, now } = c.var.services;
      return committed(c, batch, await commitBatch(store, batch, now()));
    }),
  );

  app.post("/runs", (c) =>
    withBody(c, runSchema, async (run) => {
      await c.var.services.store.recordRun(run);
      c.var.services.log("ingest_run", run);
      return c.body(null, 204, DATA_HEADERS);
    }),
  );

  app.post("/evaluate", evaluateRoute);

  app.post("/events", (c) =>
    withBody(c, edgeEventSchema, async (event) => {
      c.var.services.log(event.event, fieldsOf(event));
      return c.body(null, 204, DATA_HEADERS);
    }),
  );

  return app;
}

/** The first and the last year of a range such as 1991-2023, or of a single year; undefined if it is neither. */
/** The providers of a list, or the one that edges of the release before know; undefined if one does not exist. */
function providersIn(list: string | undefined): Provider[] | undefined {
  if (list === undefined) return [FIRST_PROVIDER];
  const providers = list.split(",").map(findProvider);
  return providers.every((provider) => provider !== undefined) ? providers : undefined;
}

function idsOf(providers: readonly Provider[]): string[] {
  return providers.flatMap(({ series }) => series.map(({ id }) => id));
}

function yearAt(nowMs: number): number {
  return new Date(nowMs).getUTCFullYear();
}

/** Serves what was stored from the next request on, and counts it. */
function committed(
  c: Context<OriginEnv>,
  { batch_id, fetched_at }: Pick<SeriesReading, "batch_id" | "fetched_at">,
  commit: ReadingCommit | Commit,
): Response {
  const { log, now } = c.var.services;
  const { pages: touched, ...counts } = commit;
  serveFromNowOn(touched, c.var.services);
  // The edge's clock may be ahead of ours.
  log("commit", { batch_id, ...counts, lag_ms: Math.max(0, now() - Date.parse(fetched_at)) });
  if (counts.quarantined > 0) log("quarantine", { batch_id, count: counts.quarantined });
  return c.body(JSON.stringify(commit), 200, HEADERS);
}

/** An event's fields as metric filters count them. */
function fieldsOf(event: EdgeEvent): Record<string, unknown> {
  if (event.event !== "edge_minute") return incidentFields(event);
  const { at, ...counts } = event;
  return { ...counts, edge_at: at };
}

/** A breaker's new state, or the number that a detail begins with. */
function incidentFields({ event, name, detail, at }: EdgeIncident): Record<string, unknown> {
  const fields = { name, detail, edge_at: at };
  if (event === "breaker") return { ...fields, to: /\w+$/.exec(detail)?.[0] };
  const count = /^\d{1,9}(?!\d)/.exec(detail)?.[0];
  return count === undefined ? fields : { ...fields, [FIGURES[event] ?? "count"]: Number(count) };
}

const FIGURES: Partial<Record<EdgeIncident["event"], string>> = { freshness: "publishes_missed" };

/** One reading, or several: chosen here, for a union's errors would not say what is wrong. */
function schemaOfReadings(body: unknown): z.ZodType<SeriesReading | SeriesReadings> {
  return typeof body === "object" && body !== null && "readings" in body ? readingsSchema : readingSchema;
}
