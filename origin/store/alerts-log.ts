import { sql } from "drizzle-orm";
import type { PlainDate } from "#core/time/dates.ts";
import { asText, forUpdate, listOf, orLock, type SqlSession } from "./sql-session.ts";

/** What the evaluation of alerts reads of the log of events, and how far it has come. */

/** The evaluation's cursor in `event_cursors`: its row is the lock that makes one evaluator at a time. */
const CONSUMER = "alerts";

/** A value that was stored. */
export interface RateNews {
  seq: number;
  series: string;
  date: PlainDate;
  version: number;
  atMs: number;
}

interface EventRow {
  seq: number;
  type: string;
  subject: string;
  version: number;
  data: string;
  occurredAt: string;
}

/** Keeps every other evaluator waiting until the transaction ends. Returns the number of the last event that is done. */
export async function lockCursor(session: SqlSession, nowMs: number): Promise<number> {
  await session.run(sql`INSERT INTO event_cursors (consumer, seq, moved_at)
    VALUES (${CONSUMER}, 0, ${instantIn(session, nowMs)}) ${orLock(session, sql`consumer`)}`);
  return (await lockedSeq(session)) ?? 0;
}

async function lockedSeq(session: SqlSession): Promise<number | undefined> {
  const [row] = await session.select<{ seq: number }>(
    { seq: sql`seq` },
    sql`FROM event_cursors WHERE consumer = ${CONSUMER}${forUpdate(session)}`,
  );
  return row && Number(row.seq);
}

export async function moveCursor(session: SqlSession, seq: number, atMs: number): Promise<void> {
  await session.run(sql`UPDATE event_cursors SET seq = ${seq}, moved_at = ${instantIn(session, atMs)}
    WHERE consumer = ${CONSUMER}`);
}

/** The log's own tables hold instants as the store's do. */
function instantIn({ dialect }: SqlSession, ms: number): string {
  const instant = new Date(ms).toISOString();
  return dialect === "mysql" ? instant.replace("T", " ").replace("Z", "") : instant;
}

/** The values that were stored after an event, in the order of commits, and how far the log was read. */
export async function newsAfter(
  session: SqlSession,
  seq: number,
  limit: number,
): Promise<{ news: RateNews[]; readTo: number; isEnd: boolean }> {
  const rows = await session.select<EventRow>(
    {
      seq: sql`seq`,
      type: sql`type`,
      subject: sql`subject`,
      version: sql`version`,
      data: asText("data"),
      occurredAt: asText("occurred_at"),
    },
    sql`FROM events WHERE seq > ${seq} ORDER BY seq LIMIT ${limit}`,
  );
  const news = rows.flatMap(({ type, subject, data, occurredAt, ...row }) => {
    if (type !== "rate.published" && type !== "rate.revised") return [];
    const { date } = JSON.parse(data) as { date: PlainDate };
    const atMs = Date.parse(occurredAt.includes("T") ? occurredAt : `${occurredAt.replace(" ", "T")}Z`);
    return [{ seq: Number(row.seq), series: subject, date, version: Number(row.version), atMs }];
  });
  return { news, readTo: Number(rows.at(-1)?.seq ?? seq), isEnd: rows.length < limit };
}

/** The versions of these series that the log tells of later than this event: a value is judged by what came before. */
export async function versionsAfter(
  session: SqlSession,
  seq: number,
  series: readonly string[],
): Promise<ReadonlySet<number>> {
  if (series.length === 0) return new Set();
  const rows = await session.select<{ version: number }>(
    { version: sql`version` },
    sql`FROM events WHERE seq > ${seq} AND subject IN ${listOf(series)} AND version IS NOT NULL`,
  );
  return new Set(rows.map(({ version }) => Number(version)));
}
