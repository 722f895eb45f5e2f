import { type AlertsDeps, evaluateAlerts, wakeUpBy } from "./alerts/evaluate.ts";
import { collect } from "./ingest/collect.ts";
import { keepDeadLetters } from "./ingest/dead-letters.ts";
import { watchOf } from "./ingest/operators.ts";
import { pollAll } from "./ingest/poll.ts";
import type { IngestDeps, IngestQueue, Watch } from "./ingest/ports.ts";
import { type Purge, publish } from "./ingest/publish.ts";
import { publishAccountEvents } from "./live/account-events.ts";
import { type PublisherDeps, publishEvents } from "./live/publisher.ts";
import { accountHubOf, portOf, publicShards } from "./live/shards.ts";
import { reportMinutes } from "./ops/edge-minutes.ts";
import { purgeOnRequest } from "./ops/operator-purge.ts";
import { RequestScope } from "./ops/request-scope.ts";
import type { Services } from "./services.ts";

/** What the worker does besides serving requests: the cron's tick, and queue deliveries. */

/** The cron's tick: reads from each provider what is due and queues it, and reports what readers got. */
export async function onTick(services: Services, context: ExecutionContext): Promise<void> {
  const scope = new RequestScope(services.now, context);
  const { clients, reporter, eventClient, redisWriter, origin, now } = services;
  const deps = { ...depsOf(services), clients, newId: () => crypto.randomUUID() };
  const watch = watchOf(reporter, eventClient, scope);
  await Promise.all([
    collect(deps, watch),
    // Beside the readings: its waits delay nobody's.
    pollAll({ ...deps, pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) }, watch),
    publishEvents(publisherOf(services), watch),
    evaluate(services, watch),
    reportMinutes({ redis: redisWriter, origin, now }),
    purgeOnRequest(redisWriter, () => purge(context, { purgeEverything: true }), watch),
  ]);
}

/** A delivery: batches to commit and publish, or dead letters. */
export async function onDelivery(batch: MessageBatch, services: Services, context: ExecutionContext): Promise<void> {
  const watch = watchOf(services.reporter, services.eventClient, new RequestScope(services.now, context));
  const deps = depsOf(services);
  if (batch.queue === `paridad-ingest-dead-${services.env.environment}`) {
    await keepDeadLetters(batch.messages, deps, watch);
  } else {
    // Before its page is in Redis, an event would send its readers to the old rate.
    if (!(await publish(batch.messages, deps, watch, purgeOf(context)))) return;
    await Promise.all([publishEvents(publisherOf(services), watch), evaluate(services, watch)]);
  }
}

function depsOf({ env, redisWriter, origin, now }: Services): IngestDeps {
  const queue = env.ingestQueue as unknown as IngestQueue;
  return { redis: redisWriter, origin, queue, policy: env.policy, now, random: Math.random };
}

/** Decides on alerts, and tells the accounts that listen. */
async function evaluate(services: Services, watch: Watch): Promise<void> {
  await evaluateAlerts(alertsOf(services), watch);
  const { origin, env } = services;
  const { hubs } = env;
  if (hubs !== undefined)
    await publishAccountEvents({ origin, hubOf: (accountId) => accountHubOf(hubs, accountId) }, watch);
}

function alertsOf({ env, origin }: Services): AlertsDeps {
  return { origin, wakeUp: wakeUpBy(env.deliverQueue) };
}

function publisherOf({ env, origin, redisWriter, now }: Services): PublisherDeps {
  const { hubs, catalogue, policy } = env;
  const ports = hubs === undefined ? [] : publicShards(policy.HUB_SHARDS).map((shard) => portOf(hubs, shard));
  return { origin, catalogue, hubs: ports, redis: redisWriter, now };
}

/** Workers Cache tags each response with its series. It does not exist locally. */
function purgeOf(context: ExecutionContext): Purge | undefined {
  if (context.cache === undefined) return undefined;
  return (series) => purge(context, { tags: series });
}

async function purge({ cache }: ExecutionContext, what: CachePurgeOptions): Promise<void> {
  if (cache === undefined) return;
  const { success } = await cache.purge(what);
  if (success !== true) throw new Error("the edge cache was not purged");
}
