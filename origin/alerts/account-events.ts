import { type Context, Hono } from "hono";
import { DATA_HEADERS } from "#core/api/headers.ts";
import { problemResponse } from "#core/api/problem.ts";
import { type AccountEventPage, MAX_ACCOUNT_EVENTS } from "#core/wire/account-events.ts";
import type { OriginEnv } from "../app.ts";
import { accountLedger } from "../store/accounts-rows.ts";
import { eventsOfAll, newestEvents } from "../store/alerts-events.ts";

/** Accounts' own events, for the edge: their hubs send them to those who listen. */

const HEADERS = { ...DATA_HEADERS, "Content-Type": "application/json", "Cache-Control": "no-store" };
/** Longer than an outage of the edge's cron that nobody notices: connections of a key that has ended must be closed. */
const ENDED_MS = 3_600_000;
const POSITION = /^\d{1,15}$/;

/** To be mounted behind the edge's token. */
export function accountEventRoutes(): Hono<OriginEnv> {
  const app = new Hono<OriginEnv>();

  app.get("/account-events", async (c) => {
    const after = c.req.query("after") ?? "0";
    if (!POSITION.test(after)) return invalid(c);
    const { store, now } = c.var.services;
    const nowMs = now();
    const page = await store.transaction("accountEvents", async (session): Promise<AccountEventPage> => {
      const events = await eventsOfAll(session, Number(after), MAX_ACCOUNT_EVENTS);
      return {
        events,
        next: events.at(-1)?.id ?? Number(after),
        more: events.length === MAX_ACCOUNT_EVENTS,
        ended: await accountLedger(session).endedSince(nowMs - ENDED_MS, nowMs),
      };
    });
    return c.body(JSON.stringify(page), 200, HEADERS);
  });

  app.get("/accounts/:id/events", async (c) => {
    const history = await c.var.services.store.transaction("accountHistory", (session) =>
      newestEvents(session, c.req.param("id"), MAX_ACCOUNT_EVENTS),
    );
    return c.body(JSON.stringify(history), 200, HEADERS);
  });

  return app;
}

function invalid(c: Context<OriginEnv>): Response {
  const errors = [{ parameter: "after", detail: "must be the number of an event, or 0" }];
  return problemResponse({ code: "invalid_parameter", errors }, c.req.url);
}
