import { CARRY_FORWARD_DAYS, type Policy } from "../ops/policy.ts";
import { isEmptyPage, isSameContent, type Page } from "../rates/page.ts";
import type { Tier } from "./page-source.ts";

/** How long a copy of a page may be used without looking again, and which of two copies is used. */

const DAY_MS = 86_400_000;

/** The tiers whose copies age; what Redis and the origin answer is as fresh as it gets. */
export type AgingTier = Extract<Tier, "isolate" | "colo">;

/** A page as a tier keeps it. */
export interface CachedPage {
  page: Page;
  /** When the tier took it in: its freshness counts from here. */
  storedAtMs: number;
  /** When a tier that does not age last vouched for it: the stale horizon counts from here. */
  confirmedAtMs: number;
  /** The factor drawn for this copy, so that copies do not expire together. */
  jitter: number;
}

/** What lengthens freshness: the fewer tiers there are below, the more those that are left must be spared. */
export interface Conditions {
  isRedisAway: boolean;
  isDatabaseInTrouble: boolean;
}

export const ALL_WELL: Conditions = { isRedisAway: false, isDatabaseInTrouble: false };

/** A factor within ± JITTER_SHARE of one, from a random number in [0, 1). */
export function jitterOf(random: number, policy: Policy): number {
  return 1 + policy.JITTER_SHARE * (2 * random - 1);
}

/**
 * Whether new observations are still expected in a page: that of this year, that of the last one as long as a reconcile
 * reads back into it, and one without any, which history may yet fill. A day is added for the distance to UTC.
 */
export function isOpen(page: Pick<Page, "year" | "version">, nowMs: number, policy: Policy): boolean {
  if (page.version === 0) return true;
  return page.year >= new Date(nowMs - (policy.RECONCILE_DAYS + 1) * DAY_MS).getUTCFullYear();
}

/** Whether a year has just begun, or has yet to: an empty page of any other year only says that something is missing. */
export function mayBeEmpty(year: number, nowMs: number): boolean {
  return nowMs < Date.UTC(year, 0, 1) + (CARRY_FORWARD_DAYS + 1) * DAY_MS;
}

/** How long a page is fresh in a tier, before jitter. */
export function freshMs(tier: AgingTier, isPageOpen: boolean, conditions: Conditions, policy: Policy): number {
  const usual = isPageOpen
    ? { isolate: policy.ISOLATE_FRESH_MS, colo: policy.COLO_FRESH_MS }[tier]
    : { isolate: policy.ISOLATE_FRESH_PAST_MS, colo: policy.COLO_FRESH_PAST_MS }[tier];
  const stretched = conditions.isRedisAway ? usual * policy.REDIS_AWAY_FACTOR : usual;
  return conditions.isDatabaseInTrouble ? Math.max(stretched, policy.DATABASE_TROUBLE_FRESH_MS) : stretched;
}

/** The instant until which a copy is fresh. Conditions count as they are now, not as they were when it was stored. */
export function freshUntilMs(
  copy: CachedPage,
  tier: AgingTier,
  nowMs: number,
  conditions: Conditions,
  policy: Policy,
): number {
  const usual = freshMs(tier, isOpen(copy.page, nowMs, policy), conditions, policy);
  const isAllWell = !conditions.isRedisAway && !conditions.isDatabaseInTrouble;
  const lasts = copy.page.version === 0 && isAllWell ? Math.min(usual, policy.EMPTY_FRESH_MS) : usual;
  return copy.storedAtMs + lasts * copy.jitter;
}

/** Whether a copy may still be served when nothing else answers. */
export function isWithinHorizon(copy: CachedPage, nowMs: number, policy: Policy): boolean {
  return nowMs - copy.confirmedAtMs < policy.STALE_HORIZON_MS;
}

/**
 * Of two copies of a page the one to go on with. What a tier that does not age said last counts, regardless of versions:
 * so a repaired page replaces a wrong one. Only within the lag of Redis's replicas may the higher version be the later word,
 * and an absent page is never the later word.
 */
export function betterCopy(a: CachedPage, b: CachedPage, policy: Pick<Policy, "REPLICA_LAG_MS">): CachedPage {
  if (isEmptyPage(a.page) !== isEmptyPage(b.page)) return isEmptyPage(a.page) ? b : a;
  const leadMs = b.confirmedAtMs - a.confirmedAtMs;
  const later = leadMs >= 0 ? b : a;
  if (Math.abs(leadMs) >= policy.REPLICA_LAG_MS || a.page.version === b.page.version) return later;
  if (isSameContent(a.page, b.page)) return later;
  return b.page.version > a.page.version ? b : a;
}

/**
 * What to go on with when a tier gave `read` and `held` was cached: the better copy. A held page that is kept counts as
 * looked at but not as confirmed, so that it is let go once the lag of replicas no longer explains the difference.
 */
export function winnerOf(held: CachedPage | undefined, read: CachedPage, policy: Policy): CachedPage {
  if (held === undefined || betterCopy(held, read, policy) === read) return read;
  return { ...held, storedAtMs: read.storedAtMs };
}

/** Whether a tier takes back what a cached copy says: then the origin is asked which of them is right. */
export function contradicts(held: CachedPage, read: CachedPage, policy: Policy): boolean {
  return (
    read.page.version <= held.page.version &&
    betterCopy(held, read, policy) === read &&
    !isSameContent(held.page, read.page)
  );
}
