import type { DependencyState, HealthFacts, SeriesFacts } from "#core/api/health.ts";

/** The part of health that is read from Redis. */
export type RedisFacts = Pick<
  HealthFacts,
  "redis" | "banxicoApi" | "circuitBreaker" | "deadLetters" | "responseTimeP95Ms" | "cacheHitRatio"
>;

/** Within this time after probes began, everyone gets what they found, and nothing is probed: health is public. */
const PROBE_EVERY_MS = 5_000;
/** What was found counts this long for those who can't wait for a probe. */
const REMEMBERED_MS = 60_000;

const UNSEEN: RedisFacts = {
  redis: "unknown",
  banxicoApi: "unknown",
  circuitBreaker: "unknown",
  deadLetters: null,
  responseTimeP95Ms: null,
  cacheHitRatio: null,
};

/** What the probes of this isolate found last: one that took too long still tells the next reader. */
export class HealthMemory {
  readonly #found = new Map<string, { value: unknown; atMs: number }>();
  #probedAtMs: number | undefined;

  /** Whether it is time to probe; if so, the probes count as begun. */
  begin(nowMs: number): boolean {
    if (this.#probedAtMs !== undefined && Math.abs(nowMs - this.#probedAtMs) < PROBE_EVERY_MS) return false;
    this.#probedAtMs = nowMs;
    return true;
  }

  database(nowMs: number): DependencyState {
    return this.#recall<DependencyState>("database", nowMs) ?? "unknown";
  }

  redis(nowMs: number): RedisFacts {
    return this.#recall<RedisFacts>("redis", nowMs) ?? UNSEEN;
  }

  /** null: the last lookup that came to an end found no page to serve. undefined: none came to an end. */
  series(id: string, nowMs: number): SeriesFacts | null | undefined {
    return this.#recall<SeriesFacts | null>(`series:${id}`, nowMs);
  }

  keepDatabase(state: DependencyState, atMs: number): void {
    this.#found.set("database", { value: state, atMs });
  }

  keepRedis(facts: RedisFacts, atMs: number): void {
    this.#found.set("redis", { value: facts, atMs });
  }

  keepSeries(id: string, facts: SeriesFacts | null, atMs: number): void {
    this.#found.set(`series:${id}`, { value: facts, atMs });
  }

  #recall<T>(key: string, nowMs: number): T | undefined {
    const found = this.#found.get(key);
    return found !== undefined && nowMs - found.atMs < REMEMBERED_MS ? (found.value as T) : undefined;
  }
}
