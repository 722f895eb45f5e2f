import { and, asc, eq, gt, inArray, like, lte, min, or, sql } from "drizzle-orm";
import type { EventFilter, EventStatements } from "./event-log.ts";
import type { NewEvent } from "./events.ts";
import { insertAsLists, isInList } from "./many-values.ts";
import { rawRows, readWritten, toDatetime, toInstant, WRITTEN } from "./mysql-rows.ts";
import type { MySqlSession } from "./mysql-transaction.ts";
import type { Row } from "./rows.ts";
import { eventCursors, eventHead, events, observations, series } from "./schema.mysql.ts";
import { chunksOf } from "./state.ts";
import type { Written } from "./transaction.ts";

/** What is in events-sqlite, for MySQL. */

export async function announced(db: MySqlSession, ids: readonly string[]): Promise<Map<string, number>> {
  const { subject, version } = events;
  // As in readHeads: grouping may read all rows.
  const last = sql`SELECT ${version} FROM ${events} WHERE ${subject} = ${series.id} ORDER BY ${version} DESC LIMIT 1`;
  const since = sql`SELECT ${eventHead.sinceVersion} FROM ${eventHead} WHERE ${eventHead.id} = 1`;
  const rows = await rawRows(
    db,
    sql`SELECT ${series.id}, COALESCE((${last}), (${since})) AS newest FROM ${series} WHERE ${isInList(series.id, ids)}`,
  );
  return new Map((rows as [id: string, version: number | string][]).map(([id, newest]) => [id, Number(newest)]));
}

export async function addedSince(db: MySqlSession, ids: readonly string[], seq: number): Promise<Written<Row>[]> {
  const isAdded = and(isInList(observations.seriesId, ids), gt(observations.seq, seq));
  return readWritten(db, db.select(WRITTEN).from(observations).where(isAdded).orderBy(asc(observations.seq)));
}

export async function appendEvents(db: MySqlSession, added: readonly NewEvent[]): Promise<void> {
  await skipEvents(db, added.length);
  // Within the transaction this is what it has just written, even if its snapshot is older.
  const first = (await readLatest(db)) - added.length + 1;
  const rows = added.map((event, index) => ({
    ...event,
    seq: first + index,
    occurredAt: toDatetime(event.occurredAt),
  }));
  for (const chunk of chunksOf(rows)) await db.execute(insertAsLists(events, chunk));
}

/** Uses up numbers. The row stays locked until the transaction ends. */
export async function skipEvents(db: MySqlSession, count: number): Promise<void> {
  await db
    .update(eventHead)
    .set({ seq: sql`${eventHead.seq} + ${count}` })
    .where(eq(eventHead.id, 1));
}

async function readLatest(db: MySqlSession): Promise<number> {
  const [row] = await db.select({ seq: eventHead.seq }).from(eventHead).where(eq(eventHead.id, 1));
  return row?.seq ?? 0;
}

export function eventStatements(db: MySqlSession): EventStatements {
  return {
    latest: () => readLatest(db),
    rows: async (filter, { after, through, limit }) => {
      const rows = await db
        .select()
        .from(events)
        .where(and(gt(events.seq, after), lte(events.seq, through), isWanted(filter)))
        .orderBy(asc(events.seq))
        .limit(limit);
      type Stored = Awaited<ReturnType<EventStatements["rows"]>>;
      return rows.map((row) => ({ ...row, occurredAt: toInstant(row.occurredAt) })) as Stored;
    },
    firstAfter: async (seq) => {
      const [row] = await db
        .select({ seq: min(events.seq).mapWith(Number) })
        .from(events)
        .where(gt(events.seq, seq));
      return row?.seq ?? undefined;
    },
    cursors: async () => db.select({ consumer: eventCursors.consumer, seq: eventCursors.seq }).from(eventCursors),
    addCursor: async (consumer, at) => {
      await db
        .insert(eventCursors)
        .values({ consumer, seq: 0, movedAt: toDatetime(at) })
        .onDuplicateKeyUpdate({ set: { consumer: sql`${eventCursors.consumer}` } });
    },
    writeCursor: async (consumer, from, to, at) => {
      const isThere = from === undefined ? undefined : eq(eventCursors.seq, from);
      await db
        .update(eventCursors)
        .set({ seq: to, movedAt: toDatetime(at) })
        .where(and(eq(eventCursors.consumer, consumer), isThere));
    },
  };
}

function isWanted({ types, series: ids, providers }: EventFilter) {
  return and(
    inArray(events.type, [...types]),
    ids && isInList(events.subject, ids),
    providers && or(...providers.map((id) => like(events.subject, `${id}.%`)), sql`false`),
  );
}
