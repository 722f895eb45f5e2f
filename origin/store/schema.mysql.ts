import {
  bigint,
  boolean,
  customType,
  date,
  datetime,
  decimal,
  index,
  int,
  mysqlTable,
  smallint,
  tinyint,
  uniqueIndex,
} from "drizzle-orm/mysql-core";

/** The tables in MySQL 8, Aurora, MariaDB and PlanetScale. What columns mean is said in schema.sqlite. */

/** Text compared byte by byte, however the database was made. */
export const exactText = (length: number) => (name: string) =>
  customType<{ data: string }>({
    dataType: () => `varchar(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  })(name);
const instant = (name: string) => datetime(name, { mode: "string", fsp: 3 });
const seriesId = exactText(40);
const batchId = exactText(100);

export const series = mysqlTable("series", {
  id: seriesId("id").primaryKey(),
  provider: exactText(20)("provider").notNull(),
  base: exactText(3)("base").notNull(),
  quote: exactText(3)("quote").notNull(),
});

export const observations = mysqlTable(
  "observations",
  {
    seq: bigint("seq", { mode: "number" }).autoincrement().primaryKey(),
    seriesId: seriesId("series_id").notNull(),
    date: date("date", { mode: "string" }).notNull(),
    /** The first eight decimals: what the release before `exact_value` reads and writes. */
    value: decimal("value", { precision: 20, scale: 8 }).notNull(),
    /** Null if that release wrote the row: then `value` is exact. */
    exactValue: decimal("exact_value", { precision: 28, scale: 14 }),
    scale: tinyint("scale").notNull(),
    revision: smallint("revision").notNull(),
    observedAt: instant("observed_at").notNull(),
    batchId: batchId("batch_id").notNull(),
    withdrawn: boolean("withdrawn").notNull().default(false),
    fetchedAt: instant("fetched_at"),
  },
  (table) => [
    uniqueIndex("observations_series_date_revision").on(table.seriesId, table.date, table.revision),
    index("observations_series_seq").on(table.seriesId, table.seq),
  ],
);

export const quarantine = mysqlTable(
  "quarantine",
  {
    id: bigint("id", { mode: "number" }).autoincrement().primaryKey(),
    seriesId: seriesId("series_id").notNull(),
    date: date("date", { mode: "string" }).notNull(),
    value: exactText(32)("value").notNull(),
    reason: exactText(20)("reason").notNull(),
    batchId: batchId("batch_id").notNull(),
    quarantinedAt: instant("quarantined_at").notNull(),
    releasedAt: instant("released_at"),
    fetchedAt: instant("fetched_at"),
    closedAt: instant("closed_at"),
    outcome: exactText(20)("outcome"),
  },
  (table) => [uniqueIndex("quarantine_once").on(table.seriesId, table.date, table.value, table.reason)],
);

export const storeMeta = mysqlTable("store_meta", {
  name: exactText(40)("name").primaryKey(),
  value: exactText(100)("value").notNull(),
});

export const ingestRuns = mysqlTable(
  "ingest_runs",
  {
    runId: exactText(100)("run_id").primaryKey(),
    provider: exactText(20)("provider").notNull(),
    kind: exactText(20)("kind").notNull(),
    startedAt: instant("started_at").notNull(),
    endedAt: instant("ended_at").notNull(),
    outcome: exactText(20)("outcome").notNull(),
    requests: int("requests").notNull(),
    observations: int("observations").notNull(),
    queued: int("queued").notNull(),
    error: exactText(300)("error"),
  },
  (table) => [index("ingest_runs_started").on(table.startedAt)],
);
