import { type ClosuresByProvider, parseClosures } from "../time/closures.ts";
import type { BreakerPolicy } from "./breaker.ts";
import { decimal, optional, orDefault, Settings, text, type ValuesOf, whole } from "./settings.ts";

const MONTH_MS = 31 * 86_400_000;

const NO_HOSTS: readonly string[] = [];
const NO_CLOSURES: ClosuresByProvider = new Map();

const upTo = (max: number) => whole(0, max);
export const fromOneTo = (max: number) => whole(1, max);
const millisecondsUpTo = (max: number) => whole(0, max, " of milliseconds");
export const duration = millisecondsUpTo(MONTH_MS);
const milliseconds = (fallback: number) => orDefault(duration, fallback);

/**
 * Every tunable number: freshness, deadlines, breakers, budgets. Hosts read overrides from their environment under the
 * same names; these are the defaults. Names end with their unit.
 */
export const policySchema = new Settings({
  /** A page of the current year is fresh this long. */
  ISOLATE_FRESH_MS: milliseconds(20_000),
  COLO_FRESH_MS: milliseconds(60_000),
  /** A page of a past year, which only a revision changes. */
  ISOLATE_FRESH_PAST_MS: milliseconds(600_000),
  COLO_FRESH_PAST_MS: milliseconds(3_600_000),
  /**
   * While a value is awaited, from its announcement on for the window, a page or board that may have it is fresh this long
   * after Redis or the origin returned it, in all tiers together.
   */
  AWAITED_FRESH_MS: milliseconds(8_000),
  AWAITED_WINDOW_MS: milliseconds(7_200_000),
  /** A page without data, in either tier: short, because the first history may be loading. */
  EMPTY_FRESH_MS: milliseconds(5_000),
  /** Freshness varies by ± this share, so that entries do not expire together. */
  JITTER_SHARE: orDefault(decimal(0, 0.5), 0.1),
  /** How long isolate and colo keep a stale page, in case no other tier responds. */
  STALE_HORIZON_MS: milliseconds(86_400_000),
  /** Freshness is multiplied by this while Redis fails, to protect the origin. */
  REDIS_AWAY_FACTOR: orDefault(decimal(1, 100), 2),
  /** Minimum freshness while the origin says that its database is degraded. */
  DATABASE_TROUBLE_FRESH_MS: milliseconds(1_800_000),

  /** How long after a publication a replica of Redis may still return the previous page. */
  REPLICA_LAG_MS: milliseconds(60_000),

  /** How long a request waits for one page. Each further page of the same read adds its share. */
  COLO_DEADLINE_MS: milliseconds(50),
  COLO_DEADLINE_PER_PAGE_MS: milliseconds(5),
  REDIS_DEADLINE_MS: milliseconds(150),
  REDIS_DEADLINE_PER_PAGE_MS: milliseconds(10),
  ORIGIN_DEADLINE_MS: milliseconds(1_500),
  ORIGIN_DEADLINE_PER_PAGE_MS: milliseconds(50),
  /** How much longer it waits for responses that are late, if nothing else has the page: a long read may be slow. */
  LATE_DEADLINE_MS: milliseconds(1_200),
  LATE_DEADLINE_PER_PAGE_MS: milliseconds(250),
  /** When a call counts as failed. A response between the deadline and this is late but still used. */
  REDIS_PATIENCE_MS: milliseconds(2_000),
  ORIGIN_PATIENCE_MS: milliseconds(10_000),
  /** For writes between queue and store, which no request waits for. */
  COMMIT_DEADLINE_MS: milliseconds(10_000),

  BREAKER_FAILURES: orDefault(fromOneTo(100), 3),
  BREAKER_OPEN_MS: milliseconds(60_000),
  BREAKER_PROBE_MS: milliseconds(15_000),

  /** How many days back each sync reads. */
  RECONCILE_DAYS: orDefault(fromOneTo(366), 10),

  /** How long after 12:00 a day's FIX may be missing before rates count as stale. It ends on the same day. */
  PUBLICATION_GRACE_MS: orDefault(millisecondsUpTo(12 * 3_600_000), 900_000),
  /** With more publications missed than this, nothing is served as current. */
  MAX_PUBLICATIONS_MISSED: orDefault(upTo(100), 5),
  /** How many hubs of live updates each of the nine regions has; each takes 5,000 connections. */
  HUB_SHARDS: orDefault(fromOneTo(64), 1),
  /** The providers that are served, as "ecb,boc,…"; unset: all that may be in this environment. */
  PROVIDERS: optional(text(providerIds, "must be a list such as ecb,boc")),
  /** Hosts at whose root Frankfurter's paths are served as well, as "fx.example.com,…": docs/facades.md. */
  FACADE_HOSTS: orDefault(text(hostNames, "must be a list such as fx.example.com,rates.example.com"), NO_HOSTS),
  /** Days on which a bank is closed although no rule says so, as "ecb:2026-12-31,…". Added to the known ones. */
  EXTRA_CLOSURES: orDefault(text(parseClosures, "must be a list such as ecb:2026-12-31,boc:2027-07-02"), NO_CLOSURES),
});

export type Policy = ValuesOf<typeof policySchema.shape>;

export const DEFAULT_POLICY: Policy = policySchema.parse({});

function providerIds(text: string): readonly string[] | undefined {
  const isList = /^\s*[a-z][a-z-]*(\s*,\s*[a-z][a-z-]*)*\s*$/.test(text);
  return isList ? text.split(",").map((id) => id.trim()) : undefined;
}

function hostNames(text: string): readonly string[] | undefined {
  const isList = /^\s*(?:[\w-]+(?:\.[\w-]+)+(?:\s*,\s*[\w-]+(?:\.[\w-]+)+)*\s*,?\s*)?$/.test(text);
  return isList ? text.split(",").flatMap((host) => host.trim().toLowerCase() || []) : undefined;
}

/** A rate is carried forward over days without one at most this long (weekends and Easter need five). */
export const CARRY_FORWARD_DAYS = 14;

/** How long a request waits for so many pages of a tier before it tries the next one. */
export function readDeadlineMs(tier: "COLO" | "REDIS" | "ORIGIN" | "LATE", pages: number, policy: Policy): number {
  return policy[`${tier}_DEADLINE_MS`] + policy[`${tier}_DEADLINE_PER_PAGE_MS`] * Math.max(0, pages - 1);
}

export function breakerPolicy(policy: Policy): BreakerPolicy {
  return {
    failureThreshold: policy.BREAKER_FAILURES,
    openMs: policy.BREAKER_OPEN_MS,
    probeMs: policy.BREAKER_PROBE_MS,
  };
}
