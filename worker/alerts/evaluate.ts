import { MAX_CLAIMED } from "#core/alerts/webhook-schedule.ts";
import { evaluationSchema } from "#core/wire/deliveries.ts";
import type { OriginClient } from "../clients/origin-client.ts";
import { OriginFailure } from "../clients/origin-failure.ts";
import type { Watch } from "../ingest/ports.ts";

/** Wakes the delivering worker up. A message that is lost or doubled changes nothing. */
export type WakeUp = (messages: number) => Promise<void>;

export interface AlertsDeps {
  origin: Pick<OriginClient, "write">;
  /** undefined: this deployment has no delivering worker. */
  wakeUp: WakeUp | undefined;
}

/** Each evaluation lasts two seconds at most; what is left comes with the next turn. */
const MAX_TURNS = 20;
const MAX_WAKE_UPS = 50;

/** Has the origin evaluate what its log has brought, and wakes up deliveries for what is due. Safe to do twice and at once. */
export async function evaluateAlerts({ origin, wakeUp }: AlertsDeps, watch: Watch): Promise<void> {
  // Without the queue the deliverer's own cron finds what is due: alerts are evaluated all the same.
  let wake = wakeUp;
  const giveUp = (error: unknown) => {
    wake = undefined;
    watch.exception(error, "waking up deliveries");
  };
  try {
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      const evaluation = evaluationSchema.parse(await origin.write("evaluate", {}, {}));
      const { due } = evaluation.backlog;
      if (due > 0) await wake?.(Math.min(Math.ceil(due / MAX_CLAIMED), MAX_WAKE_UPS)).catch(giveUp);
      if (evaluation.done) return;
    }
  } catch (error) {
    // An origin of the release before has no alerts.
    if (error instanceof OriginFailure && error.status === 404) return;
    watch.exception(error, "evaluating alerts");
  }
}

/** Wake-ups by a queue. */
export function wakeUpBy(queue: Queue<unknown> | undefined): WakeUp | undefined {
  return queue && (async (messages) => void (await queue.sendBatch(Array.from({ length: messages }, () => WAKE_UP))));
}

const WAKE_UP = { body: { due: true } };

/** Requests to the private API that may make deliveries due. */
const MAKES_DUE = /^\/api\/v1\/(?:webhooks|deliveries)(?:\/|$)/;

/** Whether a request to the private API may have made deliveries due: these are not left to the cron. */
export function mayMakeDue({ method, url }: Pick<Request, "method" | "url">): boolean {
  return method !== "GET" && method !== "DELETE" && MAKES_DUE.test(new URL(url).pathname);
}
