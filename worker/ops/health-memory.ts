import type { DependencyState, HealthFacts, SeriesFacts } from "#core/api/health.ts";
import type { BreakerState } from "#core/api/provider-health.ts";
import type { Board } from "#core/pages/board.ts";

/** The part of health that is read from Redis. */
export interface RedisFacts
  extends Pick<
    HealthFacts,
    "redis" | "deadLetters" | "settlementCheck" | "responseTimeP95Ms" | "cacheHitRatio" | "traffic"
  > {
  /** By provider; one that is absent is not known. */
  breakers: Readonly<Record<string, BreakerState>>;
}

/** Probes run at most this often; requests in between get the last result, because health is public. */
const PROBE_EVERY_MS = 5_000;
/** How long a result is used if a probe does not finish in time. */
const REMEMBERED_MS = 60_000;

const UNSEEN: RedisFacts = {
  redis: "unknown",
  breakers: {},
  deadLetters: null,
  settlementCheck: "unknown",
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

  /** undefined: none was read, or not lately. */
  board(provider: string, nowMs: number): Board | undefined {
    return this.#recall<Board>(`board:${provider}`, nowMs);
  }

  keepBoard(board: Board, atMs: number): void {
    this.#found.set(`board:${board.provider}`, { value: board, atMs });
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
