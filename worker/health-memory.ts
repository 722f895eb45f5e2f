import type { DependencyState, HealthFacts } from "#core/api/health.ts";

/** The part of health that is read from Redis. */
export type RedisFacts = Pick<
  HealthFacts,
  "redis" | "banxicoApi" | "circuitBreaker" | "deadLetters" | "responseTimeP95Ms" | "cacheHitRatio"
>;

/** What was found out counts this long for those who can't wait for an answer. */
const REMEMBERED_MS = 60_000;

const UNSEEN: RedisFacts = {
  redis: "unknown",
  banxicoApi: "unknown",
  circuitBreaker: "unknown",
  deadLetters: null,
  responseTimeP95Ms: null,
  cacheHitRatio: null,
};

/** What probes of this isolate found last: one that took too long still tells the next who asks. */
export class HealthMemory {
  #database: { state: DependencyState; atMs: number } | undefined;
  #redis: { facts: RedisFacts; atMs: number } | undefined;
  #failedMs: number | undefined;

  database(nowMs: number): DependencyState {
    return this.#database && nowMs - this.#database.atMs < REMEMBERED_MS ? this.#database.state : "unknown";
  }

  redis(nowMs: number): RedisFacts {
    return this.#redis && nowMs - this.#redis.atMs < REMEMBERED_MS ? this.#redis.facts : UNSEEN;
  }

  /** Whether the last lookup that came to an end found no rate to serve. */
  lookupFailed(nowMs: number): boolean {
    return this.#failedMs !== undefined && nowMs - this.#failedMs < REMEMBERED_MS;
  }

  keepLookup(hasFailed: boolean, atMs: number): void {
    this.#failedMs = hasFailed ? atMs : undefined;
  }

  keepDatabase(state: DependencyState, atMs: number): void {
    this.#database = { state, atMs };
  }

  keepRedis(facts: RedisFacts, atMs: number): void {
    this.#redis = { facts, atMs };
  }
}
