import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The tables of intraday values in SQLite. */

/** One row for each provider: what core/ingest/ticks remembers, as JSON. Its row is what commits lock. */
export const tickBoards = sqliteTable("tick_boards", {
  provider: text("provider").primaryKey(),
  content: text("content").notNull(),
});

/** The ticks of one series in one period, as JSON. `slot`: its place in a ring, so that nothing is ever deleted. */
export const tickPages = sqliteTable(
  "tick_pages",
  {
    seriesId: text("series_id").notNull(),
    slot: integer("slot").notNull(),
    period: text("period").notNull(),
    content: text("content").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.seriesId, table.slot] }),
    index("tick_pages_period").on(table.seriesId, table.period),
  ],
);
