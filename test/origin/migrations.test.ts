import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createConnection } from "mysql2/promise";
import { afterEach, describe, expect, inject, test } from "vitest";
import { EVENT_TYPES } from "#core/wire/events.ts";
import { migrationsFolder } from "../../origin/migrations.ts";
import { openStore } from "../../origin/store/open.ts";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { NOW_MS, USD } from "./data.ts";
import { readingOf } from "./store-readings.conformance.ts";

/** For a busy machine: no statement takes so long where all is well. */
const PATIENCE_MS = 60_000;

/** A database of the release before providers other than Banxico, with and without this release's migrations. */

type Execute = (sql: string) => Promise<unknown>;

const LAST_OF_BEFORE = "0001_readings";
/** What that release writes and reads. */
const insertOld = (date: string, value: string, scale: number) =>
  `INSERT INTO observations (series_id, date, value, scale, revision, observed_at, batch_id, withdrawn)
   VALUES ('${USD}', '${date}', '${value}', ${scale}, 0, '2023-01-02 20:00:00.000', 'old', 0)`;
/** Its other statements that write. */
const AT = "'2023-01-06 20:00:00.000'";
const OLD_WRITES = [
  "INSERT INTO series (id, provider, base, quote) VALUES ('banxico.OLD', 'banxico', 'USD', 'MXN')",
  `INSERT INTO quarantine (series_id, date, value, reason, batch_id, quarantined_at, fetched_at)
   VALUES ('${USD}', '2023-01-06', '99.1000', 'implausible_jump', 'old', ${AT}, ${AT})`,
  `INSERT INTO ingest_runs (run_id, provider, kind, started_at, ended_at, outcome, requests, observations, queued)
   VALUES ('old', 'banxico', 'sync', ${AT}, ${AT}, 'ok', 1, 2, 1)`,
  "INSERT INTO store_meta (name, value) VALUES ('old', '1')",
];
const OLD: [date: string, value: string, scale: number][] = [
  ["2023-01-02", "19.50", 2],
  ["2023-01-03", "19.12345678", 8],
  ["2023-01-04", "20", 0],
];

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Runs the migrations of the release before as its code would, and notes them as its migrator does. */
async function migrateAsBefore(dialect: "sqlite" | "mysql", execute: Execute): Promise<void> {
  const folder = migrationsFolder(dialect);
  const { entries } = JSON.parse(await readFile(join(folder, "meta/_journal.json"), "utf8"));
  const id = dialect === "mysql" ? "SERIAL PRIMARY KEY" : "INTEGER PRIMARY KEY";
  await execute(`CREATE TABLE __drizzle_migrations (id ${id}, hash text NOT NULL, created_at bigint)`);
  for (const { tag, when } of entries) {
    const statements = (await readFile(join(folder, `${tag}.sql`), "utf8")).split("--> statement-breakpoint");
    for (const statement of statements) await execute(statement);
    await execute(`INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('${tag}', ${when})`);
    if (tag === LAST_OF_BEFORE) return;
  }
}

async function openMySql() {
  const url = await createDatabaseAt(inject("mariadbUrl"));
  const connection = await createConnection({ uri: url, dateStrings: true });
  cleanUps.push(() => connection.end());
  return { url, execute: async (sql: string) => (await connection.query(sql))[0] };
}

async function openSqlite() {
  const dir = await mkdtemp(join(tmpdir(), "paridad-migrations-"));
  cleanUps.push(() => rm(dir, { recursive: true }));
  const path = join(dir, "paridad.sqlite");
  const execute = async (sql: string) => {
    const database = new DatabaseSync(path, { timeout: 5_000 });
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  };
  return { url: `file:${path}`, execute };
}

describe.each([
  ["mysql", openMySql],
  ["sqlite", openSqlite],
] as const)("%s", (dialect, open) => {
  test("nothing is lost, and what the release before still writes is read exactly", async () => {
    const { url, execute } = await open();
    await migrateAsBefore(dialect, execute);
    for (const row of OLD) await execute(insertOld(...row));
    const store = await openStore(url, PATIENCE_MS);
    cleanUps.push(() => store.close());
    await expect(store.ping()).rejects.toThrow();
    await store.migrate();
    await store.ping();
    await execute(insertOld("2023-01-05", "19.700", 3));
    for (const statement of OLD_WRITES) await execute(statement);
    expect(await store.countWaiting()).toBe(1);
    expect(await store.runs(1)).toMatchObject([{ run_id: "old", outcome: "ok", observations: 2 }]);
    await execute(`UPDATE quarantine SET closed_at = ${AT}, outcome = 'released', released_at = ${AT}`);
    expect(await store.countWaiting()).toBe(0);
    const stored = [...OLD.map(([date, value]) => [date, value]), ["2023-01-05", "19.700"]];
    expect((await store.pages(USD, 2023, 2023))[0]?.observations).toEqual(stored);
    const same = await store.commit(readingOf(stored as [string, string][]), NOW_MS);
    expect(same).toMatchObject({ unchanged: 4, accepted: 0, revised: 0 });
    expect(await store.history(USD, "2023-01-02")).toMatchObject([{ value: "19.50", batchId: "old" }]);
    // The log begins with the migration; what the release before stores later gets its event with the next commit.
    const { events, latest } = await store.events.read({ after: 0, limit: 10, types: EVENT_TYPES });
    expect(events).toMatchObject([{ seq: 1, data: { date: "2023-01-05", rate: "19.700", previous: "20" } }]);
    expect(latest).toBe(1);
  });

  test("the release before reads its series as they are", async () => {
    const { url, execute } = await open();
    const store = await openStore(url, PATIENCE_MS);
    cleanUps.push(() => store.close());
    await store.migrate();
    const values = OLD.map(([date, value]): [string, string] => [date, value]);
    await store.commit(readingOf(values), NOW_MS);
    const rows = (await execute("SELECT value, scale FROM observations ORDER BY date")) as Record<string, unknown>[];
    // It cuts MySQL's eight decimals to the scale; in SQLite it takes the text.
    const texts =
      dialect === "mysql" ? ["19.50000000", "19.12345678", "20.00000000"] : values.map(([, value]) => value);
    expect(rows.map((row) => ({ ...row }))).toEqual(OLD.map(([, , scale], index) => ({ value: texts[index], scale })));
  });
});
