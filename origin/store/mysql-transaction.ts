import { and, asc, between, count, desc, eq, gt, inArray, lt, max, type SQL, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/mysql-core";
import { addedSince, announced, appendEvents } from "./events-mysql.ts";
import { LINEAGE, metaOf, SEQ_FLOOR } from "./lineage.ts";
import { insertAsLists, isInList } from "./many-values.ts";
import type { MySql } from "./mysql.ts";
import {
  cutTo,
  isHeldOutside,
  isJump,
  isKept,
  isWaiting,
  KEPT,
  keptOf,
  MARK,
  ROW,
  rowOf,
  toDatetime,
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
  const rows = await unionAll(
    db
      .select(ROW)
      .from(observations)
      .where(and(isInList(seriesId, ids), between(date, from, to))),
    db.select(MARK).from(quarantine).where(isMarked),
  );
  return inOrder(rows.map(rowOf));
}

/** mysql2 answers [rows, fields], PlanetScale { rows, rowsAffected }. */
type Executed = [{ affectedRows?: number } & Record<string, unknown>[], unknown] | PlanetScaleResult;
interface PlanetScaleResult {
  rows: Record<string, unknown>[];
  rowsAffected: number;
}

export async function rawRows(db: Pick<MySql, "execute">, query: SQL): Promise<unknown[][]> {
  const result = (await db.execute(query)) as unknown as Executed;
  // Names of columns are no whole numbers, so that an object's values are in the columns' order.
  return (Array.isArray(result) ? result[0] : result.rows).map((row) => Object.values(row));
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
      const lockRows = async () =>
        db.select({ id: series.id }).from(series).where(isLocked).orderBy(series.id).for("update");
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
      const rows = [
        ...(await before.orderBy(desc(date), desc(revision)).limit(limit)),
        ...(await after.orderBy(asc(date), asc(revision)).limit(limit)),
      ];
      return rows.map(rowOf);
    },
    readSince: async ({ series: ids, from, to }, seq) => {
      const isAdded = and(isInList(seriesId, ids), gt(observations.seq, seq), between(date, from, to));
      return (await db.select(ROW).from(observations).where(isAdded).orderBy(asc(observations.seq))).map(rowOf);
    },
    readDates: async (ids, dates) => {
      const isOn = and(isInList(seriesId, ids), isInList(date, dates));
      return (await db.select(ROW).from(observations).where(isOn).orderBy(asc(revision))).map(rowOf);
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

/** Two queries, each of which the server answers by skipping from group to group in an index. */
export async function readHeads(db: MySqlSession, ids: readonly string[]): Promise<Map<string, Head>> {
  const { seriesId, date, seq } = observations;
  if (ids.length === 0) return new Map();
  const isOf = isInList(seriesId, ids);
  const dates = { id: seriesId, first: sql<string>`MIN(${date})`, last: sql<string>`MAX(${date})` };
  const ofDates = await db.select(dates).from(observations).where(isOf).groupBy(seriesId);
  const newest = { id: seriesId, seq: max(seq).mapWith(Number) };
  const ofSeq = await db.select(newest).from(observations).where(isOf).groupBy(seriesId);
  const bySeries = new Map(ofSeq.map((row) => [row.id, row.seq ?? 0]));
  return new Map(ofDates.map(({ id, first, last }) => [id, { first, last, seq: bySeries.get(id) ?? 0 }]));
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
