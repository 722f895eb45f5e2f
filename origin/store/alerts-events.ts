import { sql } from "drizzle-orm";
import type { AlertEventRow } from "#core/api/private/alerts-rows.ts";
import type { AccountEvent, AccountHistory } from "#core/wire/account-events.ts";
import { lockCursor } from "./alerts-log.ts";
import type { Columns, SqlSession } from "./sql-session.ts";

/** What accounts are told: `alert_events`. */

/** An event that no alert has caused. */
export async function insertEvent(
  session: SqlSession,
  accountId: string,
  { type, body }: { type: string; body: string },
  nowMs: number,
): Promise<number> {
  // The evaluation holds it while it writes events: numbers ascend in the order of commits, and no reader passes one over.
  await lockCursor(session, nowMs);
  await session.run(sql`INSERT INTO alert_events (account_id, type, body, at_ms)
    VALUES (${accountId}, ${type}, ${body}, ${nowMs})`);
  const lastId = session.dialect === "mysql" ? sql`LAST_INSERT_ID()` : sql`last_insert_rowid()`;
  const [row] = await session.select<{ id: number }>({ id: lastId }, sql``);
  return Number(row?.id);
}

/** Proves that a receiver exists; no part of an account's history. */
export const PING = "webhook.ping";

/** The account's events after one of them, oldest first; of one alert, if it is named. */
export async function listEvents(
  session: SqlSession,
  account: string,
  { alertId, after, limit }: { alertId?: number; after: number; limit: number },
): Promise<AlertEventRow[]> {
  const ofAlert = alertId === undefined ? sql`` : sql` AND alert_id = ${alertId}`;
  const rows = await session.select<AlertEventRow>(
    { id: sql`id`, body: sql`body` },
    sql`FROM alert_events WHERE account_id = ${account} AND id > ${after} AND type <> ${PING}${ofAlert}
      ORDER BY id LIMIT ${limit}`,
  );
  return rows.map(({ id, body }) => ({ id: Number(id), body }));
}

const ACCOUNT_EVENT: Columns<AccountEvent> = {
  id: sql`id`,
  account: sql`account_id`,
  type: sql`type`,
  body: sql`body`,
};

/** The events of all accounts after one of them, in the order of commits. */
export async function eventsOfAll(session: SqlSession, after: number, limit: number): Promise<AccountEvent[]> {
  const rows = await session.select<AccountEvent>(
    ACCOUNT_EVENT,
    sql`FROM alert_events WHERE id > ${after} AND type <> ${PING} ORDER BY id LIMIT ${limit}`,
  );
  return rows.map((row) => ({ ...row, id: Number(row.id) }));
}

/** The newest events of an account, ascending, and the number of the last one before them. */
export async function newestEvents(session: SqlSession, account: string, limit: number): Promise<AccountHistory> {
  const rows = await session.select<AccountEvent>(
    ACCOUNT_EVENT,
    sql`FROM alert_events WHERE account_id = ${account} AND type <> ${PING} ORDER BY id DESC LIMIT ${limit + 1}`,
  );
  const events = rows.map((row) => ({ ...row, id: Number(row.id) })).reverse();
  const floor = events.length > limit ? (events.shift()?.id ?? 0) : 0;
  return { events, floor };
}
