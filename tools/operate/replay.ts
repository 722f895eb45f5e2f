import { fileURLToPath } from "node:url";
import { CONSUMERS, type Consumer } from "#core/wire/events.ts";
import { orExit, readCommandLine, UsageError, wholeNumber } from "../../origin/command-line.ts";
import { toolDatabase } from "../../origin/default-database.ts";
import { readEnv } from "../../origin/env.ts";
import { reasonOf } from "../../origin/ops/log.ts";
import { openStore, whichStore } from "../../origin/store/open.ts";
import type { Store } from "../../origin/store/store.ts";

/**
 * `npm run replay`: requests that the edge send all dead letters to its queue again, or sets a consumer's cursor in the log of
 * events back. The next tick of the cron does what follows.
 */

/** The same key as in core/wire/keys.ts, which the origin may not import; a test compares them. */
export const REPLAY_REQUESTED_KEY = "paridad:v1:replay-requested";
const DEAD_LETTERS_KEY = "paridad:v1:dead-letters";

/** A request that no tick takes up (the edge is not deployed) must not strike days later. */
const REQUEST_SECONDS = 86_400;
const DEADLINE_MS = 10_000;

const USAGE = `Usage: npm run replay [-- --consumer NAME --from SEQ]
Asks the edge to send all dead letters to its queue again, at the next tick of the cron.
Needs UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN, as the worker has them.

With --consumer: has a consumer of the log of events (${CONSUMERS.join(", ")}) read it again from event SEQ on, in the
database that DATABASE_URL names (otherwise that of the last npm run dev). Consumers pass over what they have done.`;

export interface ReplayEnv {
  UPSTASH_REDIS_REST_URL?: string | undefined;
  UPSTASH_REDIS_REST_TOKEN?: string | undefined;
}

/** Leaves the request in Redis and says how many letters there are. */
export async function requestReplay(env: ReplayEnv, nowMs: number, send: typeof fetch = fetch): Promise<number> {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = env;
  if (!url || !token) throw new Error("UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN must be set");
  const response = await send(`${url.replace(/\/+$/, "")}/pipeline`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    signal: AbortSignal.timeout(DEADLINE_MS),
    body: JSON.stringify([
      ["SET", REPLAY_REQUESTED_KEY, new Date(nowMs).toISOString(), "EX", REQUEST_SECONDS],
      ["HLEN", DEAD_LETTERS_KEY],
    ]),
  });
  if (!response.ok) throw new Error(`Redis responded ${response.status}`);
  const [set, count] = (await response.json()) as { result?: unknown }[];
  if (set?.result !== "OK") throw new Error("Redis did not take the request");
  return Number(count?.result ?? 0);
}

/** Has a consumer of the log read it again from an event on. Returns the highest number that there is. */
export async function replayEvents(store: Pick<Store, "events">, consumer: Consumer, from: number): Promise<number> {
  const latest = await store.events.latest();
  if (from > latest + 1) throw new Error(`the log ends at ${latest}`);
  await store.events.setCursor(consumer, from - 1, Date.now());
  return latest;
}

async function replayAt(databaseUrl: string, consumer: Consumer, from: number): Promise<void> {
  console.log(`Database: ${whichStore(databaseUrl)}`);
  const store = await openStore(databaseUrl);
  try {
    const latest = await replayEvents(store, consumer, from);
    console.log(`${consumer} reads the events from ${from} to ${latest} again, within a minute.`);
  } finally {
    await store.close();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { consumer, from } = readCommandLine(USAGE, { consumer: { type: "string" }, from: { type: "string" } }).values;
  const events = orExit(() => {
    if (consumer === undefined && from === undefined) return undefined;
    if (consumer === undefined || from === undefined) throw new UsageError("--consumer and --from go together");
    const known = CONSUMERS.find((name) => name === consumer);
    if (known === undefined) throw new UsageError(`--consumer is one of ${CONSUMERS.join(", ")}`);
    return { consumer: known, from: wholeNumber("from", from, { min: 1 }) };
  });
  try {
    if (events !== undefined) {
      const { databaseUrl } = readEnv({ DATABASE_URL: toolDatabase(process.env) });
      await replayAt(databaseUrl, events.consumer, events.from);
    } else {
      const count = await requestReplay(process.env as ReplayEnv, Date.now());
      console.log(`${count} dead letters: the next tick of the cron, within a minute, sends them to the queue again.`);
    }
  } catch (error) {
    console.error(`No replay was requested: ${reasonOf(error)}`);
    process.exitCode = 1;
  }
}
