import { and, asc, eq, gt, inArray, like, lte, min, or, sql } from "drizzle-orm";
import type { EventFilter, EventStatements } from "./event-log.ts";
import type { NewEvent } from "./events.ts";
import { insertAsJson, isInJson } from "./many-values.ts";
import type { Row } from "./rows.ts";
import { eventCursors, eventHead, events, observations, series } from "./schema.sqlite.ts";
import { WRITTEN } from "./sqlite-rows.ts";
import type { SqliteSession } from "./sqlite-transaction.ts";
import type { Written } from "./transaction.ts";

/** The log of events in SQLite. */

/** What StoreTransaction says of it. */
export async function announced(db: SqliteSession, ids: readonly string[]): Promise<Map<string, number>> {
  const last = sql`(SELECT MAX(${events.version}) FROM ${events} WHERE ${events.subject} = ${series.id})`;
  const since = sql`(SELECT ${eventHead.sinceVersion} FROM ${eventHead} WHERE ${eventHead.id} = 1)`;
  const fields = { id: series.id, version: sql<number>`COALESCE(${last}, ${since})` };
  const rows = await db.select(fields).from(series).where(isInJson(series.id, ids));
  return new Map(rows.map(({ id, version }) => [id, version]));
}

/** What StoreTransaction says of it. */
export async function addedSince(db: SqliteSession, ids: readonly string[], seq: number): Promise<Written<Row>[]> {
  return db
    .select(WRITTEN)
    .from(observations)
    .where(and(isInJson(observations.seriesId, ids), gt(observations.seq, seq)))
    .orderBy(asc(observations.seq));
}

/** Numbers events and stores them. */
export async function appendEvents(db: SqliteSession, added: readonly NewEvent[]): Promise<void> {
  await skipEvents(db, added.length);
  const first = (await readLatest(db)) - added.length + 1;
  const rows = added.map((event, index) => ({ ...event, seq: first + index }));
  await db.run(insertAsJson(events, rows));
}

/** Uses up numbers. The row stays locked until the transaction ends. */
export async function skipEvents(db: SqliteSession, count: number): Promise<void> {
  await db
    .update(eventHead)
    .set({ seq: sql`${eventHead.seq} + ${count}` })
    .where(eq(eventHead.id, 1));
}

async function readLatest(db: SqliteSession): Promise<number> {
  const [row] = await db.select({ seq: eventHead.seq }).from(eventHead).where(eq(eventHead.id, 1));
  return row?.seq ?? 0;
}

/** `run`: keeps a statement apart from others' transactions. */
export function eventStatements(db: SqliteSession, run: <T>(work: () => Promise<T>) => Promise<T>): EventStatements {
  return {
    latest: () => run(() => readLatest(db)),
    rows: (filter, { after, through, limit }) =>
      run(
        async () =>
          (await db
            .select()
            .from(events)
            .where(and(gt(events.seq, after), lte(events.seq, through), isWanted(filter)))
            .orderBy(asc(events.seq))
            .limit(limit)) as Awaited<ReturnType<EventStatements["rows"]>>,
      ),
    firstAfter: (seq) =>
      run(async () => {
        const [row] = await db
          .select({ seq: min(events.seq).mapWith(Number) })
          .from(events)
          .where(gt(events.seq, seq));
        return row?.seq ?? undefined;
      }),
    cursors: () =>
      run(async () => db.select({ consumer: eventCursors.consumer, seq: eventCursors.seq }).from(eventCursors)),
    addCursor: (consumer, at) =>
      run(
        async () =>
          void (await db.insert(eventCursors).values({ consumer, seq: 0, movedAt: at }).onConflictDoNothing()),
      ),
    writeCursor: (consumer, from, to, at) =>
      run(
        async () =>
          void (await db
            .update(eventCursors)
            .set({ seq: to, movedAt: at })
            .where(
              and(eq(eventCursors.consumer, consumer), from === undefined ? undefined : eq(eventCursors.seq, from)),
            )),
      ),
  };
}

function isWanted({ types, series: ids, providers }: EventFilter) {
  return and(
    inArray(events.type, [...types]),
    ids && isInJson(events.subject, ids),
    providers && or(...providers.map((id) => like(events.subject, `${id}.%`)), sql`false`),
  );
}
