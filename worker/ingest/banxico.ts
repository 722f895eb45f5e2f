import {
  type Answer,
  type BanxicoError,
  MOST_ANSWER_BYTES,
  pathOf,
  type Question,
  type Reading,
  readAnswer,
} from "#core/banxico.ts";
import { admit, type Breaker, type BreakerEvent, CLOSED, settle } from "#core/breaker.ts";
import { countedFields, expiredFields, isWithinBudget, usageOf } from "#core/budget.ts";
import { mexicoCityDate } from "#core/calendar.ts";
import { breakerPolicy, type Policy } from "#core/policy.ts";
import { breakerKeyOf } from "../keys.ts";
import { type Command, setCommand } from "../redis.ts";
import { readBounded } from "./body.ts";
import { decodeBreaker } from "./breaker.ts";
import type { IngestRedis, Watch } from "./ports.ts";
import { fieldsOf, INGEST_KEY } from "./state.ts";

/** Why there is no answer: what Banxico said, or that it was not asked. */
export type AskError = BanxicoError | { kind: "circuit_open" } | { kind: "over_budget" };

export interface AskResult {
  /** Requests that went out. */
  requests: number;
  answer: { ok: true; readings: Reading[] } | { ok: false; error: AskError };
}

export interface BanxicoSettings {
  /** The API's base address, without a slash at its end. */
  url: string;
  token: string;
  policy: Policy;
  redis: IngestRedis;
  now: () => number;
  random: () => number;
  fetch?: typeof fetch;
  /** Waits between two attempts. */
  pause?: (ms: number) => Promise<void>;
  /** Aborts an attempt after so many milliseconds. */
  deadline?: (ms: number) => AbortSignal;
}

const BREAKER_KEY = breakerKeyOf("banxico");
const MOST_ATTEMPTS = 3;
/** All attempts and the pauses between them, so that one tick of the cron ends before the next. */
const TOTAL_MS = 25_000;
const FIRST_PAUSE_MS = 500;
const LEAST_ATTEMPT_MS = 1_000;
const MINUTE_MS = 60_000;

/** What a gate found: the breaker as it now stands, or undefined where Redis could not say. */
type Gate = { admitted: true; breaker: Breaker | undefined } | { admitted: false; error: AskError };

/** Banxico over HTTPS, under a breaker and a budget that all isolates share through Redis. */
export class BanxicoClient {
  readonly #settings: BanxicoSettings;

  constructor(settings: BanxicoSettings) {
    this.#settings = settings;
  }

  /** Asks; again where a retry can help, as long as breaker, budget and time allow it. */
  async ask(question: Question, watch: Watch): Promise<AskResult> {
    const { now, random, pause = sleep } = this.#settings;
    const endMs = now() + TOTAL_MS;
    let failed: AskError | undefined;
    for (let requests = 0; ; ) {
      const gate = await this.#admit(watch);
      if (!gate.admitted) return { requests, answer: { ok: false, error: failed ?? gate.error } };
      const answer = await this.#send(question, endMs - now());
      requests++;
      await this.#settle(gate.breaker, answer, watch);
      if (answer.ok || answer.error.kind !== "transient") return { requests, answer };
      failed = answer.error;
      const pauseMs = FIRST_PAUSE_MS * 2 ** (requests - 1) * (0.5 + random() / 2);
      const isOver = requests >= MOST_ATTEMPTS || now() + pauseMs + LEAST_ATTEMPT_MS > endMs;
      // Without Redis nobody counts the requests, so there is no second one.
      if (isOver || gate.breaker === undefined) return { requests, answer };
      await pause(pauseMs);
    }
  }

  /** Whether a request may go out now; if so it is counted before it does. */
  async #admit(watch: Watch): Promise<Gate> {
    const { redis, policy, now } = this.#settings;
    const nowMs = now();
    try {
      const [text, hash] = await redis.pipeline([
        ["GET", BREAKER_KEY],
        ["HGETALL", INGEST_KEY],
      ]);
      const before = decodeBreaker(text, nowMs, breakerPolicy(policy));
      const { admitted, breaker } = admit(before, nowMs, breakerPolicy(policy));
      if (!admitted) return { admitted: false, error: { kind: "circuit_open" } };
      const counts = fieldsOf(hash);
      if (!isWithinBudget(usageOf(counts, nowMs), policy)) return { admitted: false, error: { kind: "over_budget" } };
      const expired = expiredFields(counts, nowMs);
      const commands: Command[] = countedFields(nowMs).map((field) => ["HINCRBY", INGEST_KEY, field, 1] as const);
      if (expired.length > 0) commands.push(["HDEL", INGEST_KEY, ...expired]);
      await redis.pipeline([...commands, ...this.#change(before, breaker, watch)]);
      return { admitted: true, breaker };
    } catch {
      return { admitted: true, breaker: undefined };
    }
  }

  async #settle(before: Breaker | undefined, answer: Answer, watch: Watch): Promise<void> {
    if (!answer.ok && answer.error.kind === "bad_token") watch.notice("Banxico does not accept the token", {});
    const { redis, policy, now } = this.#settings;
    // Opened at the beginning of the minute, the breaker lets the probe of the next tick through.
    const minuteMs = Math.floor(now() / MINUTE_MS) * MINUTE_MS;
    const breaker = settle(before ?? CLOSED, breakerEventOf(answer), minuteMs, breakerPolicy(policy));
    if (before === undefined) return;
    await redis.pipeline(this.#change(before, breaker, watch)).catch(() => undefined);
  }

  #change(before: Breaker, after: Breaker, watch: Watch): Command[] {
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    if (before.state !== after.state) {
      watch.notice(`circuit breaker of banxico: ${before.state} → ${after.state}`, { breaker: "banxico" });
      if (after.state !== "half_open") watch.event("breaker", "banxico", after.state);
    }
    return [setCommand(BREAKER_KEY, JSON.stringify(after))];
  }

  async #send(question: Question, leftMs: number): Promise<Answer> {
    const { url, token, policy, now, fetch: send = fetch, deadline = timeout } = this.#settings;
    try {
      const response = await send(`${url}${pathOf(question)}`, {
        headers: { "Bmx-Token": token, Accept: "application/json" },
        redirect: "manual",
        // The signal covers the body too.
        signal: deadline(Math.max(1, Math.floor(Math.min(policy.BANXICO_DEADLINE_MS, leftMs)))),
      });
      const body = await readBounded(response, MOST_ANSWER_BYTES);
      if (body === undefined) return { ok: false, error: { kind: "invalid_answer", reason: "too large" } };
      const nowMs = now();
      const { status, headers } = response;
      return readAnswer({ status, headers, body }, question, mexicoCityDate(nowMs), nowMs);
    } catch (error) {
      const name = error instanceof Error || error instanceof DOMException ? error.name : "";
      const reason = name === "TimeoutError" || name === "AbortError" ? "no answer in time" : "not reachable";
      return { ok: false, error: { kind: "transient", reason } };
    }
  }
}

/** Whoever answers, be it with a refusal, can be reached: only silence and nonsense count against Banxico. */
function breakerEventOf(answer: Answer): BreakerEvent {
  if (answer.ok) return "success";
  if (answer.error.kind === "bad_token") return "permanent";
  return answer.error.kind === "transient" ? "failure" : "success";
}

function timeout(ms: number): AbortSignal {
  return AbortSignal.timeout(ms);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
