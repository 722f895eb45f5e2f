import { type SQL, sql } from "drizzle-orm";
import type { AttemptRow, DeliveryRow, EndpointRow } from "#core/api/private/alerts-rows.ts";
import { DELIVERY } from "./alerts-deliveries.ts";
import { insertDeliveries } from "./alerts-deliveries-add.ts";
import { PING } from "./alerts-events.ts";
import { type Columns, listOf, type SqlSession } from "./sql-session.ts";

/** What an account sees of its deliveries, and has repeated. */

interface StoredRow {
  id: number;
  eventId: number;
  endpointId: string;
  type: string;
  status: number;
  attempts: number;
  dueAtMs: number;
  createdAtMs: number;
  finishedAtMs: number | null;
}

const COLUMNS: Columns<StoredRow> = {
  id: sql`d.id`,
  eventId: sql`d.event_id`,
  endpointId: sql`p.public_id`,
  type: sql`e.type`,
  status: sql`d.status`,
  attempts: sql`d.attempts`,
  dueAtMs: sql`d.due_at_ms`,
  createdAtMs: sql`d.created_at_ms`,
  finishedAtMs: sql`d.finished_at_ms`,
};
const TABLES = sql`FROM deliveries d JOIN alert_events e ON e.id = d.event_id JOIN endpoints p ON p.id = d.endpoint_id`;
const NAMES = ["due", "delivered", "failed"] as const;

/** Newest first, before one of them, with their attempts. */
export async function listDeliveries(
  session: SqlSession,
  { id, accountId }: EndpointRow,
  before: number | undefined,
  limit: number,
): Promise<DeliveryRow[]> {
  const page = before === undefined ? sql`` : sql` AND d.id < ${before}`;
  return deliveriesWhere(
    session,
    sql`d.account_id = ${accountId} AND d.endpoint_id = ${id}${page} ORDER BY d.id DESC LIMIT ${limit}`,
  );
}

/** Makes a delivery due at once, if its endpoint takes it; undefined if the account has none of this number. */
export async function retryDelivery(
  session: SqlSession,
  accountId: string,
  id: number,
  nowMs: number,
): Promise<DeliveryRow | "disabled" | "pending" | undefined> {
  const isOwn = sql`d.account_id = ${accountId} AND d.id = ${id} AND p.status <> 'deleted'`;
  const [found] = await session.select<{ status: string; type: string }>(
    { status: sql`p.status`, type: sql`e.type` },
    sql`${TABLES} WHERE ${isOwn}`,
  );
  if (found === undefined) return undefined;
  if (found.status === "disabled") return "disabled";
  // What is more than a day old would be given up before it is sent.
  if (found.status === "pending" && found.type !== PING) return "pending";
  // A lease that is current goes on: its attempt is being made.
  await session.run(sql`UPDATE deliveries SET status = ${DELIVERY.due}, due_at_ms = ${nowMs}, finished_at_ms = NULL
    WHERE id = ${id} AND account_id = ${accountId} AND lease_id IS NULL`);
  return (await deliveriesWhere(session, isOwn))[0];
}

/**
 * Makes events since an instant due for an endpoint, unless they were delivered or their alert tells others only; at most
 * `limit`. Returns how many.
 */
export async function replayEvents(
  session: SqlSession,
  { id, publicId, accountId, eventTypes }: EndpointRow,
  sinceMs: number,
  limit: number,
  nowMs: number,
): Promise<number> {
  const ofTypes = eventTypes === null ? sql`e.type <> ${PING}` : sql`e.type IN ${listOf(eventTypes)}`;
  const isTold = sql`(a.endpoint_ids IS NULL OR INSTR(a.endpoint_ids, ${JSON.stringify(publicId)}) > 0)`;
  const rows = await session.select<{ eventId: number; deliveryId: number | null }>(
    { eventId: sql`e.id`, deliveryId: sql`d.id` },
    sql`FROM alert_events e LEFT JOIN deliveries d ON d.event_id = e.id AND d.endpoint_id = ${id}
        LEFT JOIN alerts a ON a.id = e.alert_id
      WHERE e.account_id = ${accountId} AND e.at_ms >= ${sinceMs} AND ${ofTypes}
        AND (d.status = ${DELIVERY.failed} OR (d.id IS NULL AND ${isTold})) ORDER BY e.id LIMIT ${limit}`,
  );
  const missing = rows.filter(({ deliveryId }) => deliveryId === null);
  const failed = rows.flatMap(({ deliveryId }) => (deliveryId === null ? [] : [Number(deliveryId)]));
  await insertDeliveries(
    session,
    missing.map(({ eventId }) => ({ accountId, eventId: Number(eventId), endpointId: id })),
    nowMs,
  );
  if (failed.length > 0)
    await session.run(sql`UPDATE deliveries SET status = ${DELIVERY.due}, due_at_ms = ${nowMs}, finished_at_ms = NULL
      WHERE id IN ${listOf(failed)}`);
  return rows.length;
}

async function deliveriesWhere(session: SqlSession, condition: SQL): Promise<DeliveryRow[]> {
  const rows = await session.select<StoredRow>(COLUMNS, sql`${TABLES} WHERE ${condition}`);
  const log = await attemptsOf(
    session,
    rows.map(({ id }) => Number(id)),
  );
  return rows.map((row) => ({
    ...row,
    id: Number(row.id),
    eventId: Number(row.eventId),
    status: NAMES[Number(row.status)] ?? "failed",
    attempts: Number(row.attempts),
    dueAtMs: Number(row.dueAtMs),
    createdAtMs: Number(row.createdAtMs),
    finishedAtMs: row.finishedAtMs === null ? null : Number(row.finishedAtMs),
    log: log.get(Number(row.id)) ?? [],
  }));
}

async function attemptsOf(session: SqlSession, ids: readonly number[]): Promise<Map<number, AttemptRow[]>> {
  if (ids.length === 0) return new Map();
  const rows = await session.select<AttemptRow & { deliveryId: number }>(
    {
      deliveryId: sql`delivery_id`,
      n: sql`n`,
      atMs: sql`at_ms`,
      status: sql`status`,
      error: sql`error`,
      durationMs: sql`duration_ms`,
    },
    sql`FROM delivery_attempts WHERE delivery_id IN ${listOf(ids)} ORDER BY delivery_id, n`,
  );
  const numbered = rows.map(({ deliveryId, n, atMs, durationMs, ...row }) => ({
    deliveryId: Number(deliveryId),
    attempt: { ...row, n: Number(n), atMs: Number(atMs), durationMs: Number(durationMs) },
  }));
  const groups = Map.groupBy(numbered, ({ deliveryId }) => deliveryId);
  return new Map(Array.from(groups, ([id, all]) => [id, all.map(({ attempt }) => attempt)]));
}
