import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

/**
 * The limit at the origin: Hono on Node that returns a constant body or, with --database, with what one plain query
 * finds: the newest observation of one series, through the driver that the origin uses too.
 */
const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    bytes: { type: "string", default: "300" },
    // What /large returns.
    "large-bytes": { type: "string", default: "80000" },
    database: { type: "string" },
  },
});

const QUERY = "SELECT date, value FROM observations WHERE series_id = ? ORDER BY date DESC LIMIT 1";
const SERIES = "banxico.SF43718";
const HEADERS = { "Content-Type": "application/json" };

const constant = (bytes: string) => JSON.stringify("x".repeat(Math.max(0, Number(bytes) - 2)));

async function responder(url: string | undefined): Promise<() => Promise<string> | string> {
  if (url === undefined) {
    const body = constant(values.bytes);
    return () => body;
  }
  if (url.startsWith("file:")) {
    const statement = new DatabaseSync(url.slice("file:".length)).prepare(QUERY);
    return () => JSON.stringify(statement.get(SERIES));
  }
  const { createPool } = await import("mysql2/promise");
  const pool = createPool({ uri: url, connectionLimit: 20 });
  return async () => {
    const [rows] = await pool.execute(QUERY, [SERIES]);
    return JSON.stringify((rows as unknown[])[0]);
  };
}

const answer = await responder(values.database);
const large = constant(values["large-bytes"]);
const app = new Hono();
app.get("/", async (c) => c.body(await answer(), 200, HEADERS));
app.get("/large", (c) => c.body(large, 200, HEADERS));
const server = serve({ fetch: app.fetch, port: Number(values.port), hostname: "127.0.0.1" }, ({ port }) =>
  console.log(`bare origin ready on http://127.0.0.1:${port}`),
);
process.once("SIGTERM", () => {
  server.close();
  process.exit(0);
});
