import { type SQL, sql } from "drizzle-orm";
import type { EndpointChange, EndpointRow, EndpointStatus, NewEndpoint } from "#core/api/private/alerts-rows.ts";
import { type Columns, forUpdate, type SqlSession } from "./sql-session.ts";

/** The endpoints of an account: where its webhooks go. */

/** With what the private API does not see. */
export interface StoredEndpoint extends EndpointRow {
  /** Encrypted. */
  secret: string;
  previousSecret: string | null;
  previousUntilMs: number | null;
}

interface Columned {
  id: number;
  publicId: string;
  accountId: string;
  url: string;
  secret: string;
  previousSecret: string | null;
  previousUntilMs: number | null;
  eventTypes: string | null;
  status: EndpointStatus;
  disabledReason: string | null;
  failingSinceMs: number | null;
  timeouts: number;
  pausedUntilMs: number;
  note: string | null;
  createdAtMs: number;
}

const COLUMNS: Columns<Columned> = {
  id: sql`id`,
  publicId: sql`public_id`,
  accountId: sql`account_id`,
  url: sql`url`,
  secret: sql`secret`,
  previousSecret: sql`previous_secret`,
  previousUntilMs: sql`previous_until_ms`,
  eventTypes: sql`event_types`,
  status: sql`status`,
  disabledReason: sql`disabled_reason`,
  failingSinceMs: sql`failing_since_ms`,
  timeouts: sql`timeouts`,
  pausedUntilMs: sql`paused_until_ms`,
  note: sql`note`,
  createdAtMs: sql`created_at_ms`,
};
const isKept = sql`status <> 'deleted'`;

export async function insertEndpoint(
  session: SqlSession,
  endpoint: NewEndpoint & { secret: string },
  nowMs: number,
): Promise<void> {
  const { publicId, accountId, url, secret, eventTypes, note } = endpoint;
  await session.run(sql`INSERT INTO endpoints
      (public_id, account_id, url, secret, event_types, status, timeouts, paused_until_ms, note, created_at_ms)
    VALUES (${publicId}, ${accountId}, ${url}, ${secret}, ${eventTypes && JSON.stringify(eventTypes)}, 'pending', 0, 0,
      ${note}, ${nowMs})`);
}

/** Locked until the transaction ends; undefined if the account has none of this id. */
export async function findEndpoint(
  session: SqlSession,
  account: string,
  publicId: string,
): Promise<StoredEndpoint | undefined> {
  const [row] = await session.select<Columned>(
    COLUMNS,
    sql`FROM endpoints WHERE account_id = ${account} AND public_id = ${publicId} AND ${isKept}${forUpdate(session)}`,
  );
  return row && endpointOf(row);
}

/** In order of creation. */
export async function listEndpoints(session: SqlSession, account: string): Promise<StoredEndpoint[]> {
  const rows = await session.select<Columned>(
    COLUMNS,
    sql`FROM endpoints WHERE account_id = ${account} AND ${isKept} ORDER BY id`,
  );
  return rows.map(endpointOf);
}

/** By their numbers, deleted ones left out. */
export async function endpointsById(
  session: SqlSession,
  ids: readonly number[],
  { isLocked = false } = {},
): Promise<Map<number, StoredEndpoint>> {
  if (ids.length === 0) return new Map();
  const list = sql.join(
    [...new Set(ids)].sort((a, b) => a - b).map((id) => sql`${id}`),
    sql`, `,
  );
  const lock = isLocked ? forUpdate(session) : sql``;
  const rows = await session.select<Columned>(
    COLUMNS,
    sql`FROM endpoints WHERE id IN (${list}) AND ${isKept} ORDER BY id${lock}`,
  );
  return new Map(rows.map((row) => [Number(row.id), endpointOf(row)]));
}

export interface StoredChange extends EndpointChange {
  secret?: string;
  previousSecret?: string | null;
  previousUntilMs?: number | null;
}

export async function updateEndpoint(session: SqlSession, id: number, change: StoredChange): Promise<void> {
  const set: SQL[] = [];
  if (change.url !== undefined) set.push(sql`url = ${change.url}`);
  if (change.secret !== undefined) set.push(sql`secret = ${change.secret}`);
  if (change.previousSecret !== undefined) set.push(sql`previous_secret = ${change.previousSecret}`);
  if (change.previousUntilMs !== undefined) set.push(sql`previous_until_ms = ${change.previousUntilMs}`);
  if (change.eventTypes !== undefined)
    set.push(sql`event_types = ${change.eventTypes && JSON.stringify(change.eventTypes)}`);
  if (change.status !== undefined) set.push(sql`status = ${change.status}`);
  if (change.disabledReason !== undefined) set.push(sql`disabled_reason = ${change.disabledReason}`);
  if (change.note !== undefined) set.push(sql`note = ${change.note}`);
  if (change.health !== undefined) {
    const { failingSinceMs, timeouts, pausedUntilMs } = change.health;
    set.push(sql`failing_since_ms = ${failingSinceMs}, timeouts = ${timeouts}, paused_until_ms = ${pausedUntilMs}`);
  }
  if (set.length > 0) await session.run(sql`UPDATE endpoints SET ${sql.join(set, sql`, `)} WHERE id = ${id}`);
}

function endpointOf({ failingSinceMs, timeouts, pausedUntilMs, eventTypes, ...row }: Columned): StoredEndpoint {
  return {
    ...row,
    id: Number(row.id),
    previousUntilMs: row.previousUntilMs === null ? null : Number(row.previousUntilMs),
    eventTypes: eventTypes === null ? null : JSON.parse(eventTypes),
    health: {
      failingSinceMs: failingSinceMs === null ? null : Number(failingSinceMs),
      timeouts: Number(timeouts),
      pausedUntilMs: Number(pausedUntilMs),
    },
    createdAtMs: Number(row.createdAtMs),
  };
}
