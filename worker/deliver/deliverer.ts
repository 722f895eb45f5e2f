import type { AttemptReport, Backlog, Claim, Delivery } from "#core/wire/deliveries.ts";
import { type OriginDeliveries, OriginRefusal } from "./origin-deliveries.ts";

/** Reports attempts that have ended while others of their lane go on. */
export type ReportEarly = (results: AttemptReport[]) => Promise<void>;

export interface DelivererDeps {
  origin: OriginDeliveries;
  /**
   * Attempts some deliveries side by side, in an invocation with connections of its own. What is done while others of them
   * hang is reported meanwhile; the rest is returned.
   */
  attemptAll: (deliveries: Delivery[], reportEarly: ReportEarly) => Promise<AttemptReport[]>;
  now: () => number;
  /** Resolves after a while; the caller no longer waits for slow receivers. */
  patience: () => Promise<void>;
  pause: (ms: number) => Promise<void>;
  newLeaseId: () => string;
  /** Has this worker woken up again after so many seconds. */
  wakeUp: (delaySeconds: number) => Promise<void>;
}

/** An invocation may hold six connections that wait for response headers. */
const CONNECTIONS = 6;
/** With claims of 24, this many make 20 lanes: an invocation may call 32 others. */
const MAX_CLAIMS_IN_FLIGHT = 5;
/** After this no new claim is begun. */
const MAX_RUN_MS = 60_000;
/** What is due later is left to the cron. */
const MAX_WAKE_UP_SECONDS = 60;
/** Pauses before a call to the origin is repeated. With each call's deadline they end before a lease does. */
const RETRIES_AFTER_MS = [250, 1_000, 4_000, 10_000];

/**
 * Delivers what is due until nothing is. A receiver that hangs keeps its own lane: once a claim has taken longer than
 * `patience`, the next is begun beside it. Whatever fails, what is in flight is completed and reported first.
 */
export async function deliverDue(deps: DelivererDeps): Promise<void> {
  const { now, patience, wakeUp } = deps;
  const startMs = now();
  const inFlight = new Set<Promise<void>>();
  const faults: unknown[] = [];
  const fail = (error: unknown) => void faults.push(error);
  let backlog: Backlog | undefined;
  while (faults.length === 0 && now() - startMs < MAX_RUN_MS) {
    const { lease_id, deliveries } = (await claim(deps).catch(fail)) ?? NO_CLAIM;
    if (deliveries.length === 0 && inFlight.size === 0) break;
    if (deliveries.length > 0) {
      const work = attemptClaim(deps, lease_id, deliveries)
        .then((known) => {
          backlog = known;
        })
        .catch(fail)
        .finally(() => inFlight.delete(work));
      inFlight.add(work);
    }
    const isFull = inFlight.size >= MAX_CLAIMS_IN_FLIGHT;
    await Promise.race([...inFlight, ...(isFull ? [] : [patience()])]);
  }
  await Promise.all(inFlight);
  if (faults.length > 0) throw faults[0];
  const next = backlog?.next_in_seconds;
  if (next !== undefined && next !== null && next <= MAX_WAKE_UP_SECONDS) await wakeUp(next);
}

const NO_CLAIM: Claim = { lease_id: "", deliveries: [] };

/** If the response is lost, the same lease has the same deliveries. */
function claim(deps: DelivererDeps): Promise<Claim> {
  const leaseId = deps.newLeaseId();
  return repeated(deps, () => deps.origin.claim(leaseId));
}

async function attemptClaim(deps: DelivererDeps, leaseId: string, deliveries: readonly Delivery[]): Promise<Backlog> {
  const { origin, attemptAll } = deps;
  const lanes = Array.from({ length: Math.ceil(deliveries.length / CONNECTIONS) }, (_, index) =>
    deliveries.slice(index * CONNECTIONS, (index + 1) * CONNECTIONS),
  );
  const report = (results: AttemptReport[]) => origin.report({ lease_id: leaseId, results });
  // The lane itself repeats these.
  const reportEarly = async (results: AttemptReport[]) => void (await report(results));
  const runLane = async (lane: Delivery[]) => {
    const results = await attemptAll(lane, reportEarly);
    return await repeated(deps, () => report(results));
  };
  // A lane does not wait for the others, and one that fails does not keep them from their reports.
  const ended = await Promise.allSettled(lanes.map(runLane));
  const failed = ended.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return (ended.at(-1) as PromiseFulfilledResult<Backlog>).value;
}

/** Repeats a call that the origin may take twice, unless it was refused: what a report says would be lost with it. */
async function repeated<T>({ pause }: Pick<DelivererDeps, "pause">, call: () => Promise<T>): Promise<T> {
  for (const pauseMs of RETRIES_AFTER_MS) {
    try {
      return await call();
    } catch (error) {
      if (error instanceof OriginRefusal) throw error;
      await pause(pauseMs);
    }
  }
  return await call();
}
