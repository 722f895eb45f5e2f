import { sql } from "drizzle-orm";
import { DELIVERY } from "./alerts-deliveries.ts";
import { insertEvent, PING } from "./alerts-events.ts";
import { insertIgnore, listOf, rowsOf, type SqlSession } from "./sql-session.ts";

/** An event that endpoints are told of. */
export interface FiredEvent {
  eventId: number;
  accountId: string;
  type: string;
  /** Public ids of endpoints as JSON; null: all of the account. */
  endpointIds: string | null;
}

interface Subscriber {
  id: number;
  publicId: string;
  accountId: string;
  eventTypes: string | null;
}

/** SQLite takes 32,766 parameters in a statement, MySQL 65,535. */
const ROWS_PER_STATEMENT = 1_000;

/**
 * Makes one delivery for each event and endpoint that wants it; those that exist already stay as they are. What a pending
 * endpoint gets waits for its ping to be answered.
 */
export async function addDeliveries(
  session: SqlSession,
  events: readonly FiredEvent[],
  nowMs: number,
): Promise<number> {
  if (events.length === 0) return 0;
  const accounts = [...new Set(events.map(({ accountId }) => accountId))];
  const rows = await session.select<Subscriber>(
    { id: sql`id`, publicId: sql`public_id`, accountId: sql`account_id`, eventTypes: sql`event_types` },
    sql`FROM endpoints WHERE account_id IN ${listOf(accounts)} AND status IN ('enabled', 'pending')`,
  );
  const byAccount = Map.groupBy(rows, ({ accountId }) => accountId);
  const deliveries = events.flatMap(({ eventId, accountId, type, endpointIds }) => {
    const wanted = endpointIds === null ? undefined : (JSON.parse(endpointIds) as string[]);
    return (byAccount.get(accountId) ?? [])
      .filter(({ publicId }) => wanted?.includes(publicId) ?? true)
      .filter(({ eventTypes }) => eventTypes === null || (JSON.parse(eventTypes) as string[]).includes(type))
      .map(({ id }) => ({ accountId, eventId, endpointId: Number(id) }));
  });
  await insertDeliveries(session, deliveries, nowMs);
  return deliveries.length;
}

/** Makes deliveries due at once; those that exist already stay as they are. */
export async function insertDeliveries(
  session: SqlSession,
  deliveries: readonly { accountId: string; eventId: number; endpointId: number }[],
  nowMs: number,
): Promise<void> {
  const rows = deliveries.map(({ accountId, eventId, endpointId }) => [
    accountId,
    eventId,
    endpointId,
    DELIVERY.due,
    0,
    nowMs,
    nowMs,
  ]);
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT)
    await session.run(sql`${insertIgnore(session)} deliveries
      (account_id, event_id, endpoint_id, status, attempts, due_at_ms, created_at_ms)
      VALUES ${rowsOf(rows.slice(start, start + ROWS_PER_STATEMENT))}`);
}

/** Makes a `webhook.ping` due for an endpoint, whatever its state. */
export async function addPing(
  session: SqlSession,
  { id, publicId, accountId }: { id: number; publicId: string; accountId: string },
  nowMs: number,
): Promise<void> {
  const data = { endpoint_id: publicId };
  const body = JSON.stringify({ type: PING, timestamp: new Date(nowMs).toISOString(), data });
  const eventId = await insertEvent(session, accountId, { type: PING, body }, nowMs);
  await session.run(sql`INSERT INTO deliveries
    (account_id, event_id, endpoint_id, status, attempts, due_at_ms, created_at_ms)
    VALUES (${accountId}, ${eventId}, ${id}, 0, 0, ${nowMs}, ${nowMs})`);
}

/** Tells an account that deliveries to one of its endpoints have ended: nothing is disabled silently. */
export async function addDisabled(
  session: SqlSession,
  { publicId, accountId, url }: { publicId: string; accountId: string; url: string },
  reason: string,
  nowMs: number,
): Promise<void> {
  const type = "endpoint.disabled";
  const data = { endpoint_id: publicId, url: shownUrl(url), reason };
  const body = JSON.stringify({ type, timestamp: new Date(nowMs).toISOString(), data });
  const eventId = await insertEvent(session, accountId, { type, body }, nowMs);
  await addDeliveries(session, [{ eventId, accountId, type, endpointIds: null }], nowMs);
}

/** Of the 2,000 characters that an event's body may have. */
const MAX_URL_IN_BODY = 1_700;

/** As much of a URL as a body has room for, of which a backslash takes two characters. */
function shownUrl(url: string): string {
  if (JSON.stringify(url).length <= MAX_URL_IN_BODY) return url;
  return `${new URL(url).href.slice(0, MAX_URL_IN_BODY / 2)}…`;
}
