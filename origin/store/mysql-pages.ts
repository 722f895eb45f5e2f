import { sql } from "drizzle-orm";
import type { MySql } from "./mysql.ts";
import { cutTo, isWaiting, rawRows, toInstant, VALUE } from "./mysql-rows.ts";
import { markOf, type PageRows } from "./page-rows.ts";
import type { Range } from "./rows.ts";
import { observations, quarantine } from "./schema.mysql.ts";
import type { PagesMark } from "./store.ts";

/** Rows that are no values, by what stands in place of their revision. */
const WAITING = -1;
const NEWEST = -2;
/** As many digits as a bigint has: so that the newest row is found by its text. */
const SEQ_DIGITS = 19;

/** What pages are made of, as one statement, so that all of it is of one moment. */
export async function readPageRows(db: Pick<MySql, "execute">, { series: id, from, to }: Range): Promise<PageRows> {
  const { seriesId, date, revision, scale, seq, observedAt, withdrawn } = observations;
  const isIn = sql`${seriesId} = ${id} AND ${date} BETWEEN ${from} AND ${to}`;
  const year = sql`LEFT(${date}, 4)`;
  const newest = sql`MAX(CONCAT(LPAD(${seq}, ${SEQ_DIGITS}, '0'), ${observedAt}))`;
  const isMarked = sql`${quarantine.seriesId} = ${id} AND ${quarantine.date} BETWEEN ${from} AND ${to}`;
  const query = sql`SELECT CAST(${date} AS CHAR) AS day, CAST(IF(${withdrawn}, NULL, ${VALUE}) AS CHAR) AS published,
      ${revision} AS kind, ${scale} AS digits FROM ${observations} WHERE ${isIn}
    UNION ALL SELECT ${year}, ${newest}, ${NEWEST}, 0 FROM ${observations} WHERE ${isIn} GROUP BY ${year}
    UNION ALL SELECT CAST(${quarantine.date} AS CHAR), NULL, ${WAITING}, 0 FROM ${quarantine} WHERE ${isMarked} AND ${isWaiting}`;
  const rows: PageRow[] = (await rawRows(db, query)).map(([day, published, kind, digits]) => ({
    day: day as string,
    published: published as string | null,
    kind: Number(kind),
    digits: Number(digits),
  }));
  const values = rows.filter(({ kind }) => kind >= 0);
  if (!values.every((row, index) => index === 0 || isBefore(values[index - 1] as PageRow, row)))
    values.sort((a, b) => (isBefore(a, b) ? -1 : 1));
  return {
    values: values.map(({ day, published, digits }) => [day, published === null ? null : cutTo(digits, published)]),
    newest: rows
      .filter(({ kind }) => kind === NEWEST)
      .map(({ day, published }) => {
        const [version, at] = [published?.slice(0, SEQ_DIGITS), published?.slice(SEQ_DIGITS)];
        return [day, Number(version), toInstant(at as string)];
      }),
    waiting: rows.filter(({ kind }) => kind === WAITING).map(({ day }) => day),
  };
}

/** The end of an index, and the few rows that wait. */
export async function readPagesMark(db: Pick<MySql, "execute">, series: string): Promise<PagesMark> {
  const { seriesId, seq, observedAt } = observations;
  const newest = sql`SELECT CONCAT(${seq}, ' ', ${observedAt}) FROM ${observations} WHERE ${seriesId} = ${series}
    ORDER BY ${seq} DESC LIMIT 1`;
  const waiting = sql`SELECT CONCAT(COUNT(*), ' ', COALESCE(SUM(CRC32(${quarantine.date})), 0)) FROM ${quarantine}
    WHERE ${quarantine.seriesId} = ${series} AND ${isWaiting}`;
  const [row] = await rawRows(db, sql`SELECT (${newest}) AS newest, (${waiting}) AS waiting`);
  return markOf(row?.[0] as string | null, row?.[1]);
}

interface PageRow {
  day: string;
  published: string | null;
  kind: number;
  digits: number;
}

function isBefore(a: PageRow, b: PageRow): boolean {
  return a.day === b.day ? a.kind < b.kind : a.day < b.day;
}
