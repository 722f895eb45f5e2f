import type { DependencyState, HealthFacts, SeriesFacts } from "#core/api/health.ts";

/** The part of health that is read from Redis. */
export type RedisFacts = Pick<
  HealthFacts,
  "redis" | "banxicoApi" | "circuitBreaker" | "deadLetters" | "responseTimeP95Ms" | "cacheHitRatio"
>;

/** Probes run at most this often; requests in between get the last result, because health is public. */
const PROBE_EVERY_MS = 5_000;
/** How long a result is used if a probe does not finish in time. */
const REMEMBERED_MS = 60_000;

const UNSEEN: RedisFacts = {
  redis: "unknown",
  banxicoApi: "unknown",
  circuitBreaker: "unknown",
  deadLetters: null,
  responseTimeP95Ms: null,
  cacheHitRatio: null,
};

/** The last results of this isolate's probes: a late one still serves the next request. */
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

  /** null: the last finished lookup found no page to serve. undefined: none finished. */
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
