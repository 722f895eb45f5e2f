import { type SQL, sql } from "drizzle-orm";
import { LEASE_MS, MAX_CLAIMED, MAX_IN_FLIGHT_PER_ENDPOINT, SLOW_AFTER_MS } from "#core/alerts/webhook-schedule.ts";
import { disabledAmong } from "./accounts-rows.ts";
import { DELIVERY } from "./alerts-deliveries.ts";
import { endpointsById, type StoredEndpoint } from "./alerts-endpoints.ts";
import { PING } from "./alerts-events.ts";
import { type Columns, listOf, type SqlSession } from "./sql-session.ts";

/** Which deliveries a claim leases. */

/** Looked at in one go, and how often for a claim. */
const MAX_CANDIDATES = 500;
const MAX_LOOKS = 25;
/** How long the rest of a backlog is put off when its endpoint has its share of a claim. */
const PUT_OFF_MS = 1_000;
/** How long deliveries are put off that may not be sent yet, and after which age they are given up. */
const HELD_BACK_MS = 300_000;
const MAX_HELD_BACK_MS = 86_400_000;

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
  createdAtMs: number;
}

const CANDIDATE: Columns<Candidate> = {
  id: sql`id`,
  attempts: sql`attempts`,
  eventId: sql`event_id`,
  endpointId: sql`endpoint_id`,
  createdAtMs: sql`created_at_ms`,
};

type Chosen = Candidate & { endpoint: StoredEndpoint; rank: number };

/**
 * Leases what is due: at most so many of one endpoint at once, and none of an endpoint that is paused or slow. What the
 * lease holds already is returned instead: its claimer did not get the response.
 */
export async function claimDeliveries(session: SqlSession, leaseId: string, nowMs: number): Promise<ClaimedDelivery[]> {
  const held = await candidatesWhere(session, sql`lease_id = ${leaseId} AND status = ${DELIVERY.due} ORDER BY id`);
  const chosen =
    held.length > 0 ? ofEndpoints(held, await endpointsOf(session, held)) : await chooseDue(session, nowMs);
  if (chosen.length === 0) return [];
  if (held.length === 0)
    await session.run(sql`UPDATE deliveries SET lease_id = ${leaseId}, due_at_ms = ${nowMs + LEASE_MS}
      WHERE id IN ${listOf(chosen.map(({ id }) => id))}`);
  const events = await eventsOf(session, chosen);
  return chosen.flatMap((one) => {
    const event = events.get(one.eventId);
    return event === undefined ? [] : [{ ...one, ...event }];
  });
}

/** Of what is due. A backlog that has to wait hides nothing, for each look puts off what it passes over. */
async function chooseDue(session: SqlSession, nowMs: number): Promise<Chosen[]> {
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    const candidates = await dueCandidates(session, nowMs);
    if (candidates.length === 0) break;
    const chosen = await choose(session, candidates, await endpointsOf(session, candidates), nowMs);
    if (chosen.length > 0 || candidates.length < MAX_CANDIDATES) return chosen;
  }
  return [];
}

function endpointsOf(session: SqlSession, candidates: readonly Candidate[]): Promise<Map<number, StoredEndpoint>> {
  return endpointsById(
    session,
    candidates.map(({ endpointId }) => endpointId),
  );
}

function ofEndpoints(held: readonly Candidate[], endpoints: ReadonlyMap<number, StoredEndpoint>): Chosen[] {
  return held.flatMap((one) => {
    const endpoint = endpoints.get(one.endpointId);
    return endpoint === undefined ? [] : [{ ...one, endpoint, rank: 0 }];
  });
}

/** Puts off what has to wait, and gives up what nobody takes any more. */
async function choose(
  session: SqlSession,
  candidates: readonly Candidate[],
  endpoints: ReadonlyMap<number, StoredEndpoint>,
  nowMs: number,
): Promise<Chosen[]> {
  const mayNotFollow = await heldBack(session, candidates, endpoints);
  const inFlight = await inFlightByEndpoint(session, nowMs);
  const mayFollow: Chosen[] = [];
  const later: { id: number; dueAtMs: number }[] = [];
  const gone: number[] = [];
  for (const candidate of candidates) {
    const { id, endpointId, createdAtMs } = candidate;
    const endpoint = endpoints.get(endpointId);
    const { count, isSlow } = inFlight.get(endpointId) ?? { count: 0, isSlow: false };
    if (endpoint === undefined || endpoint.status === "disabled") gone.push(id);
    else if (mayNotFollow.has(id)) {
      if (createdAtMs + MAX_HELD_BACK_MS <= nowMs) gone.push(id);
      else later.push({ id, dueAtMs: nowMs + HELD_BACK_MS });
    } else if (endpoint.health.pausedUntilMs > nowMs) later.push({ id, dueAtMs: endpoint.health.pausedUntilMs });
    else if (isSlow || count >= MAX_IN_FLIGHT_PER_ENDPOINT) later.push({ id, dueAtMs: nowMs + PUT_OFF_MS });
    else {
      mayFollow.push({ ...candidate, endpoint, rank: count });
      inFlight.set(endpointId, { count: count + 1, isSlow });
    }
  }
  await failAll(session, gone, nowMs);
  // An expired lease ends here: with it they would count as being sent.
  for (const [dueAtMs, rows] of Map.groupBy(later, (row) => row.dueAtMs))
    await session.run(sql`UPDATE deliveries SET due_at_ms = ${dueAtMs}, lease_id = NULL
      WHERE id IN ${listOf(rows.map(({ id }) => id))}`);
  // Each endpoint's first one before any second one, and those that have failed last: they may take long.
  return mayFollow.sort((a, b) => orderOf(a) - orderOf(b)).slice(0, MAX_CLAIMED);
}

/** Those of accounts that are disabled, and all but pings to a URL that has not answered one yet. */
async function heldBack(
  session: SqlSession,
  candidates: readonly Candidate[],
  endpoints: ReadonlyMap<number, StoredEndpoint>,
): Promise<ReadonlySet<number>> {
  const accounts = await disabledAmong(
    session,
    Array.from(endpoints.values(), ({ accountId }) => accountId),
  );
  const isDisabled = ({ endpointId }: Candidate) => accounts.has(endpoints.get(endpointId)?.accountId ?? "");
  const unproven = candidates.filter(({ endpointId }) => endpoints.get(endpointId)?.status === "pending");
  const events = await eventsOf(session, unproven);
  const isNoPing = ({ eventId }: Candidate) => events.get(eventId)?.type !== PING;
  return new Set([...candidates.filter(isDisabled), ...unproven.filter(isNoPing)].map(({ id }) => id));
}

interface InFlight {
  count: number;
  isSlow: boolean;
}

function orderOf({ rank, endpoint }: Chosen): number {
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
function dueCandidates(session: SqlSession, nowMs: number): Promise<Candidate[]> {
  const lock: SQL = session.dialect === "mysql" ? sql` FOR UPDATE SKIP LOCKED` : sql``;
  return candidatesWhere(
    session,
    sql`status = ${DELIVERY.due} AND due_at_ms <= ${nowMs} ORDER BY due_at_ms, id LIMIT ${MAX_CANDIDATES}${lock}`,
  );
}

async function candidatesWhere(session: SqlSession, condition: SQL): Promise<Candidate[]> {
  const rows = await session.select<Candidate>(CANDIDATE, sql`FROM deliveries WHERE ${condition}`);
  return rows.map((row) => ({
    id: Number(row.id),
    attempts: Number(row.attempts),
    eventId: Number(row.eventId),
    endpointId: Number(row.endpointId),
    createdAtMs: Number(row.createdAtMs),
  }));
}

async function eventsOf(
  session: SqlSession,
  deliveries: readonly Candidate[],
): Promise<Map<number, { type: string; body: string }>> {
  if (deliveries.length === 0) return new Map();
  const rows = await session.select<{ id: number; type: string; body: string }>(
    { id: sql`id`, type: sql`type`, body: sql`body` },
    sql`FROM alert_events WHERE id IN ${listOf([...new Set(deliveries.map(({ eventId }) => eventId))])}`,
  );
  return new Map(rows.map(({ id, type, body }) => [Number(id), { type, body }]));
}

async function failAll(session: SqlSession, ids: readonly number[], nowMs: number): Promise<void> {
  if (ids.length === 0) return;
  await session.run(sql`UPDATE deliveries SET status = ${DELIVERY.failed}, finished_at_ms = ${nowMs}, lease_id = NULL
    WHERE id IN ${listOf(ids)}`);
}
