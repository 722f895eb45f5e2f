import {
  MAX_RESPONSE_BYTES,
  pathOf,
  readResponse,
  type SieError,
  type SieRequest,
  type SieResult,
} from "#core/ingest/banxico.ts";
import { countedFields, isWithinBudget, usageOf, uselessFields } from "#core/ingest/budget.ts";
import { admit, type Breaker, type BreakerEvent, CLOSED, settle } from "#core/ops/breaker.ts";
import { breakerPolicy, type Policy } from "#core/ops/policy.ts";
import { mexicoCityDate } from "#core/time/mexico.ts";
import { breakerKeyOf } from "#core/wire/keys.ts";
import { type Command, setCommand } from "../clients/redis-client.ts";
import { readBounded } from "./body.ts";
import { decodeBreaker } from "./breaker.ts";
import type { IngestRedis, Watch } from "./ports.ts";
import { fieldsOf, INGEST_KEY, removeMistyped } from "./state.ts";

/** Why nothing was read: what Banxico said, or that no request was made. */
export type FetchError = SieError | { kind: "circuit_open" } | { kind: "over_budget" };

export interface FetchResult {
  /** Requests that went out. */
  requests: number;
  result: Extract<SieResult, { ok: true }> | { ok: false; error: FetchError };
}

export interface FetchOptions {
  /** Goes out beyond the budget: what counts the requests may be wrong, and a publication must be read all the same. */
  isProbe?: boolean;
}

export interface BanxicoSettings {
  /** The API's base URL, without a slash at its end. */
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
const MAX_ATTEMPTS = 3;
/** All attempts and the pauses between them, so that one tick of the cron ends before the next. */
const TOTAL_MS = 25_000;
const FIRST_PAUSE_MS = 500;
const MIN_ATTEMPT_MS = 1_000;
const MINUTE_MS = 60_000;
const FINGERPRINT_BYTES = 6;

/** What a gate found: the breaker as it now stands, or undefined if Redis could not say. */
type Gate = { admitted: true; breaker: Breaker | undefined } | { admitted: false; error: FetchError };

/** Banxico over HTTPS, under a breaker and a budget that all isolates share through Redis. */
export class BanxicoClient {
  readonly #settings: BanxicoSettings;

  constructor(settings: BanxicoSettings) {
    this.#settings = settings;
  }

  /** Tells one token from another, and nothing about it: Banxico's limits hold for a token. */
  async fingerprint(): Promise<string> {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(this.#settings.token));
    return Array.from(new Uint8Array(digest, 0, FINGERPRINT_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join(
      "",
    );
  }

  /** Sends a request; again if a retry can help, as long as breaker, budget and time allow it. */
  async fetch(request: SieRequest, watch: Watch, options: FetchOptions = {}): Promise<FetchResult> {
    const { now, random, pause = sleep } = this.#settings;
    const endMs = now() + TOTAL_MS;
    let failed: FetchError | undefined;
    for (let requests = 0; ; ) {
      const gate = await this.#admit(watch, options);
      if (!gate.admitted) return { requests, result: { ok: false, error: failed ?? gate.error } };
      const result = await this.#send(request, endMs - now());
      requests++;
      await this.#settle(gate.breaker, result, watch);
      if (result.ok || result.error.kind !== "transient") return { requests, result };
      failed = result.error;
      const pauseMs = FIRST_PAUSE_MS * 2 ** (requests - 1) * (0.5 + random() / 2);
      const isOver = requests >= MAX_ATTEMPTS || now() + pauseMs + MIN_ATTEMPT_MS > endMs;
      // Without Redis nobody counts the requests, so there is no second one.
      if (isOver || gate.breaker === undefined) return { requests, result };
      await pause(pauseMs);
    }
  }

  /** Whether a request may go out now; if so it is counted before it does. */
  async #admit(watch: Watch, { isProbe = false }: FetchOptions): Promise<Gate> {
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
      const isWithin = isWithinBudget(usageOf(counts, nowMs, policy), policy);
      if (!isWithin && !isProbe) return { admitted: false, error: { kind: "over_budget" } };
      const useless = uselessFields(counts, nowMs, policy);
      const commands: Command[] = useless.length > 0 ? [["HDEL", INGEST_KEY, ...useless]] : [];
      for (const field of countedFields(nowMs)) commands.push(["HINCRBY", INGEST_KEY, field, 1]);
      await redis.pipeline([...commands, ...this.#change(before, breaker, watch)]);
      return { admitted: true, breaker };
    } catch (error) {
      await removeMistyped(redis, error);
      return { admitted: true, breaker: undefined };
    }
  }

  async #settle(before: Breaker | undefined, result: SieResult, watch: Watch): Promise<void> {
    if (!result.ok && result.error.kind === "bad_token") watch.notice("Banxico does not accept the token", {});
    const { redis, policy, now } = this.#settings;
    // Opened at the beginning of the minute, the breaker lets the probe of the next tick through.
    const minuteMs = Math.floor(now() / MINUTE_MS) * MINUTE_MS;
    const breaker = settle(before ?? CLOSED, breakerEventOf(result), minuteMs, breakerPolicy(policy));
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

  async #send(request: SieRequest, leftMs: number): Promise<SieResult> {
    const { url, token, policy, now, fetch: send = fetch, deadline = timeout } = this.#settings;
    try {
      const response = await send(`${url}${pathOf(request)}`, {
        headers: { "Bmx-Token": token, Accept: "application/json" },
        redirect: "manual",
        // The signal covers the body too.
        signal: deadline(Math.max(1, Math.floor(Math.min(policy.BANXICO_DEADLINE_MS, leftMs)))),
      });
      const body = await readBounded(response, MAX_RESPONSE_BYTES);
      if (body === undefined) return { ok: false, error: { kind: "invalid_response", reason: "too large" } };
      const nowMs = now();
      const { status, headers } = response;
      return readResponse({ status, headers, body }, request, mexicoCityDate(nowMs), nowMs);
    } catch (error) {
      const name = error instanceof Error || error instanceof DOMException ? error.name : "";
      const reason = name === "TimeoutError" || name === "AbortError" ? "no response in time" : "not reachable";
      return { ok: false, error: { kind: "transient", reason } };
    }
  }
}

/** A refusal is a response too: only silence and nonsense count against Banxico. */
function breakerEventOf(result: SieResult): BreakerEvent {
  if (result.ok) return "success";
  if (result.error.kind === "bad_token") return "permanent";
  return result.error.kind === "transient" ? "failure" : "success";
}

function timeout(ms: number): AbortSignal {
  return AbortSignal.timeout(ms);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
