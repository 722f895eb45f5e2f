import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { StoredEventData } from "./events.ts";

/** The tables in SQLite. The same as in schema.mysql; decimals, dates and instants are text here, for exactness. */

export const series = sqliteTable("series", {
  id: text("id").primaryKey(),
  provider: text("provider").notNull(),
  base: text("base").notNull(),
  quote: text("quote").notNull(),
});

export const observations = sqliteTable(
  "observations",
  {
    /** Ascends in the order of commits within a series: the highest of a page is the page's version. */
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    seriesId: text("series_id").notNull(),
    date: text("date").notNull(),
    value: text("value").notNull(),
    /** Decimals as published, so that 17.10 comes back as 17.10. */
    scale: integer("scale").notNull(),
    /** 0 for what was stored first. The highest is the current value; the others are what was known before. */
    revision: integer("revision").notNull(),
    observedAt: text("observed_at").notNull(),
    batchId: text("batch_id").notNull(),
    /** The provider took the date back: `value` is what it had. */
    withdrawn: integer("withdrawn", { mode: "boolean" }).notNull().default(false),
    /** When the reading was made, by the edge's clock. */
    fetchedAt: text("fetched_at"),
  },
  (table) => [
    uniqueIndex("observations_series_date_revision").on(table.seriesId, table.date, table.revision),
    /** A series' newest rows: what a page or a board lacks. */
    index("observations_series_seq").on(table.seriesId, table.seq),
  ],
);

export const quarantine = sqliteTable(
  "quarantine",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    seriesId: text("series_id").notNull(),
    date: text("date").notNull(),
    value: text("value").notNull(),
    reason: text("reason").notNull(),
    batchId: text("batch_id").notNull(),
    quarantinedAt: text("quarantined_at").notNull(),
    /** Set once a person has found the value right. */
    releasedAt: text("released_at"),
    /** When the reading was made that first said so, by the edge's clock: a second one must be made later. */
    fetchedAt: text("fetched_at"),
    /** Set once nothing waits any more; `outcome` says how it ended. */
    closedAt: text("closed_at"),
    outcome: text("outcome"),
  },
  (table) => [uniqueIndex("quarantine_once").on(table.seriesId, table.date, table.value, table.reason)],
);

/** Facts about the database itself, by name. */
export const storeMeta = sqliteTable("store_meta", {
  name: text("name").primaryKey(),
  value: text("value").notNull(),
});

export const ingestRuns = sqliteTable(
  "ingest_runs",
  {
    runId: text("run_id").primaryKey(),
    provider: text("provider").notNull(),
    kind: text("kind").notNull(),
    startedAt: text("started_at").notNull(),
    endedAt: text("ended_at").notNull(),
    outcome: text("outcome").notNull(),
    requests: integer("requests").notNull(),
    observations: integer("observations").notNull(),
    queued: integer("queued").notNull(),
    error: text("error"),
  },
  (table) => [index("ingest_runs_started").on(table.startedAt)],
);

/** What the log of events says, one row for each observation and each value in quarantine. */
export const events = sqliteTable(
  "events",
  {
    /** Numbered under the lock of event_head, so that the order of numbers is the order of commits. */
    seq: integer("seq").primaryKey(),
    type: text("type").notNull(),
    /** A series' id. */
    subject: text("subject").notNull(),
    /** The `seq` of the observation; null if the event is about none. */
    version: integer("version"),
    data: text("data", { mode: "json" }).$type<StoredEventData>().notNull(),
    occurredAt: text("occurred_at").notNull(),
    batchId: text("batch_id").notNull(),
  },
  (table) => [uniqueIndex("events_once").on(table.subject, table.version)],
);

/** One row. `since_version`: observations up to this version were stored before there was a log. */
export const eventHead = sqliteTable("event_head", {
  id: integer("id").primaryKey(),
  seq: integer("seq").notNull(),
  sinceVersion: integer("since_version").notNull(),
});

/** How far each consumer of the log has come. */
export const eventCursors = sqliteTable("event_cursors", {
  consumer: text("consumer").primaryKey(),
  seq: integer("seq").notNull(),
  movedAt: text("moved_at").notNull(),
});
