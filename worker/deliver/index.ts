import { WorkerEntrypoint } from "cloudflare:workers";
import { PATIENCE_MS, REPORT_EVERY_MS } from "#core/alerts/webhook-schedule.ts";
import type { TargetRules } from "#core/alerts/webhook-target.ts";
import type { AttemptReport, Delivery } from "#core/wire/deliveries.ts";
import { attempt } from "./attempt.ts";
import { deliverDue, type ReportEarly } from "./deliverer.ts";
import { checkedToken, type DeliverEnv, targetRules } from "./env.ts";
import { attemptLane } from "./lane.ts";
import { originDeliveries } from "./origin-deliveries.ts";

/**
 * The worker that delivers webhooks. It calls URLs that strangers choose, so it has no Redis and no provider's secret:
 * its token opens nothing but the deliveries, which come signed.
 */

/** Attempts deliveries in an invocation of its own, whose connections no other lane shares. */
export class Lane extends WorkerEntrypoint<DeliverEnv> {
  async attempt(deliveries: Delivery[], rules: TargetRules, reportEarly: ReportEarly): Promise<AttemptReport[]> {
    const deps = { fetch: fetch.bind(globalThis), now: Date.now };
    return await attemptLane(
      deliveries,
      (delivery) => attempt(delivery, rules, deps),
      () => pause(REPORT_EVERY_MS),
      reportEarly,
    );
  }
}

export default {
  /** It has no address of its own; a route that was set by mistake finds nothing. */
  fetch() {
    return new Response(null, { status: 404 });
  },

  /** Catches up with what was due while no wake-up came through. */
  async scheduled(_controller, env) {
    await run(env);
  },

  /** A wake-up says that something is due, not what: the origin knows. A lost or doubled one changes nothing. */
  async queue(_batch, env) {
    await run(env);
  },
} satisfies ExportedHandler<DeliverEnv>;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function run(env: DeliverEnv): Promise<void> {
  const certificate = env.ORIGIN_CERTIFICATE;
  const send: typeof fetch = certificate
    ? (input, init) => certificate.fetch(input, init)
    : (input, init) => fetch(input, init);
  const rules = targetRules(env);
  try {
    const token = checkedToken(env);
    if (token === undefined) return;
    await deliverDue({
      origin: originDeliveries(env.ORIGIN_URL, token, send),
      attemptAll: (deliveries, reportEarly) => env.LANE.attempt(deliveries, rules, reportEarly),
      now: Date.now,
      patience: () => pause(PATIENCE_MS),
      pause,
      newLeaseId: () => crypto.randomUUID(),
      wakeUp: async (delaySeconds) => void (await env.DELIVER.send({ due: true }, { delaySeconds })),
    });
  } catch (error) {
    // The rows stay due: the next wake-up or cron goes on.
    console.log(JSON.stringify({ level: "error", message: error instanceof Error ? error.message : "unknown" }));
  }
}
