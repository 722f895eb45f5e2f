import { CARRY_FORWARD_DAYS, type Policy } from "../ops/policy.ts";
import { isEmptyPage, isSameContent, type Page } from "../rates/page.ts";
import { DAY_MS } from "../time/dates.ts";
import type { Tier } from "./page-source.ts";

/** How long a cached page is fresh, and which of two entries of a page is used. */

/** The tiers whose entries age. Results of Redis and the origin count as fresh. */
export type AgingTier = Extract<Tier, "isolate" | "colo">;

/** A page as a tier stores it. */
export interface CachedPage {
  page: Page;
  /** When the tier stored it: freshness counts from here. */
  storedAtMs: number;
  /** When Redis or the origin last returned it: the stale horizon counts from here. */
  confirmedAtMs: number;
  /** The factor drawn for this entry, so that entries do not expire together. */
  jitter: number;
}

/** What lengthens freshness: while one tier fails, the load on the others must not grow. */
export interface Conditions {
  isRedisAway: boolean;
  isDatabaseDegraded: boolean;
}

/** A factor within ± JITTER_SHARE of one, from a random number in [0, 1). */
export function jitterOf(random: number, policy: Policy): number {
  return 1 + policy.JITTER_SHARE * (2 * random - 1);
}

/**
 * Whether new observations are still expected in a page: this year's, last year's as long as a sync reads back into it,
 * and an empty one, which history may still fill. A day is added for the offset to UTC.
 */
export function isOpen(page: Pick<Page, "year" | "version">, nowMs: number, policy: Policy): boolean {
  if (page.version === 0) return true;
  return page.year >= new Date(nowMs - (policy.RECONCILE_DAYS + 1) * DAY_MS).getUTCFullYear();
}

/** Whether a year has just begun, or not yet: an empty page of any other year means that data is missing. */
export function mayBeEmpty(year: number, nowMs: number): boolean {
  return nowMs < Date.UTC(year, 0, 1) + (CARRY_FORWARD_DAYS + 1) * DAY_MS;
}

/** How long a page is fresh in a tier, before jitter. */
export function freshMs(tier: AgingTier, isPageOpen: boolean, conditions: Conditions, policy: Policy): number {
  const usual = isPageOpen
    ? { isolate: policy.ISOLATE_FRESH_MS, colo: policy.COLO_FRESH_MS }[tier]
    : { isolate: policy.ISOLATE_FRESH_PAST_MS, colo: policy.COLO_FRESH_PAST_MS }[tier];
  const stretched = conditions.isRedisAway ? usual * policy.REDIS_AWAY_FACTOR : usual;
  return conditions.isDatabaseDegraded ? Math.max(stretched, policy.DATABASE_TROUBLE_FRESH_MS) : stretched;
}

/**
 * The instant until which an entry is fresh. Conditions count as they are now, not as they were when it was stored.
 * `awaitedSinceMs`: when a value that the page lacks was announced. From then on tiers do not add up, so that it soon
 * reaches everyone, unless what lies below must be spared.
 */
export function freshUntilMs(
  entry: CachedPage,
  tier: AgingTier,
  nowMs: number,
  conditions: Conditions,
  policy: Policy,
  awaitedSinceMs?: number,
): number {
  const usual = freshMs(tier, isOpen(entry.page, nowMs, policy), conditions, policy);
  const isAllWell = !conditions.isRedisAway && !conditions.isDatabaseDegraded;
  const lasts = entry.page.version === 0 && isAllWell ? Math.min(usual, policy.EMPTY_FRESH_MS) : usual;
  const untilMs = entry.storedAtMs + lasts * entry.jitter;
  if (awaitedSinceMs === undefined || !isAllWell) return untilMs;
  return Math.min(untilMs, Math.max(awaitedSinceMs, entry.confirmedAtMs + policy.AWAITED_FRESH_MS * entry.jitter));
}

/** Whether an entry may still be served if no other tier responds. */
export function isWithinHorizon(entry: CachedPage, nowMs: number, policy: Policy): boolean {
  return nowMs - entry.confirmedAtMs < policy.STALE_HORIZON_MS;
}

/**
 * Which of two entries of a page to use: the one that Redis or the origin confirmed last, regardless of versions, so that
 * a repaired page replaces a wrong one. Within the lag of Redis's replicas the higher version wins. An empty page never
 * replaces one with data.
 */
export function betterEntry(a: CachedPage, b: CachedPage, policy: Pick<Policy, "REPLICA_LAG_MS">): CachedPage {
  if (isEmptyPage(a.page) !== isEmptyPage(b.page)) return isEmptyPage(a.page) ? b : a;
  const leadMs = b.confirmedAtMs - a.confirmedAtMs;
  const later = leadMs >= 0 ? b : a;
  if (Math.abs(leadMs) >= policy.REPLICA_LAG_MS || a.page.version === b.page.version) return later;
  if (isSameContent(a.page, b.page)) return later;
  return b.page.version > a.page.version ? b : a;
}

/**
 * The better of an entry that was read and one that was cached. A cached one that wins counts as stored again but not as
 * confirmed, so that it loses once the lag of replicas no longer explains the difference.
 */
export function winnerOf(held: CachedPage | undefined, read: CachedPage, policy: Policy): CachedPage {
  if (held === undefined || betterEntry(held, read, policy) === read) return read;
  return { ...held, storedAtMs: read.storedAtMs };
}

/** Whether a tier's entry contradicts a cached one without being newer: then the origin decides. */
export function contradicts(held: CachedPage, read: CachedPage, policy: Policy): boolean {
  return (
    read.page.version <= held.page.version &&
    betterEntry(held, read, policy) === read &&
    !isSameContent(held.page, read.page)
  );
}
