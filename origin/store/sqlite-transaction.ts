import { and, asc, between, count, desc, eq, gt, inArray, lt, max, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/sqlite-core";
import { addedSince, announced, appendEvents } from "./events-sqlite.ts";
import { LINEAGE, metaOf, SEQ_FLOOR } from "./lineage.ts";
import { insertAsJson, isInJson } from "./many-values.ts";
import { inOrder, type SeriesRange } from "./rows.ts";
import { observations, quarantine, series, storeMeta } from "./schema.sqlite.ts";
import type { RawSession } from "./sql-session.ts";
import type { Sqlite } from "./sqlite-database.ts";
import { isHeldOutside, isJump, isKept, isWaiting, KEPT, keptOf, MARK, ROW, WRITTEN } from "./sqlite-rows.ts";
import { chunksOf } from "./state.ts";
import type { Head, StoreTransaction } from "./transaction.ts";

export type SqliteSession = Pick<Sqlite, "select" | "insert" | "update" | "delete" | "run">;

/** The rows of a range and the marks of what waits, as one statement, so that both are of one moment. In no order. */
function selectRange(db: SqliteSession, { series, from, to }: SeriesRange) {
  const { seriesId, date } = observations;
  return unionAll(
    db
      .select(ROW)
      .from(observations)
      .where(and(isInJson(seriesId, series), between(date, from, to))),
    db
      .select(MARK)
      .from(quarantine)
      .where(and(isInJson(quarantine.seriesId, series), between(quarantine.date, from, to), isWaiting)),
  );
}

export function rawSession(db: SqliteSession & Pick<Sqlite, "values">, onPageChange: () => void): RawSession {
  return {
    dialect: "sqlite",
    values: (query) => db.values<unknown[]>(query),
    run: async (statement) => {
      await db.run(statement);
      const [row] = await db.values<[number]>(sql`SELECT changes()`);
      return row?.[0] ?? 0;
    },
    store: transactionOf(db, onPageChange),
  };
}

/**
 * BEGIN IMMEDIATE has locked the file already, and with it every series. `onPageChange` is called before what may change a
 * page, which no read outside of the transaction sees before its end.
 */
export function transactionOf(db: SqliteSession, onPageChange: () => void): StoreTransaction {
  const { seriesId, date, revision } = observations;
  return {
    lock: async () => undefined,
    read: async (range) => inOrder(await selectRange(db, range)),
    readAround: async ({ series, from, to }, limit) => {
      const before = db
        .select(ROW)
        .from(observations)
        .where(and(eq(seriesId, series), lt(date, from)));
      const after = db
        .select(ROW)
        .from(observations)
        .where(and(eq(seriesId, series), gt(date, to)));
      return [
        ...(await before.orderBy(desc(date), desc(revision)).limit(limit)),
        ...(await after.orderBy(asc(date), asc(revision)).limit(limit)),
      ];
    },
    heads: (series) => readHeads(db, series),
    readSince: async ({ series, from, to }, seq) =>
      db
        .select(WRITTEN)
        .from(observations)
        .where(and(isInJson(seriesId, series), gt(observations.seq, seq), between(date, from, to)))
        .orderBy(asc(observations.seq)),
    readDates: async (series, dates) =>
      db
        .select(ROW)
        .from(observations)
        .where(and(isInJson(seriesId, series), isInJson(date, dates)))
        .orderBy(asc(revision)),
    waitingDates: async ({ series, from, to }) =>
      db
        .select({ series: quarantine.seriesId, date: quarantine.date })
        .from(quarantine)
        .where(and(isInJson(quarantine.seriesId, series), between(quarantine.date, from, to), isWaiting)),
    jumpsBetween: async (from, to) =>
      db
        .select({ series: quarantine.seriesId, date: quarantine.date, value: quarantine.value })
        .from(quarantine)
        .where(and(isJump, between(quarantine.date, from, to))),
    kept: async (range) => (await db.select(KEPT).from(quarantine).where(isKept(range))).map(keptOf),
    maxSeq: async () => (await readMeta(db)).maxSeq,
    countRevisions: async (series, since) => {
      const [row] = await db
        .select({ n: count() })
        .from(observations)
        .where(and(eq(seriesId, series), gt(revision, 0), gt(observations.observedAt, since)));
      return row?.n ?? 0;
    },
    countHeldOutside: async (range, fetchedAt) => {
      const [row] = await db.select({ n: count() }).from(quarantine).where(isHeldOutside(range, fetchedAt));
      return row?.n ?? 0;
    },
    insert: async (rows, at) => {
      onPageChange();
      const added = rows.map(({ series, ...row }) => ({ ...row, seriesId: series, observedAt: at }));
      await db.run(insertAsJson(observations, added));
    },
    quarantine: async (refused, at) => {
      onPageChange();
      const again = { quarantinedAt: at, releasedAt: null, closedAt: null, outcome: null };
      for (const chunk of chunksOf(refused))
        await db
          .insert(quarantine)
          .values(chunk.map(({ series, ...row }) => ({ ...row, seriesId: series, quarantinedAt: at })))
          .onConflictDoUpdate({
            target: [quarantine.seriesId, quarantine.date, quarantine.value, quarantine.reason],
            set: { ...again, batchId: sql`excluded.batch_id`, fetchedAt: sql`excluded.fetched_at` },
          });
    },
    announced: (ids) => announced(db, ids),
    addedSince: (ids, seq) => addedSince(db, ids, seq),
    appendEvents: (added) => appendEvents(db, added),
    close: async (ids, outcome, at) => {
      if (ids.length > 0) onPageChange();
      const set = { outcome, closedAt: at, ...(outcome === "released" && { releasedAt: at }) };
      for (const chunk of chunksOf(ids)) await db.update(quarantine).set(set).where(isInJson(quarantine.id, chunk));
    },
  };
}

/** Each by one look into an index: grouping would read all rows. */
export async function readHeads(db: SqliteSession, ids: readonly string[]): Promise<Map<string, Head>> {
  const newest = (column: "date" | "seq", order: "asc" | "desc") =>
    sql.raw(
      `(SELECT o.${column} FROM observations o WHERE o.series_id = series.id ORDER BY o.${column} ${order} LIMIT 1)`,
    );
  const fields = {
    id: series.id,
    first: sql<string | null>`${newest("date", "asc")}`,
    last: sql<string>`${newest("date", "desc")}`,
    seq: sql<number>`${newest("seq", "desc")}`,
  };
  const rows = await db.select(fields).from(series).where(isInJson(series.id, ids));
  return new Map(rows.flatMap(({ id, first, last, seq }) => (first === null ? [] : [[id, { first, last, seq }]])));
}

/** What is known of the database itself, and the highest sequence number that was ever given. */
export async function readMeta(db: SqliteSession): Promise<{ lineage: string; maxSeq: number }> {
  const rows = await db
    .select()
    .from(storeMeta)
    .where(inArray(storeMeta.name, [LINEAGE, SEQ_FLOOR]));
  const [row] = await db.select({ seq: max(observations.seq).mapWith(Number) }).from(observations);
  return metaOf(rows, row?.seq);
}
