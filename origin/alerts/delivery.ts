import { randomUUID } from "node:crypto";
import { afterAttempt, nextAttemptMs } from "#core/alerts/webhook-schedule.ts";
import { signatureHeaders } from "#core/alerts/webhook-signature.ts";
import type { AttemptReport, Backlog, Claim, Report } from "#core/wire/deliveries.ts";
import { type ClaimedDelivery, claimDeliveries } from "../store/alerts-claim.ts";
import {
  dueDeliveries,
  failDeliveriesOf,
  finishAttempt,
  leasedDelivery,
  releaseDeliveriesOf,
} from "../store/alerts-deliveries.ts";
import { addDisabled } from "../store/alerts-deliveries-add.ts";
import { endpointsById, type StoredEndpoint, updateEndpoint } from "../store/alerts-endpoints.ts";
import { PING } from "../store/alerts-events.ts";
import type { SqlSession } from "../store/sql-session.ts";
import type { Store } from "../store/store.ts";
import type { SecretBox } from "./secret-box.ts";

/** What the delivering worker asks of the origin. It gets signatures, never secrets. */

export interface DeliveryDeps {
  store: Pick<Store, "transaction">;
  box: SecretBox;
  now: () => number;
  /** Receivers compare timestamps with a clock of their own, which a developer's --clock does not move. */
  wallNow: () => number;
  random: () => number;
}

/** A ping proves that a receiver exists, or that it does not: no day of attempts. */
const MAX_PING_ATTEMPTS = 3;
/** More wake-ups than this are not worth sending at once. */
const MAX_COUNTED_DUE = 2_400;

export interface Claimed {
  claim: Claim;
  /** Deliveries whose secret this origin can't open; they are due again when the lease ends. */
  unsigned: number;
}

/**
 * Leases what is due, each delivery signed for this attempt. A lease that was claimed before has what it still holds, so
 * that a response which was lost costs nobody the time of a lease.
 */
export async function claim(
  { store, box, now, wallNow }: DeliveryDeps,
  leaseId: string = randomUUID(),
): Promise<Claimed> {
  const nowMs = now();
  let unsigned = 0;
  for (;;) {
    const claimed = await store.transaction("claimDeliveries", (session) => claimDeliveries(session, leaseId, nowMs));
    const signed = await Promise.all(claimed.map((one) => sign(one, box, nowMs, wallNow())));
    const deliveries = signed.filter((one) => one !== undefined);
    unsigned += signed.length - deliveries.length;
    // What nobody can sign must not look like the end of what is due.
    if (deliveries.length > 0 || claimed.length === 0) return { claim: { lease_id: leaseId, deliveries }, unsigned };
    leaseId = randomUUID();
  }
}

/** undefined: the secret was sealed by another key. */
async function sign({ id, eventId, body, endpoint }: ClaimedDelivery, box: SecretBox, nowMs: number, wallMs: number) {
  const [secret, ...previous] = secretsOf(endpoint, box, nowMs);
  if (secret === undefined) return undefined;
  const headers = await signatureHeaders(`msg_${eventId}_${endpoint.id}`, wallMs, body, [secret, ...previous]);
  return { id, url: endpoint.url, headers: { ...headers, "Content-Type": "application/json" }, body };
}

/** For a day after a rotation there are two. None without the key that sealed the first; a lost one is left out. */
function secretsOf(endpoint: StoredEndpoint, box: SecretBox, nowMs: number): string[] {
  const { publicId, secret, previousSecret, previousUntilMs } = endpoint;
  const current = opened(box, secret, publicId);
  if (current === undefined) return [];
  const isRotating = previousSecret !== null && (previousUntilMs ?? 0) > nowMs;
  const previous = isRotating ? opened(box, previousSecret, publicId) : undefined;
  return previous === undefined ? [current] : [current, previous];
}

function opened(box: SecretBox, sealed: string, publicId: string): string | undefined {
  try {
    return box.open(sealed, publicId);
  } catch {
    return undefined;
  }
}

export interface Reported {
  delivered: number;
  failed: number;
  /** Endpoints that were disabled by it. */
  disabled: number;
}

/**
 * Records how the attempts of a lease ended. What was reported before, or whose lease has ended, is ignored. Throws after
 * all others are recorded if one can't be: the whole report may be repeated.
 */
export async function report({ store, now, random }: DeliveryDeps, { lease_id, results }: Report): Promise<Reported> {
  const counts: Reported = { delivered: 0, failed: 0, disabled: 0 };
  const nowMs = now();
  const faults: unknown[] = [];
  for (const result of results) {
    const one = await store
      .transaction("reportDelivery", (session) => reportOne(session, lease_id, result, nowMs, random()))
      .catch((error: unknown) => void faults.push(error));
    if (one === undefined) continue;
    counts[result.error === undefined ? "delivered" : "failed"]++;
    if (one.isDisabled) counts.disabled++;
  }
  if (faults.length > 0) throw faults[0];
  return counts;
}

async function reportOne(
  session: SqlSession,
  leaseId: string,
  result: AttemptReport,
  nowMs: number,
  random: number,
): Promise<{ isDisabled: boolean } | undefined> {
  const { id, error, status, duration_ms: durationMs, retry_after_seconds: retryAfterSeconds } = result;
  const leased = await leasedDelivery(session, id, leaseId);
  if (leased === undefined) return undefined;
  const endpoint = (await endpointsById(session, [leased.endpointId], { isLocked: true })).get(leased.endpointId);
  const retryAfterMs = retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1_000;
  const made = leased.attempts + 1;
  const isPing = leased.type === PING;
  const isLast = isPing && made >= MAX_PING_ATTEMPTS;
  const nextMs = error === undefined || isLast ? undefined : nextAttemptMs(made, nowMs, random);
  const attempt = { atMs: nowMs, status, error, durationMs };
  if (!(await finishAttempt(session, { id, leaseId }, made, attempt, nextMs))) return undefined;
  if (endpoint === undefined) return { isDisabled: false };

  const { next, disabled } = afterAttempt(endpoint.health, { error, status, retryAfterMs }, nowMs);
  const isEnabledNow = isPing && error === undefined && endpoint.status === "pending";
  await updateEndpoint(session, endpoint.id, {
    health: next,
    ...(isEnabledNow && { status: "enabled", disabledReason: null }),
  });
  if (isEnabledNow) await releaseDeliveriesOf(session, endpoint.id, nowMs);
  if (disabled === undefined || endpoint.status === "disabled") return { isDisabled: false };
  await updateEndpoint(session, endpoint.id, { status: "disabled", disabledReason: disabled });
  await failDeliveriesOf(session, endpoint.id, nowMs);
  await addDisabled(session, endpoint, disabled, nowMs);
  return { isDisabled: true };
}

/** What waits to be delivered, and since when. */
export async function backlogOf({ store, now }: Pick<DeliveryDeps, "store" | "now">) {
  const nowMs = now();
  const { due, oldestDueAtMs, nextDueAtMs } = await store.transaction("countDeliveries", (session) =>
    dueDeliveries(session, nowMs, MAX_COUNTED_DUE),
  );
  const nextInSeconds = nextDueAtMs === null ? null : Math.max(0, Math.ceil((nextDueAtMs - nowMs) / 1_000));
  const backlog: Backlog = { due, next_in_seconds: nextInSeconds };
  return { backlog, oldestMs: oldestDueAtMs === null ? 0 : nowMs - oldestDueAtMs };
}
