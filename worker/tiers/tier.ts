import type { Tier } from "#core/pages/page-source.ts";
import type { CachedPage } from "#core/pages/page-ttl.ts";
import type { Scope } from "../ops/scope.ts";

/** What a tier has of the years it was asked for. */
export interface TierAnswer {
  /** By year; a year that is not in it, the tier does not have. */
  copies: ReadonlyMap<number, CachedPage>;
  /** Years of which it holds something that is no page: misses, to be overwritten. */
  corrupt: readonly number[];
}

/** One place where pages are kept. */
export interface PageTier {
  readonly name: Tier;
  /** How long a reader waits for so many pages before the next tier is tried. Absent: the tier sees to it itself. */
  deadlineMs?(pages: number): number;
  /** Throws if the tier can't be read. It may take longer than its deadline: a late answer is used too. */
  read(series: string, years: readonly number[], scope: Scope): Promise<TierAnswer>;
  /** Keeps copies that came from below. Never throws and never makes a reader wait. `corrupt` as read before. */
  write(series: string, copies: readonly CachedPage[], corrupt: readonly number[], scope: Scope): void;
}

/** What happens in the tiers, for metrics and operators. */
export interface TierEvents {
  read(tier: Tier, counts: { hits: number; misses: number; corrupt: number }, scope: Scope): void;
  failed(tier: Tier, error: unknown): void;
  /** A copy could not be written; nothing waited for it. */
  fillFailed(tier: Tier, error: unknown): void;
  servedStale(count: number): void;
}
