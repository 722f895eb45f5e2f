import { type SQL, sql } from "drizzle-orm";
import { type AlertState, isOtherCondition } from "#core/alerts/crossing.ts";
import type { AlertChange, AlertRow, Numbered } from "#core/api/private/alerts-rows.ts";
import { STATE } from "./alerts-fire.ts";
import { asText, bigInteger, type Columns, forUpdate, type SqlSession } from "./sql-session.ts";

/** The alerts of an account, and what they have said. Every statement names the account. */

interface StoredRow {
  id: number;
  publicId: string;
  metric: string;
  direction: number;
  threshold: string;
  state: number;
  cooldownMs: number;
  endpointIds: string | null;
  note: string | null;
  createdAtMs: number;
  lastFiredAtMs: number | null;
}

const COLUMNS: Columns<StoredRow> = {
  id: sql`id`,
  publicId: sql`public_id`,
  metric: sql`metric`,
  direction: sql`direction`,
  threshold: asText("threshold"),
  state: sql`state`,
  cooldownMs: sql`cooldown_ms`,
  endpointIds: sql`endpoint_ids`,
  note: sql`note`,
  createdAtMs: sql`created_at_ms`,
  lastFiredAtMs: sql`last_fired_at_ms`,
};

/** What was published before it, in the same millisecond too, does not fire it. */
export async function insertAlert(session: SqlSession, account: string, alert: AlertRow): Promise<void> {
  const { publicId, metric, threshold, state, cooldownMs, createdAtMs } = alert;
  const sign = alert.direction === "above" ? 1 : -1;
  const endpointIds = alert.endpointIds && JSON.stringify(alert.endpointIds);
  await session.run(sql`INSERT INTO alerts (public_id, account_id, metric, direction, threshold, state, cooldown_ms,
      ready_at_ms, endpoint_ids, note, created_at_ms, last_fired_at_ms)
    VALUES (${publicId}, ${account}, ${metric}, ${sign}, ${bigInteger(threshold)}, ${STATE[state]}, ${cooldownMs},
      ${createdAtMs + 1}, ${endpointIds}, ${alert.note}, ${createdAtMs}, ${alert.lastFiredAtMs})`);
}

/** The alert and its number among all; undefined if the account has none of this id. Locked, if it is to be changed. */
export async function findAlert(
  session: SqlSession,
  account: string,
  publicId: string,
  { isLocked = false } = {},
): Promise<Numbered<AlertRow> | undefined> {
  const lock = isLocked ? forUpdate(session) : sql``;
  const [row] = await session.select<StoredRow>(
    COLUMNS,
    sql`FROM alerts WHERE account_id = ${account} AND public_id = ${publicId} AND state <> ${STATE.deleted}${lock}`,
  );
  return row && { id: Number(row.id), row: alertOf(row) };
}

/** In order of creation, after one of them. */
export async function listAlerts(
  session: SqlSession,
  account: string,
  afterId: number,
  limit: number,
): Promise<Numbered<AlertRow>[]> {
  const rows = await session.select<StoredRow>(
    COLUMNS,
    sql`FROM alerts WHERE account_id = ${account} AND id > ${afterId} AND state <> ${STATE.deleted}
      ORDER BY id LIMIT ${limit}`,
  );
  return rows.map((row) => ({ id: Number(row.id), row: alertOf(row) }));
}

export async function countAlerts(session: SqlSession, account: string): Promise<number> {
  const [row] = await session.select<{ n: number }>(
    { n: sql`COUNT(*)` },
    sql`FROM alerts WHERE account_id = ${account} AND state <> ${STATE.deleted}`,
  );
  return Number(row?.n ?? 0);
}

/**
 * A change of what fires it counts from `nowMs` on: what was published before must not. Another condition or threshold
 * makes it a new alert, which has not fired; anything else leaves a cool-down running, as long as it now is.
 */
export async function updateAlert(
  session: SqlSession,
  account: string,
  publicId: string,
  change: AlertChange,
  nowMs: number,
): Promise<void> {
  const isOwn = sql`account_id = ${account} AND public_id = ${publicId}`;
  const [stored] = await session.select<StoredRow & { readyAtMs: number }>(
    { ...COLUMNS, readyAtMs: sql`ready_at_ms` },
    sql`FROM alerts WHERE ${isOwn}${forUpdate(session)}`,
  );
  if (stored === undefined) return;
  const known = { ...alertOf(stored), readyAtMs: Number(stored.readyAtMs) };
  const set: SQL[] = [];
  if (change.direction !== undefined) set.push(sql`direction = ${change.direction === "above" ? 1 : -1}`);
  if (change.threshold !== undefined) set.push(sql`threshold = ${bigInteger(change.threshold)}`);
  if (change.cooldownMs !== undefined) set.push(sql`cooldown_ms = ${change.cooldownMs}`);
  if (change.endpointIds !== undefined)
    set.push(sql`endpoint_ids = ${change.endpointIds && JSON.stringify(change.endpointIds)}`);
  if (change.note !== undefined) set.push(sql`note = ${change.note}`);
  if (change.state !== undefined) set.push(sql`state = ${STATE[change.state]}`);
  if (isOtherCondition(known, change)) set.push(sql`ready_at_ms = ${nowMs + 1}, last_fired_at_ms = NULL`);
  else if (change.state !== undefined || change.cooldownMs !== undefined)
    set.push(sql`ready_at_ms = ${readyAtOf(known, change, nowMs)}`);
  if (set.length > 0) await session.run(sql`UPDATE alerts SET ${sql.join(set, sql`, `)} WHERE ${isOwn}`);
}

/** Before which instant an alert does not fire once its state or its cool-down has changed. */
function readyAtOf(known: AlertRow & { readyAtMs: number }, change: AlertChange, nowMs: number): number {
  const { readyAtMs, cooldownMs, lastFiredAtMs } = known;
  const fromMs = change.state === undefined ? readyAtMs : nowMs + 1;
  if (lastFiredAtMs === null) return fromMs;
  // A cool-down counts from the publication, which comes before the firing.
  const publishedMs = Math.min(lastFiredAtMs, readyAtMs - cooldownMs);
  const endMs = publishedMs + (change.cooldownMs ?? cooldownMs);
  if (endMs > nowMs) return endMs;
  return readyAtMs > nowMs ? nowMs + 1 : fromMs;
}

/** Whether there was such an alert. Its events stay. */
export async function deleteAlert(session: SqlSession, account: string, publicId: string): Promise<boolean> {
  const changed = await session.run(sql`UPDATE alerts SET state = ${STATE.deleted}
    WHERE account_id = ${account} AND public_id = ${publicId} AND state <> ${STATE.deleted}`);
  return changed > 0;
}

const STATES: Readonly<Record<number, AlertState>> = { 0: "fired", 1: "armed", 2: "off" };

function alertOf(row: StoredRow): AlertRow {
  return {
    publicId: row.publicId,
    metric: row.metric,
    direction: Number(row.direction) > 0 ? "above" : "below",
    threshold: BigInt(row.threshold),
    state: STATES[Number(row.state)] ?? "off",
    cooldownMs: Number(row.cooldownMs),
    endpointIds: row.endpointIds === null ? null : JSON.parse(row.endpointIds),
    note: row.note,
    createdAtMs: Number(row.createdAtMs),
    lastFiredAtMs: row.lastFiredAtMs === null ? null : Number(row.lastFiredAtMs),
  };
}
