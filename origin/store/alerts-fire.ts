import { type SQL, sql } from "drizzle-orm";
import { boundsOf, type Direction } from "#core/alerts/crossing.ts";
import { addDeliveries, type FiredEvent } from "./alerts-deliveries-add.ts";
import { asText, bigInteger, forUpdate, insertIgnore, listOf, rowsOf, type SqlSession } from "./sql-session.ts";

/** The two passes over the alerts of a metric, whose cost is what flips and not what exists. */

export const STATE = { fired: 0, armed: 1, off: 2, deleted: 3 } as const;
const SIGN = { above: 1, below: -1 } as const;
/** SQLite takes 32,766 parameters in a statement. */
const ROWS_PER_STATEMENT = 500;

/** A value of a metric to be held against its alerts. */
export interface Observed {
  metric: string;
  value: string;
  version: number;
  /** When it was published: cool-downs count from this. */
  atMs: number;
  /** When it is evaluated. */
  nowMs: number;
}

/** An alert that fires. */
export interface Firing {
  id: number;
  publicId: string;
  accountId: string;
  direction: Direction;
  threshold: bigint;
  endpointIds: string | null;
  note: string | null;
}

interface FiringRow extends Omit<Firing, "direction" | "threshold"> {
  threshold: string;
}

/** Fires at most `limit` alerts and returns how many; `bodyOf` writes what is told of each. The same value again fires none. */
export async function fire(
  session: SqlSession,
  observed: Observed,
  direction: Direction,
  limit: number,
  bodyOf: (firing: Firing) => string,
): Promise<number> {
  const { metric, version, atMs, nowMs } = observed;
  const order = direction === "above" ? sql`threshold, id` : sql`threshold DESC, id DESC`;
  const rows = await session.select<FiringRow>(
    {
      id: sql`id`,
      publicId: sql`public_id`,
      accountId: sql`account_id`,
      threshold: asText("threshold"),
      endpointIds: sql`endpoint_ids`,
      note: sql`note`,
    },
    sql`FROM alerts WHERE metric = ${metric} AND direction = ${SIGN[direction]} AND state = ${STATE.armed}
      AND ${isMet(direction, observed.value)} AND ready_at_ms <= ${atMs}
      AND NOT EXISTS (SELECT 1 FROM alert_events e WHERE e.alert_id = alerts.id AND e.version = ${version})
      ORDER BY ${order} LIMIT ${limit}${forUpdate(session)}`,
  );
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const firings = rows
      .slice(start, start + ROWS_PER_STATEMENT)
      .map((row): Firing => ({ ...row, id: Number(row.id), direction, threshold: BigInt(row.threshold) }));
    const ids = firings.map(({ id }) => id);
    await session.run(sql`${insertIgnore(session)} alert_events (account_id, type, alert_id, version, body, at_ms)
      VALUES ${rowsOf(firings.map((one) => [one.accountId, "alert.triggered", one.id, version, bodyOf(one), nowMs]))}`);
    await session.run(sql`UPDATE alerts SET state = ${STATE.fired}, ready_at_ms = ${atMs} + cooldown_ms,
      last_fired_at_ms = ${nowMs} WHERE id IN ${listOf(ids)}`);
    await addDeliveries(session, await firedEvents(session, firings, version), nowMs);
  }
  return rows.length;
}

async function firedEvents(session: SqlSession, firings: readonly Firing[], version: number): Promise<FiredEvent[]> {
  const rows = await session.select<{ id: number; alertId: number }>(
    { id: sql`id`, alertId: sql`alert_id` },
    sql`FROM alert_events WHERE alert_id IN ${listOf(firings.map(({ id }) => id))} AND version = ${version}`,
  );
  const byAlert = new Map(rows.map(({ id, alertId }) => [Number(alertId), Number(id)]));
  return firings.flatMap(({ id, accountId, endpointIds }) => {
    const eventId = byAlert.get(id);
    if (eventId === undefined) return [];
    return [{ eventId, accountId, type: "alert.triggered", endpointIds }];
  });
}

/** Arms at most `limit` alerts that have fired and whose condition does not hold any more; returns how many. */
export async function rearm(
  session: SqlSession,
  { metric, value }: Pick<Observed, "metric" | "value">,
  direction: Direction,
  limit: number,
): Promise<number> {
  const rows = await session.select<{ id: number }>(
    { id: sql`id` },
    sql`FROM alerts WHERE metric = ${metric} AND direction = ${SIGN[direction]} AND state = ${STATE.fired}
      AND ${isNotMet(direction, value)} LIMIT ${limit}${forUpdate(session)}`,
  );
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const ids = rows.slice(start, start + ROWS_PER_STATEMENT).map(({ id }) => Number(id));
    await session.run(sql`UPDATE alerts SET state = ${STATE.armed} WHERE id IN ${listOf(ids)}`);
  }
  return rows.length;
}

/** A range of the index: `core/alerts/crossing` as SQL. */
function isMet(direction: Direction, value: string): SQL {
  const { aboveUnder, belowOver } = boundsOf(value);
  return direction === "above" ? sql`threshold < ${bigInteger(aboveUnder)}` : sql`threshold > ${bigInteger(belowOver)}`;
}

/** Written out, because an index is not searched by a negation. */
function isNotMet(direction: Direction, value: string): SQL {
  const { aboveUnder, belowOver } = boundsOf(value);
  return direction === "above"
    ? sql`threshold >= ${bigInteger(aboveUnder)}`
    : sql`threshold <= ${bigInteger(belowOver)}`;
}
