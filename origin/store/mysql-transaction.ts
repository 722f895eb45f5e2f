import { and, asc, between, count, desc, eq, gt, inArray, lt, max, type SQLWrapper, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/mysql-core";
import { addedSince, announced, appendEvents } from "./events-mysql.ts";
import { LINEAGE, metaOf, SEQ_FLOOR } from "./lineage.ts";
import { insertAsLists, isInList } from "./many-values.ts";
import type { MySql } from "./mysql.ts";
import {
  cutTo,
  type Executed,
  isHeldOutside,
  isJump,
  isKept,
  isWaiting,
  KEPT,
  keptOf,
  MARK,
  ROW,
  rawRows,
  readRows,
  readWritten,
  toDatetime,
  WRITTEN,
} from "./mysql-rows.ts";
import { SERIES_ROWS } from "./registry.ts";
import { inOrder, type Row, type SeriesRange } from "./rows.ts";
import { observations, quarantine, series, storeMeta } from "./schema.mysql.ts";
import type { RawSession } from "./sql-session.ts";
import { chunksOf } from "./state.ts";
import type { Head, StoreTransaction } from "./transaction.ts";

/** What is in sqlite-transaction, for MySQL. */

export type MySqlSession = Pick<MySql, "select" | "insert" | "update" | "delete" | "execute">;

/** The rows of a range and the marks of what waits, as one statement, so that both are of one moment. */
export async function readRange(db: MySqlSession, { series: ids, from, to }: SeriesRange): Promise<Row[]> {
  const { seriesId, date } = observations;
  const isMarked = and(isInList(quarantine.seriesId, ids), between(quarantine.date, from, to), isWaiting);
  const rows = unionAll(
    db
      .select(ROW)
      .from(observations)
      .where(and(isInList(seriesId, ids), between(date, from, to))),
    db.select(MARK).from(quarantine).where(isMarked),
  );
  return inOrder(await readRows(db, rows));
}

export function rawSession(db: MySqlSession): RawSession {
  return {
    dialect: "mysql",
    values: (query) => rawRows(db, query),
    run: async (statement) => {
      const result = (await db.execute(statement)) as unknown as Executed;
      return Array.isArray(result) ? (result[0].affectedRows ?? 0) : result.rowsAffected;
    },
    store: transactionOf(db),
  };
}

/** What `observations.value` holds. */
const VALUE_DECIMALS = 8;

export function transactionOf(db: MySqlSession): StoreTransaction {
  const { seriesId, date, revision } = observations;
  return {
    lock: async (ids) => {
      const isLocked = isInList(series.id, ids);
      const lockRows = () =>
        rawRows(db, sql`SELECT ${series.id} FROM ${series} WHERE ${isLocked} ORDER BY ${series.id} FOR UPDATE`);
      if ((await lockRows()).length === ids.length) return;
      // A series that joined the registry after the last migration.
      await insertSeries(db);
      await lockRows();
    },
    heads: (ids) => readHeads(db, ids),
    read: (range) => readRange(db, range),
    readAround: async ({ series: id, from, to }, limit) => {
      const before = db
        .select(ROW)
        .from(observations)
        .where(and(eq(seriesId, id), lt(date, from)));
      const after = db
        .select(ROW)
        .from(observations)
        .where(and(eq(seriesId, id), gt(date, to)));
      return [
        ...(await readRows(db, before.orderBy(desc(date), desc(revision)).limit(limit))),
        ...(await readRows(db, after.orderBy(asc(date), asc(revision)).limit(limit))),
      ];
    },
    readSince: async ({ series: ids, from, to }, seq) => {
      const isAdded = and(isInList(seriesId, ids), gt(observations.seq, seq), between(date, from, to));
      return readWritten(db, db.select(WRITTEN).from(observations).where(isAdded).orderBy(asc(observations.seq)));
    },
    readDates: async (ids, dates) => {
      const isOn = and(isInList(seriesId, ids), isInList(date, dates));
      return readRows(db, db.select(ROW).from(observations).where(isOn).orderBy(asc(revision)));
    },
    waitingDates: async ({ series: ids, from, to }) =>
      db
        .select({ series: quarantine.seriesId, date: quarantine.date })
        .from(quarantine)
        .where(and(isInList(quarantine.seriesId, ids), between(quarantine.date, from, to), isWaiting)),
    jumpsBetween: async (from, to) =>
      db
        .select({ series: quarantine.seriesId, date: quarantine.date, value: quarantine.value })
        .from(quarantine)
        .where(and(isJump, between(quarantine.date, from, to))),
    kept: async (range) => (await db.select(KEPT).from(quarantine).where(isKept(range))).map(keptOf),
    maxSeq: async () => (await readMeta(db)).maxSeq,
    countRevisions: async (id, since) => {
      const isRecent = and(eq(seriesId, id), gt(revision, 0), gt(observations.observedAt, toDatetime(since)));
      const [row] = await db.select({ n: count() }).from(observations).where(isRecent);
      return row?.n ?? 0;
    },
    countHeldOutside: async (range, fetchedAt) => {
      const [row] = await db.select({ n: count() }).from(quarantine).where(isHeldOutside(range, fetchedAt));
      return row?.n ?? 0;
    },
    insert: async (rows, at) => {
      const stamp = { observedAt: toDatetime(at) };
      for (const chunk of chunksOf(rows))
        await db.execute(
          insertAsLists(
            observations,
            chunk.map(({ series: id, fetchedAt, ...row }) => ({
              ...row,
              ...stamp,
              seriesId: id,
              value: cutTo(VALUE_DECIMALS, row.value),
              exactValue: row.value,
              fetchedAt: fetchedAt === null ? null : toDatetime(fetchedAt),
            })),
          ),
        );
    },
    quarantine: async (refused, at) => {
      const stamp = { quarantinedAt: toDatetime(at) };
      const again = { ...stamp, releasedAt: null, closedAt: null, outcome: null };
      for (const chunk of chunksOf(refused))
        await db
          .insert(quarantine)
          .values(
            chunk.map(({ series: id, fetchedAt, ...row }) => ({
              ...row,
              ...stamp,
              seriesId: id,
              fetchedAt: toDatetime(fetchedAt),
            })),
          )
          .onDuplicateKeyUpdate({
            set: { ...again, batchId: sql`VALUES(batch_id)`, fetchedAt: sql`VALUES(fetched_at)` },
          });
    },
    announced: (ids) => announced(db, ids),
    addedSince: (ids, seq) => addedSince(db, ids, seq),
    appendEvents: (added) => appendEvents(db, added),
    close: async (ids, outcome, at) => {
      const closedAt = toDatetime(at);
      const set = { outcome, closedAt, ...(outcome === "released" && { releasedAt: closedAt }) };
      for (const chunk of chunksOf(ids)) await db.update(quarantine).set(set).where(isInList(quarantine.id, chunk));
    },
  };
}

export async function insertSeries(db: MySqlSession): Promise<void> {
  for (const rows of chunksOf(SERIES_ROWS))
    await db
      .insert(series)
      .values(rows)
      .onDuplicateKeyUpdate({ set: { base: sql`VALUES(base)`, quote: sql`VALUES(quote)` } });
}

/**
 * Each by one look into an index. Grouping would read all rows where the server's statistics are older than the last fill, and
 * without being told MariaDB takes the other index.
 */
export async function readHeads(db: MySqlSession, ids: readonly string[]): Promise<Map<string, Head>> {
  if (ids.length === 0) return new Map();
  const { seriesId, date, seq } = observations;
  const end = (column: SQLWrapper, order: "ASC" | "DESC", index: string) =>
    sql`(SELECT ${column} FROM ${observations} FORCE INDEX (${sql.identifier(index)})
      WHERE ${seriesId} = ${series.id} ORDER BY ${column} ${sql.raw(order)} LIMIT 1)`;
  const [byDate, bySeq] = ["observations_series_date_revision", "observations_series_seq"];
  const rows = await rawRows(
    db,
    sql`SELECT ${series.id}, ${end(date, "ASC", byDate)} AS first_date, ${end(date, "DESC", byDate)} AS last_date,
      ${end(seq, "DESC", bySeq)} AS newest FROM ${series} WHERE ${isInList(series.id, ids)}`,
  );
  const heads = rows as [id: string, first: string | null, last: string, seq: number | string][];
  return new Map(
    heads.flatMap(([id, first, last, newest]) => (first === null ? [] : [[id, { first, last, seq: Number(newest) }]])),
  );
}

/** What is known of the database itself, and the highest sequence number that was ever given. */
export async function readMeta(db: MySqlSession): Promise<{ lineage: string; maxSeq: number }> {
  const rows = await db
    .select()
    .from(storeMeta)
    .where(inArray(storeMeta.name, [LINEAGE, SEQ_FLOOR]));
  const [row] = await db.select({ seq: max(observations.seq).mapWith(Number) }).from(observations);
  return metaOf(rows, row?.seq);
}
