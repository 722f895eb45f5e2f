import { allowanceOf, countedFields, usageOf, uselessFields } from "#core/ingest/budget.ts";
import { readBoundedBytes } from "#core/ops/body.ts";
import { admit, type Breaker, type BreakerEvent, CLOSED, settle } from "#core/ops/breaker.ts";
import { breakerPolicy, type Policy } from "#core/ops/policy.ts";
import { decodeBody } from "#core/providers/format/body.ts";
import {
  type Budget,
  type Parsed,
  type ParseResult,
  type Provider,
  type ProviderError,
  type ProviderRequest,
  urlOf,
} from "#core/providers/provider.ts";
import { breakerKeyOf, ingestKeyOf } from "#core/wire/keys.ts";
import { type Command, setCommand } from "../clients/redis-client.ts";
import { decodeBreaker } from "./breaker.ts";
import type { IngestRedis, Watch } from "./ports.ts";
import { fieldsOf, removeMistyped } from "./state.ts";

/** Why nothing was read: what the provider said, or that no request was made. */
export type FetchError = ProviderError | { kind: "circuit_open" | "over_budget" | "out_of_time" };

export interface FetchResult {
  /** Requests that went out. */
  requests: number;
  result: Parsed | { ok: false; error: FetchError };
}

export interface FetchOptions {
  /** Goes out beyond the budget: what counts the requests may be wrong, and a publication must be read all the same. */
  isProbe?: boolean;
  /** Fewer attempts than usual, if other requests wait for this one. */
  maxAttempts?: number;
  /** No attempt goes on after this instant. */
  endMs?: number;
}

export interface ProviderSettings {
  provider: Provider;
  /** Base URL, without a slash at its end. */
  url: string;
  secret?: string | undefined;
  /** How long an attempt may take. */
  deadlineMs?: number | undefined;
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

const MAX_ATTEMPTS = 3;
/** All attempts and the pauses between them, so that one tick of the cron ends before the next. */
const TOTAL_MS = 25_000;
const DEADLINE_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const MIN_ATTEMPT_MS = 1_000;
const MINUTE_MS = 60_000;
const FINGERPRINT_BYTES = 6;

/** What a gate found: the breaker as it now stands, or undefined if Redis could not say. */
type Gate = { admitted: true; breaker: Breaker | undefined } | { admitted: false; error: FetchError };

/** A provider over HTTPS, under a breaker and a budget that all isolates share through Redis. */
export class ProviderClient {
  readonly provider: Provider;
  readonly #settings: ProviderSettings;
  readonly #budget: Budget;
  readonly #ingestKey: string;
  readonly #breakerKey: string;

  constructor(settings: ProviderSettings) {
    this.provider = settings.provider;
    this.#settings = settings;
    this.#budget = settings.provider.budget;
    this.#ingestKey = ingestKeyOf(settings.provider.id);
    this.#breakerKey = breakerKeyOf(settings.provider.id);
  }

  get hasSecret(): boolean {
    return this.#settings.secret !== undefined;
  }

  /** Tells one secret from another, and nothing about it: limits hold for a secret. */
  async fingerprint(): Promise<string> {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(this.#settings.secret ?? ""));
    return Array.from(new Uint8Array(digest, 0, FINGERPRINT_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join(
      "",
    );
  }

  /** Sends a request; again if a retry can help, as long as breaker, budget and time allow it. */
  async fetch(request: ProviderRequest, watch: Watch, options: FetchOptions = {}): Promise<FetchResult> {
    const { now, random, pause = sleep } = this.#settings;
    const endMs = Math.min(now() + TOTAL_MS, options.endMs ?? Number.POSITIVE_INFINITY);
    if (endMs - now() < MIN_ATTEMPT_MS) return { requests: 0, result: { ok: false, error: { kind: "out_of_time" } } };
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
      const isOver = requests >= (options.maxAttempts ?? MAX_ATTEMPTS) || now() + pauseMs + MIN_ATTEMPT_MS > endMs;
      // Without Redis nobody counts the requests, so there is no second one.
      if (isOver || gate.breaker === undefined) return { requests, result };
      await pause(pauseMs);
    }
  }

  /** Whether a request may go out now; if so it is counted before it does. */
  async #admit(watch: Watch, { isProbe = false }: FetchOptions): Promise<Gate> {
    const { redis, policy, now, provider } = this.#settings;
    const { zone } = provider.publication;
    const nowMs = now();
    try {
      const [text, hash] = await redis.pipeline([
        ["GET", this.#breakerKey],
        ["HGETALL", this.#ingestKey],
      ]);
      const before = decodeBreaker(text, nowMs, breakerPolicy(policy));
      const { admitted, breaker } = admit(before, nowMs, breakerPolicy(policy));
      if (!admitted) return { admitted: false, error: { kind: "circuit_open" } };
      const counts = fieldsOf(hash);
      const allowance = allowanceOf(usageOf(counts, nowMs, zone, this.#budget), this.#budget);
      if (allowance < 1 && !isProbe) return { admitted: false, error: { kind: "over_budget" } };
      const useless = uselessFields(counts, nowMs, zone, this.#budget);
      const commands: Command[] = useless.length > 0 ? [["HDEL", this.#ingestKey, ...useless]] : [];
      for (const field of countedFields(nowMs, zone)) commands.push(["HINCRBY", this.#ingestKey, field, 1]);
      await redis.pipeline([...commands, ...this.#change(before, breaker, watch)]);
      return { admitted: true, breaker };
    } catch (error) {
      await removeMistyped(redis, error, provider.id);
      return { admitted: true, breaker: undefined };
    }
  }

  async #settle(before: Breaker | undefined, result: ParseResult, watch: Watch): Promise<void> {
    const { redis, policy, now, provider } = this.#settings;
    if (!result.ok && result.error.kind === "unauthorized")
      watch.notice(`${provider.id} does not accept our secret`, {});
    // Opened at the beginning of the minute, the breaker lets the probe of the next tick through.
    const minuteMs = Math.floor(now() / MINUTE_MS) * MINUTE_MS;
    const breaker = settle(before ?? CLOSED, breakerEventOf(result), minuteMs, breakerPolicy(policy));
    if (before === undefined) return;
    await redis.pipeline(this.#change(before, breaker, watch)).catch(() => undefined);
  }

  #change(before: Breaker, after: Breaker, watch: Watch): Command[] {
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    const { id } = this.provider;
    if (before.state !== after.state) {
      watch.notice(`circuit breaker of ${id}: ${before.state} → ${after.state}`, { breaker: id });
      if (after.state !== "half_open") watch.event("breaker", id, after.state);
    }
    return [setCommand(this.#breakerKey, JSON.stringify(after))];
  }

  /** Reasons are our own words: an error of `fetch` may name the URL, in which some providers want their secret. */
  async #send(request: ProviderRequest, leftMs: number): Promise<ParseResult> {
    const { provider, url, secret, fetch: send = fetch, deadline = timeout, deadlineMs = DEADLINE_MS } = this.#settings;
    const placed = secret === undefined ? {} : (provider.secret?.place(secret) ?? {});
    let response: Response;
    let bytes: Uint8Array<ArrayBuffer> | undefined;
    try {
      response = await send(urlOf(url, { ...request, query: { ...request.query, ...placed.query } }), {
        headers: { ...request.headers, ...placed.headers },
        redirect: "manual",
        // The signal covers the body too.
        signal: deadline(Math.max(1, Math.floor(Math.min(deadlineMs, leftMs)))),
      });
      bytes = await readBoundedBytes(response, provider.maxBodyBytes);
    } catch (error) {
      const name = error instanceof Error || error instanceof DOMException ? error.name : "";
      const isLate = name === "TimeoutError" || name === "AbortError";
      return { ok: false, error: { kind: "transient", reason: isLate ? "no response in time" : "not reachable" } };
    }
    if (bytes === undefined) return invalid("too large");
    try {
      const body = await decodeBody(bytes, request.encoding, provider.maxBodyBytes);
      const { status, headers } = response;
      return provider.parse({ status, headers, body }, request.want, this.#settings.now());
    } catch (error) {
      return invalid(error instanceof RangeError ? error.message : "not as expected");
    }
  }
}

function invalid(reason: string): ParseResult {
  return { ok: false, error: { kind: "invalid_response", reason } };
}

/** A refusal is a response too: only silence and nonsense count against a provider. */
function breakerEventOf(result: ParseResult): BreakerEvent {
  if (result.ok) return "success";
  if (result.error.kind === "unauthorized") return "permanent";
  return result.error.kind === "transient" ? "failure" : "success";
}

function timeout(ms: number): AbortSignal {
  return AbortSignal.timeout(ms);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
