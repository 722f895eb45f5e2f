import type { Tier } from "#core/pages.ts";
import type { CachedPage } from "#core/windows.ts";
import type { Scope } from "../scope.ts";

/** What a tier knows of the years asked for. */
export interface TierAnswer {
  /** By year; what is not in it, the tier does not have. */
  copies: ReadonlyMap<number, CachedPage>;
  /** Years of which it holds something that is no page: misses, to be overwritten. */
  corrupt: readonly number[];
}

/** One place where pages are kept. */
export interface PageTier {
  readonly name: Tier;
  /** Throws where the tier can't be asked. */
  read(series: string, years: readonly number[], scope: Scope): Promise<TierAnswer>;
  /** Keeps copies that came from below. Never throws and never makes a reader wait. `corrupt` as read before. */
  write(series: string, copies: readonly CachedPage[], corrupt: readonly number[], scope: Scope): void;
}

/** What happens in the tiers, for whoever counts it. */
export interface TierEvents {
  read(tier: Tier, counts: { hits: number; misses: number; corrupt: number }, scope: Scope): void;
  failed(tier: Tier, error: unknown): void;
  /** A copy could not be written; nobody waited for it. */
  fillFailed(tier: Tier, error: unknown): void;
  servedStale(count: number): void;
}
