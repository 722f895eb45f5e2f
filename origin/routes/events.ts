import { type Context, Hono } from "hono";
import { z } from "zod";
import { DATA_HEADERS } from "#core/api/headers.ts";
import { problemResponse } from "#core/api/problem.ts";
import { CURSORS, type CursorName, EVENT_TYPES, type EventType, MAX_EVENTS_PER_PAGE } from "#core/wire/events.ts";
import { accountEventRoutes } from "../alerts/account-events.ts";
import type { OriginEnv } from "../app.ts";

/** The log of events, for the edge: GET /internal/events, the cursors of its consumers, and accounts' own events. */

const DEFAULT_LIMIT = 500;
const MAX_NAMES = 100;
const HEADERS = { ...DATA_HEADERS, "Content-Type": "application/json", "Cache-Control": "no-store" };

const position = z
  .string()
  .regex(/^\d{1,15}$/, "must be the number of an event, or 0")
  .transform(Number);
const names = z
  .string()
  .transform((text) => text.split(","))
  .refine((list) => list.length <= MAX_NAMES);

const querySchema = z.lazy(() =>
  z.strictObject({
    after: position.default(0),
    limit: position.default(DEFAULT_LIMIT).refine((limit) => limit > 0 && limit <= MAX_EVENTS_PER_PAGE),
    types: names
      .refine(
        (list) => list.every((type) => (EVENT_TYPES as readonly string[]).includes(type)),
        "must be types of events",
      )
      .transform((list) => list as EventType[])
      .default([...EVENT_TYPES]),
    series: names.optional(),
    providers: names.optional(),
  }),
);

const moveSchema = z.lazy(() => z.strictObject({ from: z.int().min(0), to: z.int().min(0) }));

/** To be mounted behind the edge's token. */
export function eventRoutes(): Hono<OriginEnv> {
  const app = new Hono<OriginEnv>();
  app.route("/", accountEventRoutes());

  app.get("/events", async (c) => {
    const query = querySchema.safeParse(c.req.query());
    if (!query.success) return invalid(c, query.error);
    return c.body(JSON.stringify(await c.var.services.store.events.read(query.data)), 200, HEADERS);
  });

  app.get("/cursors/:consumer", async (c) => {
    const consumer = consumerOf(c);
    if (consumer === undefined) return problemResponse({ code: "not_found" }, c.req.url);
    const { store, now, log } = c.var.services;
    const seq = await store.events.cursor(consumer);
    const lag = (await store.events.lag(now())).find((one) => one.consumer === consumer);
    // Consumers ask at least once a minute: an alarm is on the age.
    if (lag !== undefined) log("event_lag", { consumer, behind: lag.behind, age_seconds: lag.ageSeconds });
    return c.body(JSON.stringify({ seq }), 200, HEADERS);
  });

  app.post("/cursors/:consumer", async (c) => {
    const consumer = consumerOf(c);
    if (consumer === undefined) return problemResponse({ code: "not_found" }, c.req.url);
    const move = moveSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!move.success) return invalid(c, move.error);
    const { store, now } = c.var.services;
    const seq = await store.events.moveCursor(consumer, move.data.from, move.data.to, now());
    return c.body(JSON.stringify({ seq }), 200, HEADERS);
  });

  return app;
}

function consumerOf(c: Context<OriginEnv>): CursorName | undefined {
  return CURSORS.find((consumer) => consumer === c.req.param("consumer"));
}

function invalid(c: Context<OriginEnv>, { issues }: z.ZodError): Response {
  const errors = issues.map(({ path, message }) => ({ parameter: path.join(".").slice(0, 100), detail: message }));
  return problemResponse({ code: "invalid_parameter", errors }, c.req.url);
}
