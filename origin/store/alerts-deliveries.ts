import { type SQL, sql } from "drizzle-orm";
import { LEASE_MS, MAX_CLAIMED, MAX_IN_FLIGHT_PER_ENDPOINT, SLOW_AFTER_MS } from "#core/alerts/webhook-schedule.ts";
import { endpointsById, type StoredEndpoint } from "./alerts-endpoints.ts";
import { insertIgnore, listOf, type SqlSession } from "./sql-session.ts";

/** Deliveries that are due, leased and done. Rows are the truth: a lost wake-up or a crash changes none of them. */

export const DELIVERY = { due: 0, delivered: 1, failed: 2 } as const;

/** Looked at for a claim: enough that one endpoint's backlog does not hide the others. */
const MAX_CANDIDATES = 500;
/** How long the rest of a backlog is put off when its endpoint has its share of a claim. */
const PUT_OFF_MS = 1_000;

export interface ClaimedDelivery {
  id: number;
  attempts: number;
  eventId: number;
  body: string;
  endpoint: StoredEndpoint;
}

interface Candidate {
  id: number;
  attempts: number;
  eventId: number;
  endpointId: number;
}

/** Leases what is due: at most so many of one endpoint at once, and none of an endpoint that is paused or slow. */
export async function claimDeliveries(session: SqlSession, leaseId: string, nowMs: number): Promise<ClaimedDelivery[]> {
  const candidates = await dueCandidates(session, nowMs);
  const endpoints = await endpointsById(
    session,
    candidates.map(({ endpointId }) => endpointId),
  );
  const inFlight = candidates.length === 0 ? new Map<number, InFlight>() : await inFlightByEndpoint(session, nowMs);
  const mayFollow: (Candidate & { endpoint: StoredEndpoint; rank: number })[] = [];
  const later: { id: number; dueAtMs: number }[] = [];
  const gone: number[] = [];
  for (const candidate of candidates) {
    const { id, endpointId } = candidate;
    const endpoint = endpoints.get(endpointId);
    const { count, isSlow } = inFlight.get(endpointId) ?? { count: 0, isSlow: false };
    if (endpoint === undefined || endpoint.status === "disabled") gone.push(id);
    else if (endpoint.health.pausedUntilMs > nowMs) later.push({ id, dueAtMs: endpoint.health.pausedUntilMs });
    else if (isSlow || count >= MAX_IN_FLIGHT_PER_ENDPOINT) later.push({ id, dueAtMs: nowMs + PUT_OFF_MS });
    else {
      mayFollow.push({ ...candidate, endpoint, rank: count });
      inFlight.set(endpointId, { count: count + 1, isSlow });
    }
  }
  // Each endpoint's first one before any second one, and those that have failed last: they may take long.
  const chosen = mayFollow.sort((a, b) => orderOf(a) - orderOf(b)).slice(0, MAX_CLAIMED);
  await failAll(session, gone, nowMs);
  for (const [dueAtMs, rows] of Map.groupBy(later, (row) => row.dueAtMs))
    await session.run(
      sql`UPDATE deliveries SET due_at_ms = ${dueAtMs} WHERE id IN ${listOf(rows.map(({ id }) => id))}`,
    );
  if (chosen.length === 0) return [];
  await session.run(sql`UPDATE deliveries SET lease_id = ${leaseId}, due_at_ms = ${nowMs + LEASE_MS}
    WHERE id IN ${listOf(chosen.map(({ id }) => id))}`);
  const bodies = await bodiesOf(
    session,
    chosen.map(({ eventId }) => eventId),
  );
  return chosen.map((one) => ({ ...one, body: bodies.get(one.eventId) ?? "" }));
}

interface InFlight {
  count: number;
  isSlow: boolean;
}

function orderOf({ rank, endpoint }: { rank: number; endpoint: StoredEndpoint }): number {
  return rank + (endpoint.health.failingSinceMs === null ? 0 : MAX_IN_FLIGHT_PER_ENDPOINT);
}

/** What endpoints are being sent, and whether one has held an attempt for long. */
async function inFlightByEndpoint(session: SqlSession, nowMs: number): Promise<Map<number, InFlight>> {
  const rows = await session.select<{ endpointId: number; count: number; firstEndMs: number }>(
    { endpointId: sql`endpoint_id`, count: sql`COUNT(*)`, firstEndMs: sql`MIN(due_at_ms)` },
    sql`FROM deliveries WHERE lease_id IS NOT NULL AND status = ${DELIVERY.due} AND due_at_ms > ${nowMs}
      GROUP BY endpoint_id`,
  );
  return new Map(
    rows.map(({ endpointId, count, firstEndMs }) => {
      const isSlow = nowMs - (Number(firstEndMs) - LEASE_MS) > SLOW_AFTER_MS;
      return [Number(endpointId), { count: Number(count), isSlow }];
    }),
  );
}

/** Locked; rows that another claim is at are passed over. */
async function dueCandidates(session: SqlSession, nowMs: number): Promise<Candidate[]> {
  const lock: SQL = session.dialect === "mysql" ? sql` FOR UPDATE SKIP LOCKED` : sql``;
  const rows = await session.select<Candidate>(
    { id: sql`id`, attempts: sql`attempts`, eventId: sql`event_id`, endpointId: sql`endpoint_id` },
    sql`FROM deliveries WHERE status = ${DELIVERY.due} AND due_at_ms <= ${nowMs}
      ORDER BY due_at_ms, id LIMIT ${MAX_CANDIDATES}${lock}`,
  );
  return rows.map((row) => ({
    id: Number(row.id),
    attempts: Number(row.attempts),
    eventId: Number(row.eventId),
    endpointId: Number(row.endpointId),
  }));
}

async function bodiesOf(session: SqlSession, eventIds: readonly number[]): Promise<Map<number, string>> {
  const rows = await session.select<{ id: number; body: string }>(
    { id: sql`id`, body: sql`body` },
    sql`FROM alert_events WHERE id IN ${listOf([...new Set(eventIds)])}`,
  );
  return new Map(rows.map(({ id, body }) => [Number(id), body]));
}

async function failAll(session: SqlSession, ids: readonly number[], nowMs: number): Promise<void> {
  if (ids.length === 0) return;
  await session.run(sql`UPDATE deliveries SET status = ${DELIVERY.failed}, finished_at_ms = ${nowMs}
    WHERE id IN ${listOf(ids)}`);
}

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

/** Records an attempt, and when the next is due; `nextMs` undefined: there is none. */
export async function finishAttempt(
  session: SqlSession,
  id: number,
  made: number,
  attempt: Attempt,
  nextMs: number | undefined,
): Promise<void> {
  const { atMs, status, error, durationMs } = attempt;
  await session.run(sql`${insertIgnore(session)} delivery_attempts (delivery_id, n, at_ms, status, error, duration_ms)
    VALUES (${id}, ${made}, ${atMs}, ${status ?? null}, ${error ?? null}, ${durationMs})`);
  const outcome = error === undefined ? DELIVERY.delivered : nextMs === undefined ? DELIVERY.failed : DELIVERY.due;
  const finishedAtMs = outcome === DELIVERY.due ? null : atMs;
  await session.run(sql`UPDATE deliveries SET status = ${outcome}, attempts = ${made}, lease_id = NULL,
    due_at_ms = ${nextMs ?? atMs}, finished_at_ms = ${finishedAtMs} WHERE id = ${id}`);
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
