import { index, mysqlTable, primaryKey, smallint } from "drizzle-orm/mysql-core";
import { longText } from "./accounts-schema.mysql.ts";
import { exactText } from "./schema.mysql.ts";

/** The tables of intraday values in MySQL. What they hold is said in ticks-schema.sqlite. */

export const tickBoards = mysqlTable("tick_boards", {
  provider: exactText(20)("provider").primaryKey(),
  content: longText("content").notNull(),
});

export const tickPages = mysqlTable(
  "tick_pages",
  {
    seriesId: exactText(40)("series_id").notNull(),
    slot: smallint("slot").notNull(),
    period: exactText(13)("period").notNull(),
    content: longText("content").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.seriesId, table.slot] }),
    index("tick_pages_period").on(table.seriesId, table.period),
  ],
);
