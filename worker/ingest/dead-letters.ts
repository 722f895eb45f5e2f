import { z } from "zod";
import { DEAD_LETTERS_KEY, REPLAY_REQUESTED_KEY } from "#core/wire/keys.ts";
import type { Command } from "../clients/redis-client.ts";
import { backOffSeconds } from "./back-off.ts";
import { enqueue, type Message, messageSchema } from "./messages.ts";
import type { CollectDeps, IngestDeps, IngestRedis, QueueMessage, Watch } from "./ports.ts";

/** A message is at most this long (the queue's own bound); a longer body is kept as its beginning, for the eye alone. */
const MAX_BODY_LENGTH = 128_000;
const KEPT_OF_LONGER = 1_000;
const REPLAYED_AT_ONCE = 20;

const letterSchema = z.lazy(() =>
  z.object({
    kept_at: z.string(),
    reason: z.string(),
    attempts: z.int(),
    body: z.unknown(),
  }),
);
export type DeadLetter = z.infer<typeof letterSchema>;

type Keeps = Pick<IngestDeps, "redis" | "now">;

/** The dead-letter queue's consumer: keeps each message in Redis until it is replayed. */
export async function keepDeadLetters(
  messages: readonly QueueMessage[],
  deps: Pick<IngestDeps, "redis" | "now" | "random">,
  watch: Watch,
): Promise<void> {
  for (const message of messages) {
    try {
      await keepDeadLetter(message, "given up after many deliveries", deps, watch);
      message.ack();
    } catch (error) {
      watch.exception(error, "keeping a dead letter");
      message.retry({ delaySeconds: backOffSeconds(message.attempts, deps.random()) });
    }
  }
}

/** Keeps one message; throws where Redis does not take it. */
export async function keepDeadLetter(
  message: Pick<QueueMessage, "id" | "body" | "attempts">,
  reason: string,
  deps: Keeps,
  watch: Watch,
): Promise<void> {
  const letter: DeadLetter = {
    kept_at: new Date(deps.now()).toISOString(),
    reason: reason.slice(0, 300),
    attempts: message.attempts,
    body: bounded(message.body),
  };
  const commands: Command[] = [
    ["HSET", DEAD_LETTERS_KEY, message.id, JSON.stringify(letter)],
    ["HLEN", DEAD_LETTERS_KEY],
  ];
  const [, count] = await deps.redis.pipeline(commands);
  watch.event("dead_letters", "ingest", `${Number(count)} kept: ${letter.reason}`);
}

/**
 * Where an operator asked for it, sends every dead letter to the queue again, and deletes those that were sent. What is
 * no valid message stays. The request stands until all were sent, so that a failure midway is made up for by the next tick.
 */
export async function replayDeadLetters(
  deps: Pick<CollectDeps, "redis" | "queue" | "origin" | "now" | "clients" | "newId">,
  watch: Watch,
): Promise<void> {
  const startedAt = new Date(deps.now()).toISOString();
  const requested = await deps.redis.send(["GET", REPLAY_REQUESTED_KEY]).catch(() => null);
  if (requested === null) return;
  let queued = 0;
  let failure: unknown;
  try {
    const ids = await deps.redis.send(["HKEYS", DEAD_LETTERS_KEY]);
    const all = Array.isArray(ids) ? ids.map(String) : [];
    for (let start = 0; start < all.length; start += REPLAYED_AT_ONCE)
      queued += await replaySome(all.slice(start, start + REPLAYED_AT_ONCE), deps);
    await deps.redis.send(["DEL", REPLAY_REQUESTED_KEY]);
  } catch (error) {
    failure = error;
    watch.exception(error, "replaying dead letters");
  }
  watch.notice("dead letters were replayed", { queued });
  // Letters may be of any provider; the record wants one.
  const [client] = deps.clients;
  if (client === undefined) return;
  const run = { run_id: deps.newId(), provider: client.provider.id, requests: 0, observations: 0 };
  const outcome = failure ? "failed" : queued > 0 ? "ok" : "nothing_new";
  await deps.origin
    .recordRun({
      ...run,
      kind: "replay",
      started_at: startedAt,
      ended_at: new Date(deps.now()).toISOString(),
      outcome,
      queued,
      error: failure ? "replay ended early" : null,
    })
    .catch(() => undefined);
}

async function replaySome(ids: readonly string[], deps: Pick<IngestDeps, "redis" | "queue">): Promise<number> {
  const replayable = await readLetters(ids, deps.redis);
  if (replayable.size === 0) return 0;
  await enqueue(deps.queue, [...replayable.values()]);
  // Sent twice they change nothing; deleted unsent they would be lost. So they are deleted last.
  await deps.redis.send(["HDEL", DEAD_LETTERS_KEY, ...replayable.keys()]);
  return replayable.size;
}

/** The letters that are valid messages, by id. */
async function readLetters(ids: readonly string[], redis: IngestRedis): Promise<Map<string, Message>> {
  const texts = await redis.send(["HMGET", DEAD_LETTERS_KEY, ...ids]);
  const messages = new Map<string, Message>();
  for (const [index, id] of ids.entries()) {
    const message = messageIn(Array.isArray(texts) ? texts[index] : null);
    if (message) messages.set(id, message);
  }
  return messages;
}

function messageIn(text: unknown): Message | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const letter = letterSchema.safeParse(JSON.parse(text));
    return letter.success ? messageSchema.safeParse(letter.data.body).data : undefined;
  } catch {
    return undefined;
  }
}

function bounded(body: unknown): unknown {
  const text = JSON.stringify(body) ?? "";
  return text.length <= MAX_BODY_LENGTH ? (body ?? null) : { truncated: text.slice(0, KEPT_OF_LONGER) };
}
