import { fileURLToPath } from "node:url";
import { readCommandLine } from "../../origin/command-line.ts";

/**
 * `npm run replay`: requests that the edge send all dead letters to its queue again. The next tick of the cron does it. Needs
 * UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN, as the worker has them.
 */

/** The same key as in core/wire/keys.ts, which the origin may not import; a test compares them. */
export const REPLAY_REQUESTED_KEY = "paridad:v1:replay-requested";
const DEAD_LETTERS_KEY = "paridad:v1:dead-letters";

/** A request that no tick takes up (the edge is not deployed) must not strike days later. */
const REQUEST_SECONDS = 86_400;
const DEADLINE_MS = 10_000;

const USAGE = `Usage: npm run replay
Asks the edge to send all dead letters to its queue again, at the next tick of the cron.
Needs UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN, as the worker has them.`;

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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  readCommandLine(USAGE, {});
  try {
    const count = await requestReplay(process.env as ReplayEnv, Date.now());
    console.log(`${count} dead letters: the next tick of the cron, within a minute, sends them to the queue again.`);
  } catch (error) {
    console.error(`No replay was requested: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
