import type { HealthFacts } from "#core/api/health.ts";
import { LATENCY_BOUNDS_MS as BOUNDS_MS } from "#core/ops/latency.ts";
import { TIERS } from "#core/pages/page-source.ts";
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

export type Performance = Required<Pick<HealthFacts, "responseTimeP95Ms" | "cacheHitRatio" | "traffic">>;

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
  const cachedPageReads = cachedReads(count);
  return {
    event: "edge_minute",
    at: new Date(minuteMs).toISOString(),
    requests: count(FIELDS.requests),
    errors: count(FIELDS.errors),
    rate_limited: count(FIELDS.rateLimited),
    slow: slowResponses(count),
    p95_ms: performanceOf([counters]).responseTimeP95Ms,
    page_reads: cachedPageReads + count(FIELDS.hits("origin")),
    cached_page_reads: cachedPageReads,
  };
}

type Count = (field: string) => number;

function cachedReads(count: Count): number {
  return ["isolate", "colo", "redis"].reduce((total, tier) => total + count(FIELDS.hits(tier)), 0);
}

function slowResponses(count: Count): number {
  const slow = [...BOUNDS_MS.filter((bound) => bound > OBJECTIVE_MS), "inf"];
  return slow.reduce<number>((total, bound) => total + count(`${LATENCY}${bound}`), 0);
}

/** Exact to a millionth: an objective may allow one error in two thousand. */
function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1e6) / 1e6;
}

/** The 95th percentile (the upper bound of its bucket), and shares of responses and page reads. */
export function performanceOf(minutes: readonly ReadonlyMap<string, number>[]): Performance {
  const sum = (field: string) => minutes.reduce((total, counters) => total + (counters.get(field) ?? 0), 0);
  const cached = cachedReads(sum);
  const reads = cached + sum(FIELDS.hits("origin"));
  const requests = sum(FIELDS.requests);
  return {
    responseTimeP95Ms: percentile(BOUNDS_MS.map((bound) => sum(`${LATENCY}${bound}`)).concat(sum(`${LATENCY}inf`))),
    cacheHitRatio: share(cached, reads),
    traffic: {
      error_ratio: share(sum(FIELDS.errors), requests),
      slow_ratio: share(slowResponses(sum), requests),
      tiers: Object.fromEntries(TIERS.map((tier) => [tier, share(sum(FIELDS.hits(tier)), reads)])),
    },
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
