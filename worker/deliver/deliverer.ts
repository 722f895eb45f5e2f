import type { AttemptReport, Backlog, Delivery } from "#core/wire/deliveries.ts";
import type { OriginDeliveries } from "./origin-deliveries.ts";

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

/**
 * Delivers what is due until nothing is. A receiver that hangs keeps its own lane: once a claim has taken longer than
 * `patience`, the next is begun beside it. Whatever fails here is due again when its lease ends.
 */
export async function deliverDue(deps: DelivererDeps): Promise<void> {
  const { origin, now, patience, wakeUp } = deps;
  const startMs = now();
  const inFlight = new Set<Promise<void>>();
  let backlog: Backlog | undefined;
  let fault: unknown;
  while (now() - startMs < MAX_RUN_MS) {
    const { lease_id, deliveries } = await origin.claim();
    if (deliveries.length === 0 && inFlight.size === 0) break;
    if (deliveries.length > 0) {
      const work = attemptClaim(deps, lease_id, deliveries)
        .then((known) => {
          backlog = known;
        })
        .catch((error: unknown) => {
          fault = error;
        })
        .finally(() => inFlight.delete(work));
      inFlight.add(work);
    }
    const isFull = inFlight.size >= MAX_CLAIMS_IN_FLIGHT;
    await Promise.race([...inFlight, ...(isFull ? [] : [patience()])]);
    if (fault !== undefined) break;
  }
  await Promise.all(inFlight);
  if (fault !== undefined) throw fault;
  const next = backlog?.next_in_seconds;
  if (next !== undefined && next !== null && next <= MAX_WAKE_UP_SECONDS) await wakeUp(next);
}

async function attemptClaim(
  { origin, attemptAll }: DelivererDeps,
  leaseId: string,
  deliveries: readonly Delivery[],
): Promise<Backlog> {
  const lanes = Array.from({ length: Math.ceil(deliveries.length / CONNECTIONS) }, (_, index) =>
    deliveries.slice(index * CONNECTIONS, (index + 1) * CONNECTIONS),
  );
  const report = (results: AttemptReport[]) => origin.report({ lease_id: leaseId, results });
  const reportEarly = async (results: AttemptReport[]) => void (await report(results));
  // A lane does not wait for the others: a receiver that hangs is in one of them.
  const backlogs = await Promise.all(lanes.map(async (lane) => report(await attemptAll(lane, reportEarly))));
  return backlogs.at(-1) as Backlog;
}
