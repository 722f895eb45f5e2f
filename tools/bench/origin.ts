import { type MariaDb, startMariaDb } from "../servers/mariadb.ts";
import { compare, type Entrant } from "./compare.ts";
import type { Measure, Settings } from "./findings.ts";
import { bareOrigin, productionOrigin, type Server } from "./origin-server.ts";
import { seedStore } from "./pages.ts";
import { Stage } from "./stage.ts";

const CURRENT = "/api/v1/rates/current";
const AVERAGE = "/api/v1/rates/average/30d";
const TEN_DAYS = "/api/v1/rates/historical?days=10";
const ALL = "/api/v1/rates/historical?from=1991-11-12&to=2023-12-29";
/** No two of the readers that are there at once ask for the same. */
const OTHERS = Array.from({ length: 448 }, (_, index) => {
  const [month, day] = [1 + (Math.floor(index / 28) % 12), 1 + (index % 28)].map((n) => String(n).padStart(2, "0"));
  return `/api/v1/rates/historical?from=${1992 + Math.floor(index / 336)}-${month}-${day}&to=2023-12-29`;
});
/** So that each read asks the database whether anything has changed. */
const NO_MEMORY = { PAGE_MEMORY_MS: "0" };

/** The built origin on Node, as production runs it, beside a bare Hono with a constant body and one with a plain query. */
export const origin: Measure = {
  name: "origin",
  title:
    "Origin: beside bare Hono on Node with a constant body, and beside one plain SQL query through the same driver",
  async run(settings) {
    const stage = new Stage();
    try {
      await onStore("SQLite", `file:${await stage.folder()}/paridad.sqlite`, settings);
      // The database has a core of its own in production too: here it shares the load's.
      await stage.moveTo("load");
      const mariadb: MariaDb = await startMariaDb();
      stage.onEnd(() => mariadb.stop());
      await onStore("MariaDB", await mariadb.createDatabase(), settings);
    } finally {
      await stage.end();
    }
  },
};

async function onStore(name: string, databaseUrl: string, settings: Settings): Promise<void> {
  await seedStore(databaseUrl);
  const at = (what: string, { url, pid }: Server, path: string, more: Partial<Entrant> = {}): Entrant => ({
    url,
    pid,
    name: `${name}: ${what}`,
    paths: [path],
    ...more,
  });
  await compare(
    "origin",
    async (stage) => {
      const ours = await productionOrigin(stage, databaseUrl);
      const bare = await bareOrigin(stage, ["--bytes", String(await lengthOf(`${ours.url}${CURRENT}`))]);
      return [
        at("bare Hono, constant body", bare, "/"),
        at("current", ours, CURRENT, { target: { min: 0.7, onRatio: true } }),
        at("average over 30 days", ours, AVERAGE),
        at("historical, 10 days", ours, TEN_DAYS),
      ];
    },
    settings,
  );
  await compare(
    "origin",
    async (stage) => {
      const reading = await productionOrigin(stage, databaseUrl, NO_MEMORY);
      return [
        at("Hono and one plain query", await bareOrigin(stage, ["--database", databaseUrl]), "/"),
        at("current, every page from the store", reading, CURRENT, { target: { min: 0.4, onRatio: true } }),
        at("historical, 10 days, every page from the store", reading, TEN_DAYS),
      ];
    },
    settings,
  );
  await compare(
    "origin",
    async (stage) => {
      const ours = await productionOrigin(stage, databaseUrl);
      const bare = await bareOrigin(stage, ["--bytes", String(await lengthOf(`${ours.url}${ALL}`))]);
      const reading = await productionOrigin(stage, databaseUrl, NO_MEMORY);
      return [
        at("bare Hono, constant of 32 years' size", bare, "/"),
        at("historical, 32 years", ours, ALL),
        at("historical, 32 years, gzip", ours, ALL, { headers: { "Accept-Encoding": "gzip" } }),
        at("historical, 32 years, every page from the store", reading, ALL, { target: { min: 100 } }),
        at("historical, 32 years of another period each", reading, ALL, { paths: OTHERS, target: { min: 100 } }),
      ];
    },
    settings,
  );
}

async function lengthOf(url: string): Promise<number> {
  return (await (await fetch(url)).text()).length;
}
