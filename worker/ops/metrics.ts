import type { Tier } from "#core/pages/page-source.ts";
import { statsKeyOf, TOTALS_KEY } from "#core/wire/keys.ts";
import type { Command, RedisClient } from "../clients/redis-client.ts";
import type { TierEvents } from "../tiers/tier.ts";
import type { Scope } from "./scope.ts";
import { FIELDS, STATS_TTL_SECONDS } from "./stats.ts";

/** One isolate writes at most this often. */
const FLUSH_EVERY_MS = 10_000;

/** Counts in this isolate's memory, and adds the counts to Redis from time to time, after a response. */
export class Metrics implements TierEvents {
  readonly #writer: Pick<RedisClient, "pipeline">;
  /** Whether Redis can be written to: counts wait meanwhile. */
  readonly #canFlush: () => boolean;
  #counts = new Map<string, number>();
  #hot = 0;
  #nextFlushMs = 0;

  constructor(writer: Pick<RedisClient, "pipeline">, canFlush: () => boolean) {
    this.#writer = writer;
    this.#canFlush = canFlush;
  }

  /** What is counted and not yet written. */
  get counts(): ReadonlyMap<string, number> {
    this.#mergeHot();
    return this.#counts;
  }

  count(field: string, by = 1): void {
    this.#counts.set(field, (this.#counts.get(field) ?? 0) + by);
  }

  /** A hot response: counted in the cheapest way, since it is most of the traffic. */
  hot(): void {
    this.#hot++;
  }

  responded(status: number, elapsedMs: number): void {
    this.count(FIELDS.requests);
    this.count(FIELDS.latency(elapsedMs));
    if (elapsedMs > 0) this.count(FIELDS.latencySum, Math.round(elapsedMs));
    if (status >= 500) this.count(FIELDS.errors);
    if (status === 429) this.count(FIELDS.rateLimited);
  }

  read(tier: Tier, { hits, misses, corrupt }: { hits: number; misses: number; corrupt: number }): void {
    if (hits > 0) this.count(FIELDS.hits(tier), hits);
    if (misses > 0) this.count(FIELDS.misses(tier), misses);
    if (corrupt > 0) this.count(FIELDS.corrupt(tier), corrupt);
  }

  failed(tier: Tier): void {
    this.count(FIELDS.failed(tier));
  }

  fillFailed(tier: Tier): void {
    this.count(FIELDS.fillFailed(tier));
  }

  servedStale(count: number): void {
    this.count(FIELDS.stale, count);
  }

  /** Whether it is time to write; cheap enough for every request. */
  isDue(nowMs: number): boolean {
    return nowMs >= this.#nextFlushMs;
  }

  /** Writes the counts; if that fails they are kept for the next time. */
  async flush(scope: Scope): Promise<void> {
    const nowMs = scope.now();
    this.#nextFlushMs = nowMs + FLUSH_EVERY_MS;
    if (!this.#canFlush()) return;
    this.#mergeHot();
    const counts = this.#counts;
    if (counts.size === 0) return;
    this.#counts = new Map();
    const key = statsKeyOf(nowMs);
    const addTo = (hash: string) => Array.from(counts, ([field, by]): Command => ["HINCRBY", hash, field, by]);
    try {
      await this.#writer.pipeline([...addTo(key), ...addTo(TOTALS_KEY), ["EXPIRE", key, STATS_TTL_SECONDS]]);
    } catch {
      for (const [field, by] of counts) this.count(field, by);
    }
  }

  #mergeHot(): void {
    if (this.#hot === 0) return;
    this.count(FIELDS.hot, this.#hot);
    this.count(FIELDS.requests, this.#hot);
    this.count(FIELDS.latency(0), this.#hot);
    this.count(FIELDS.hits("isolate"), this.#hot);
    this.#hot = 0;
  }
}
