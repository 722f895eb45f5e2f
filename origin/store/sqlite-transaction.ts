import { and, asc, between, count, desc, eq, gt, inArray, isNotNull, isNull, lt, max, or, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/sqlite-core";
import { LINEAGE, metaOf, SEQ_FLOOR } from "./lineage.ts";
import { inOrder, type Range, type SeriesRange } from "./rows.ts";
import { observations, quarantine, series, storeMeta } from "./schema.sqlite.ts";
import type { RawSession } from "./sql-session.ts";
import type { Sqlite } from "./sqlite-database.ts";
import { chunksOf, type Kept, RELEASABLE } from "./state.ts";
import type { Head, StoreTransaction } from "./transaction.ts";

export type SqliteSession = Pick<Sqlite, "select" | "insert" | "update" | "delete">;

export const ROW = {
  series: observations.seriesId,
  date: observations.date,
  value: observations.value,
  revision: observations.revision,
  seq: observations.seq,
  observedAt: observations.observedAt,
  withdrawn: observations.withdrawn,
  fetchedAt: observations.fetchedAt,
};
/** The mark of a date with a value that waits; see Row. */
const MARK = {
  series: quarantine.seriesId,
  date: quarantine.date,
  value: quarantine.value,
  revision: sql<number>`-1`,
  seq: sql<number>`0`,
  observedAt: quarantine.quarantinedAt,
  withdrawn: sql<boolean>`0`,
  fetchedAt: quarantine.fetchedAt,
};
/** What a person or a later reading still has to decide. */
export const isWaiting = and(
  isNull(quarantine.closedAt),
  isNull(quarantine.releasedAt),
  inArray(quarantine.reason, [...RELEASABLE]),
);

type Text = string | ReturnType<typeof sql.placeholder>;

/** The rows of pages and the marks of what waits, as one statement, so that both are of one moment. In no order. */
export function selectRange(
  db: SqliteSession,
  { series, from, to }: { series: Text | readonly string[]; from: Text; to: Text },
) {
  const { seriesId, date } = observations;
  return unionAll(
    db
      .select(ROW)
      .from(observations)
      .where(and(isOf(seriesId, series), between(date, from, to))),
    db
      .select(MARK)
      .from(quarantine)
      .where(and(isOf(quarantine.seriesId, series), between(quarantine.date, from, to), isWaiting)),
  );
}

function isOf(column: typeof observations.seriesId | typeof quarantine.seriesId, series: Text | readonly string[]) {
  return Array.isArray(series) ? inArray(column, series) : eq(column, series as Text);
}

export function rawSession(db: SqliteSession & Pick<Sqlite, "run" | "values">): RawSession {
  return {
    dialect: "sqlite",
    values: (query) => db.values<unknown[]>(query),
    run: async (statement) => {
      await db.run(statement);
      const [row] = await db.values<[number]>(sql`SELECT changes()`);
      return row?.[0] ?? 0;
    },
    store: transactionOf(db),
  };
}

/** BEGIN IMMEDIATE has locked the file already, and with it every series. */
export function transactionOf(db: SqliteSession): StoreTransaction {
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
        .select(ROW)
        .from(observations)
        .where(and(inArray(seriesId, [...series]), gt(observations.seq, seq), between(date, from, to)))
        .orderBy(asc(observations.seq)),
    readDates: async (series, dates) =>
      db
        .select(ROW)
        .from(observations)
        .where(and(inArray(seriesId, [...series]), inArray(date, [...dates])))
        .orderBy(asc(revision)),
    waitingDates: async ({ series, from, to }) =>
      db
        .select({ series: quarantine.seriesId, date: quarantine.date })
        .from(quarantine)
        .where(and(inArray(quarantine.seriesId, [...series]), between(quarantine.date, from, to), isWaiting)),
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
      for (const chunk of chunksOf(rows))
        await db
          .insert(observations)
          .values(chunk.map(({ series, ...row }) => ({ ...row, seriesId: series, observedAt: at })));
    },
    quarantine: async (refused, at) => {
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
    close: async (ids, outcome, at) => {
      const set = { outcome, closedAt: at, ...(outcome === "released" && { releasedAt: at }) };
      for (const chunk of chunksOf(ids)) await db.update(quarantine).set(set).where(inArray(quarantine.id, chunk));
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
  const rows = await db
    .select(fields)
    .from(series)
    .where(inArray(series.id, [...ids]));
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

const KEPT = {
  id: quarantine.id,
  series: quarantine.seriesId,
  date: quarantine.date,
  value: quarantine.value,
  reason: quarantine.reason,
  fetchedAt: quarantine.fetchedAt,
  releasedAt: quarantine.releasedAt,
  outcome: quarantine.outcome,
};

type KeptRow = Omit<Kept, "state" | "reason"> & { reason: string; releasedAt: string | null; outcome: string | null };

/** A value that waits because it moved too far. */
const isJump = and(
  isNull(quarantine.closedAt),
  isNull(quarantine.releasedAt),
  eq(quarantine.reason, "implausible_jump"),
);

function isKept({ series, from, to }: SeriesRange) {
  const isOpen = isNull(quarantine.closedAt);
  const isDecided = or(isNotNull(quarantine.releasedAt), eq(quarantine.outcome, "dismissed"));
  const isInRange = and(between(quarantine.date, from, to), or(isOpen, isDecided));
  return and(inArray(quarantine.seriesId, [...series]), or(isInRange, isJump));
}

function isHeldOutside({ series, from, to }: Range, fetchedAt: string) {
  const isWaiting = and(isNull(quarantine.closedAt), eq(quarantine.reason, "mass_revision"));
  const isElsewhere = or(lt(quarantine.date, from), gt(quarantine.date, to));
  return and(eq(quarantine.seriesId, series), eq(quarantine.fetchedAt, fetchedAt), isWaiting, isElsewhere);
}

function keptOf({ releasedAt, outcome, ...row }: KeptRow): Kept {
  const state = releasedAt !== null ? "released" : outcome === "dismissed" ? "dismissed" : "waiting";
  return { ...row, state } as Kept;
}
