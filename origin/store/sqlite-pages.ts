import { markOf, type PageRows } from "./page-rows.ts";
import type { Range } from "./rows.ts";
import type { SqliteReads } from "./sqlite-database.ts";
import { RELEASABLE } from "./state.ts";
import type { PagesMark } from "./store.ts";

const IN_RANGE = "series_id = ? AND date BETWEEN ? AND ?";
const RELEASABLE_REASONS = RELEASABLE.map((reason) => `'${reason}'`).join(", ");
const VALUES = `SELECT date, CASE withdrawn WHEN 0 THEN value END FROM observations WHERE ${IN_RANGE} ORDER BY date, revision`;
/** With max(), SQLite takes the other columns from the row that has the maximum. */
const NEWEST = `SELECT substr(date, 1, 4) AS year, max(seq), observed_at FROM observations WHERE ${IN_RANGE} GROUP BY year`;
const IS_WAITING = `closed_at IS NULL AND released_at IS NULL AND reason IN (${RELEASABLE_REASONS})`;
const WAITING = `SELECT date FROM quarantine WHERE ${IN_RANGE} AND ${IS_WAITING}`;
const MARK = `SELECT
  (SELECT seq || ' ' || observed_at FROM observations WHERE series_id = ?1 ORDER BY seq DESC LIMIT 1),
  (SELECT count(*) || ' ' || coalesce(group_concat(date), '') FROM
    (SELECT date FROM quarantine WHERE series_id = ?1 AND ${IS_WAITING} ORDER BY date))`;

/** The end of an index, and the few rows that wait. */
export function readPagesMark({ select }: SqliteReads, series: string): PagesMark {
  const [row] = select(MARK, series);
  return markOf(row?.[0] as string | null, row?.[1]);
}

/** What pages are made of, all of one moment. Without drizzle, which takes longer than the database to tell of as many rows. */
export function readPageRows({ select, atOneMoment }: SqliteReads, { series, from, to }: Range): PageRows {
  return atOneMoment(() => ({
    values: select(VALUES, series, from, to) as [string, string | null][],
    newest: select(NEWEST, series, from, to) as [string, number, string][],
    waiting: select(WAITING, series, from, to).map(([date]) => date as string),
  }));
}
