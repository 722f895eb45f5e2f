import { type SQL, sql } from "drizzle-orm";
import { insertIgnore, type SqlSession } from "./sql-session.ts";

/** Deliveries that are due and done. Rows are the truth: a lost wake-up or a crash changes none of them. */

export const DELIVERY = { due: 0, delivered: 1, failed: 2 } as const;

/** The delivery of a lease that is current, with its event's type; undefined if the lease has ended. */
export async function leasedDelivery(
  session: SqlSession,
  id: number,
  leaseId: string,
): Promise<{ attempts: number; endpointId: number; type: string } | undefined> {
  const [row] = await session.select<{ attempts: number; endpointId: number; type: string }>(
    { attempts: sql`d.attempts`, endpointId: sql`d.endpoint_id`, type: sql`e.type` },
    sql`FROM deliveries d JOIN alert_events e ON e.id = d.event_id
      WHERE d.id = ${id} AND d.lease_id = ${leaseId} AND d.status = ${DELIVERY.due}`,
  );
  return row && { ...row, attempts: Number(row.attempts), endpointId: Number(row.endpointId) };
}

export interface Attempt {
  atMs: number;
  status: number | undefined;
  error: string | undefined;
  durationMs: number;
}

/** Records an attempt, and when the next is due; `nextMs` undefined: there is none. Whether the lease was still current. */
export async function finishAttempt(
  session: SqlSession,
  { id, leaseId }: { id: number; leaseId: string },
  made: number,
  attempt: Attempt,
  nextMs: number | undefined,
): Promise<boolean> {
  const { atMs, status, error, durationMs } = attempt;
  const outcome = error === undefined ? DELIVERY.delivered : nextMs === undefined ? DELIVERY.failed : DELIVERY.due;
  const finishedAtMs = outcome === DELIVERY.due ? null : atMs;
  // What was read of the lease may be older than the lock on its endpoint.
  const changed = await session.run(sql`UPDATE deliveries SET status = ${outcome}, attempts = ${made}, lease_id = NULL,
    due_at_ms = ${nextMs ?? atMs}, finished_at_ms = ${finishedAtMs}
    WHERE id = ${id} AND lease_id = ${leaseId} AND status = ${DELIVERY.due}`);
  if (changed === 0) return false;
  await session.run(sql`${insertIgnore(session)} delivery_attempts (delivery_id, n, at_ms, status, error, duration_ms)
    VALUES (${id}, ${made}, ${atMs}, ${status ?? null}, ${error ?? null}, ${durationMs})`);
  return true;
}

/** Has what an endpoint waits for sent to where it is now: what comes of a call to its former URL says nothing of it. */
export async function endLeasesOf(session: SqlSession, endpointId: number, nowMs: number): Promise<void> {
  await session.run(sql`UPDATE deliveries SET lease_id = NULL, due_at_ms = ${nowMs}
    WHERE endpoint_id = ${endpointId} AND status = ${DELIVERY.due} AND lease_id IS NOT NULL`);
}

/** Makes due at once what waited for its endpoint to answer a ping. */
export async function releaseDeliveriesOf(session: SqlSession, endpointId: number, nowMs: number): Promise<void> {
  await session.run(sql`UPDATE deliveries SET due_at_ms = ${nowMs}
    WHERE endpoint_id = ${endpointId} AND status = ${DELIVERY.due} AND lease_id IS NULL AND due_at_ms > ${nowMs}`);
}

/** Gives up what an endpoint that was disabled or deleted still has to receive. It can be replayed. */
export async function failDeliveriesOf(session: SqlSession, endpointId: number, nowMs: number): Promise<void> {
  await session.run(sql`UPDATE deliveries SET status = ${DELIVERY.failed}, finished_at_ms = ${nowMs}, lease_id = NULL
    WHERE endpoint_id = ${endpointId} AND status = ${DELIVERY.due}`);
}

/** How many are due, as far as it matters, and when the next will be; null: nothing waits. */
export async function dueDeliveries(
  session: SqlSession,
  nowMs: number,
  limit: number,
): Promise<{ due: number; oldestDueAtMs: number | null; nextDueAtMs: number | null }> {
  const of = (condition: SQL, count: number) =>
    session.select<{ dueAtMs: number }>(
      { dueAtMs: sql`due_at_ms` },
      sql`FROM deliveries WHERE status = ${DELIVERY.due} AND ${condition} ORDER BY due_at_ms LIMIT ${count}`,
    );
  const due = await of(sql`due_at_ms <= ${nowMs}`, limit);
  const [next] = await of(sql`due_at_ms > ${nowMs}`, 1);
  const numberOf = (row: { dueAtMs: number } | undefined) => (row === undefined ? null : Number(row.dueAtMs));
  return { due: due.length, oldestDueAtMs: numberOf(due[0]), nextDueAtMs: numberOf(next) };
}
