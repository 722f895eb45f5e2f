import { and, asc, between, count, desc, eq, gt, inArray, isNotNull, isNull, lt, max, or, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/mysql-core";
import { banxico } from "#core/providers/banxico.ts";
import type { StoreTransaction } from "./commit.ts";
import { LINEAGE, metaOf, SEQ_FLOOR } from "./lineage.ts";
import type { MySql } from "./mysql.ts";
import { inOrder, type Range, type Row } from "./rows.ts";
import { observations, quarantine, series, storeMeta } from "./schema.mysql.ts";
import { chunksOf, type Kept, RELEASABLE } from "./state.ts";

/** What is in sqlite-transaction, for MySQL. */

export type MySqlSession = Pick<MySql, "select" | "insert" | "update" | "delete">;

const ROW = {
  series: observations.seriesId,
  date: observations.date,
  value: observations.value,
  scale: observations.scale,
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
  value: sql<string>`CAST(0 AS DECIMAL(20,8))`,
  scale: sql<number>`0`,
  revision: sql<number>`-1`,
  seq: sql<number>`0`,
  observedAt: quarantine.quarantinedAt,
  withdrawn: sql<boolean>`0`,
  fetchedAt: quarantine.fetchedAt,
};
type MySqlRow = Omit<Row, "fetchedAt"> & { scale: number; fetchedAt: string | null };

export const isWaiting = and(
  isNull(quarantine.closedAt),
  isNull(quarantine.releasedAt),
  inArray(quarantine.reason, [...RELEASABLE]),
);

/** The rows of pages and the marks of what waits, as one statement, so that both are of one moment. */
export async function readRange(db: MySqlSession, { series: id, from, to }: Range): Promise<Row[]> {
  const { seriesId, date } = observations;
  const isMarked = and(eq(quarantine.seriesId, id), between(quarantine.date, from, to), isWaiting);
  const rows = await unionAll(
    db
      .select(ROW)
      .from(observations)
      .where(and(eq(seriesId, id), between(date, from, to))),
    db.select(MARK).from(quarantine).where(isMarked),
  );
  return inOrder(rows.map(rowOf));
}

export function transactionOf(db: MySqlSession): StoreTransaction {
  const { seriesId, date, revision } = observations;
  return {
    lock: async (id) => {
      const lockRow = async () => db.select({ id: series.id }).from(series).where(eq(series.id, id)).for("update");
      if ((await lockRow()).length > 0) return;
      // A series that joined the registry after the last migration.
      await insertSeries(db);
      await lockRow();
    },
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
    readOthers: async ({ series: id, from, to }) => {
      const others = banxico.series.map((entry) => entry.id).filter((other) => other !== id);
      const isOther = and(inArray(seriesId, others), between(date, from, to));
      return (await db.select(ROW).from(observations).where(isOther).orderBy(asc(revision))).map(rowOf);
    },
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
    insert: async (rows, { batchId, at }) => {
      const stamp = { observedAt: toDatetime(at), batchId };
      for (const chunk of chunksOf(rows))
        await db.insert(observations).values(
          chunk.map(({ series: id, fetchedAt, ...row }) => ({
            ...row,
            ...stamp,
            seriesId: id,
            fetchedAt: fetchedAt === null ? null : toDatetime(fetchedAt),
          })),
        );
    },
    quarantine: async (refused, { batchId, at }) => {
      const stamp = { quarantinedAt: toDatetime(at), batchId };
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
          .onDuplicateKeyUpdate({ set: { ...again, fetchedAt: sql`VALUES(fetched_at)` } });
    },
    close: async (ids, outcome, at) => {
      const closedAt = toDatetime(at);
      const set = { outcome, closedAt, ...(outcome === "released" && { releasedAt: closedAt }) };
      for (const chunk of chunksOf(ids)) await db.update(quarantine).set(set).where(inArray(quarantine.id, chunk));
    },
  };
}

export async function insertSeries(db: MySqlSession): Promise<void> {
  await db
    .insert(series)
    .values(banxico.series.map(({ id, provider, base, quote }) => ({ id, provider, base, quote })))
    .onDuplicateKeyUpdate({ set: { id: sql`${series.id}` } });
}

/** DECIMAL(20,8) comes with eight decimals; as published it had `scale` of them. */
export function atScale(value: string, scale: number): string {
  const point = value.length - 9;
  return scale === 0 ? value.slice(0, point) : value.slice(0, point + 1 + scale);
}

/** RFC 3339 as MySQL writes it. Sessions are in UTC. */
export function toDatetime(instant: string): string {
  return new Date(instant).toISOString().slice(0, 23).replace("T", " ");
}

export function toInstant(datetime: string): string {
  return `${datetime.replace(" ", "T")}Z`;
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

const KEPT = {
  id: quarantine.id,
  date: quarantine.date,
  value: quarantine.value,
  reason: quarantine.reason,
  fetchedAt: quarantine.fetchedAt,
  releasedAt: quarantine.releasedAt,
  outcome: quarantine.outcome,
};
type KeptRow = Omit<Kept, "state" | "reason"> & { reason: string; releasedAt: string | null; outcome: string | null };

function isKept({ series: id, from, to }: Range) {
  const isOpen = isNull(quarantine.closedAt);
  const isDecided = or(isNotNull(quarantine.releasedAt), eq(quarantine.outcome, "dismissed"));
  const isJump = and(isOpen, isNull(quarantine.releasedAt), eq(quarantine.reason, "implausible_jump"));
  const isInRange = and(between(quarantine.date, from, to), or(isOpen, isDecided));
  return and(eq(quarantine.seriesId, id), or(isInRange, isJump));
}

function isHeldOutside({ series: id, from, to }: Range, fetchedAt: string) {
  const isWaiting = and(isNull(quarantine.closedAt), eq(quarantine.reason, "mass_revision"));
  const isElsewhere = or(lt(quarantine.date, from), gt(quarantine.date, to));
  return and(eq(quarantine.seriesId, id), eq(quarantine.fetchedAt, toDatetime(fetchedAt)), isWaiting, isElsewhere);
}

function keptOf({ releasedAt, outcome, fetchedAt, ...row }: KeptRow): Kept {
  const state = releasedAt !== null ? "released" : outcome === "dismissed" ? "dismissed" : "waiting";
  return { ...row, fetchedAt: fetchedAt === null ? null : toInstant(fetchedAt), state } as Kept;
}

function rowOf({ scale, ...row }: MySqlRow): Row {
  return {
    ...row,
    value: atScale(row.value, scale),
    observedAt: toInstant(row.observedAt),
    fetchedAt: row.fetchedAt === null ? null : toInstant(row.fetchedAt),
  };
}
