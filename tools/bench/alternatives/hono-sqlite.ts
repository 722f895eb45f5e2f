import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

/** What a user would write with Hono on Node: a query to SQLite for each request. */
const { values } = parseArgs({ options: { port: { type: "string" }, database: { type: "string", default: "" } } });
const database = new DatabaseSync(values.database, { readOnly: true });
const newest = database.prepare("SELECT date, rate FROM rates ORDER BY date DESC LIMIT 1");
const all = database.prepare("SELECT date, rate FROM rates ORDER BY date");

const app = new Hono();
app.get("/current", (c) => c.json({ base: "USD", quote: "MXN", ...newest.get() }));
app.get("/history", (c) => c.json({ base: "USD", quote: "MXN", observations: all.all() }));
serve({ fetch: app.fetch, port: Number(values.port), hostname: "127.0.0.1" }, () => console.log("ready"));
