import { LATENCY_BOUNDS_MS as BOUNDS_MS } from "#core/ops/latency.ts";
import type { EdgeMinute } from "#core/wire/internal.ts";
import type { Reply } from "../clients/redis-client.ts";

/** The edge's counters, as fields of a Redis hash, and what health and reports read from them. */

/** How long a minute's counters live: health reads the last five. */
export const STATS_TTL_SECONDS = 900;

/** The latency objective: 95 % of responses within it. One of the bounds. */
const OBJECTIVE_MS = 200;

const LATENCY = "ms:";
/** Pages that a tier had. */
const HITS = "hits:";

export const FIELDS = {
  requests: "requests",
  hot: "hot",
  rateLimited: "rate_limited",
  errors: "errors",
  stale: "stale",
  /** The sum of all response times. */
  latencySum: "ms_sum",
  hits: (tier: string) => `${HITS}${tier}`,
  misses: (tier: string) => `misses:${tier}`,
  corrupt: (tier: string) => `corrupt:${tier}`,
  failed: (tier: string) => `failed:${tier}`,
  fillFailed: (tier: string) => `fill_failed:${tier}`,
  latency: (ms: number) => `${LATENCY}${BOUNDS_MS.find((bound) => ms <= bound) ?? "inf"}`,
};

export interface Performance {
  responseTimeP95Ms: number | null;
  cacheHitRatio: number | null;
}

/** The counters that Redis returned for one hash; what is no count is left out. */
export function countersOf(reply: Reply | undefined): Map<string, number> {
  const counters = new Map<string, number>();
  if (!Array.isArray(reply)) return counters;
  for (let index = 0; index + 1 < reply.length; index += 2) {
    const count = Number(reply[index + 1]);
    if (Number.isSafeInteger(count) && count >= 0) counters.set(String(reply[index]), count);
  }
  return counters;
}

/** What one minute's counters say of readers. */
export function edgeMinute(minuteMs: number, counters: ReadonlyMap<string, number>): EdgeMinute {
  const count = (field: string) => counters.get(field) ?? 0;
  const slowBounds = BOUNDS_MS.filter((bound) => bound > OBJECTIVE_MS);
  const cachedPageReads = cachedReads(count);
  return {
    event: "edge_minute",
    at: new Date(minuteMs).toISOString(),
    requests: count(FIELDS.requests),
    errors: count(FIELDS.errors),
    rate_limited: count(FIELDS.rateLimited),
    slow: [...slowBounds, "inf"].reduce<number>((sum, bound) => sum + count(`${LATENCY}${bound}`), 0),
    p95_ms: performanceOf([counters]).responseTimeP95Ms,
    page_reads: cachedPageReads + count(FIELDS.hits("origin")),
    cached_page_reads: cachedPageReads,
  };
}

function cachedReads(count: (field: string) => number): number {
  return ["isolate", "colo", "redis"].reduce((total, tier) => total + count(FIELDS.hits(tier)), 0);
}

/** The 95th percentile (the upper bound of its bucket) and the share of page reads served without the origin. */
export function performanceOf(minutes: readonly ReadonlyMap<string, number>[]): Performance {
  const sum = (field: string) => minutes.reduce((total, counters) => total + (counters.get(field) ?? 0), 0);
  const cached = cachedReads(sum);
  const reads = cached + sum(FIELDS.hits("origin"));
  return {
    responseTimeP95Ms: percentile(BOUNDS_MS.map((bound) => sum(`${LATENCY}${bound}`)).concat(sum(`${LATENCY}inf`))),
    cacheHitRatio: reads === 0 ? null : Math.round((cached / reads) * 10_000) / 10_000,
  };
}

function percentile(counts: readonly number[]): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  const index = counts.findIndex((count) => {
    seen += count;
    return seen >= total * 0.95;
  });
  return BOUNDS_MS[index] ?? (BOUNDS_MS.at(-1) as number);
}
