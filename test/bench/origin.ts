import { type MariaDb, startMariaDb } from "../servers/mariadb.ts";
import { compare, type Entrant } from "./compare.ts";
import type { Measure, Settings } from "./findings.ts";
import { productionOrigin } from "./origin-server.ts";
import { seedStore } from "./pages.ts";
import { Stage } from "./stage.ts";

const CURRENT = "/api/v1/rates/current";
const AVERAGE = "/api/v1/rates/average/30d";
const TEN_DAYS = "/api/v1/rates/historical?days=10";
const ALL = "/api/v1/rates/historical?from=1991-11-12&to=2023-12-29";
/** So that each read goes to the database. */
const NO_MEMORY = { PAGE_MEMORY_MS: "0" };

/** The built origin on Node, as production runs it, beside a bare Hono with a constant body and one with a plain query. */
export const origin: Measure = {
  name: "origin",
  title:
    "Origin: beside bare Hono on Node with a constant body, and beside one plain SQL query through the same driver",
  async run(settings) {
    const stage = new Stage();
    try {
      await stage.moveTo("server");
      await onStore("SQLite", `file:${await stage.folder()}/paridad.sqlite`, stage, settings);
      await stage.moveTo("load");
      // The database has a core of its own in production too: here it shares the load's.
      const mariadb: MariaDb = await startMariaDb();
      stage.onEnd(() => mariadb.stop());
      await stage.moveTo("server");
      await onStore("MariaDB", await mariadb.createDatabase(), stage, settings);
    } finally {
      await stage.end();
    }
  },
};

async function onStore(name: string, databaseUrl: string, stage: Stage, settings: Settings): Promise<void> {
  await seedStore(databaseUrl);
  const ours = await productionOrigin(stage, databaseUrl);
  const reading = await productionOrigin(stage, databaseUrl, NO_MEMORY);
  const body = await (await fetch(`${ours.url}${CURRENT}`)).text();
  const all = await (await fetch(`${ours.url}${ALL}`)).text();
  const bare = await stage.server("bare-origin.ts", ["--bytes", String(body.length)]);
  const bareAll = await stage.server("bare-origin.ts", ["--bytes", String(all.length)]);
  const query = await stage.server("bare-origin.ts", ["--database", databaseUrl]);
  const at = (
    what: string,
    server: { url: string; pid: number },
    path: string,
    more: Partial<Entrant> = {},
  ): Entrant => ({
    ...server,
    name: `${name}: ${what}`,
    paths: [path],
    ...more,
  });
  const server = ({ url, part }: typeof bare) => ({ url, pid: part.pid });
  await compare(
    "origin",
    [
      at("bare Hono, constant body", server(bare), "/"),
      at("current", ours, CURRENT, { target: { least: 0.5, onRatio: true } }),
      at("average over 30 days", ours, AVERAGE),
      at("historical, 10 days", ours, TEN_DAYS),
    ],
    settings,
  );
  await compare(
    "origin",
    [
      at("Hono and one plain query", server(query), "/"),
      at("current, every page from the store", reading, CURRENT),
      at("historical, 10 days, every page from the store", reading, TEN_DAYS),
    ],
    settings,
  );
  await compare(
    "origin",
    [
      at("bare Hono, constant of 32 years' size", server(bareAll), "/"),
      at("historical, 32 years", ours, ALL),
      at("historical, 32 years, gzip", ours, ALL, { headers: { "Accept-Encoding": "gzip" } }),
      at("historical, 32 years, every page from the store", reading, ALL),
    ],
    settings,
  );
}
