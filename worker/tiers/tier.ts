import type { Tier } from "#core/pages/page-source.ts";
import type { CachedPage } from "#core/pages/page-ttl.ts";
import type { Scope } from "../ops/scope.ts";

/** What a tier has of the requested years. */
export interface TierResult {
  /** By year, without the years that the tier lacks. */
  entries: ReadonlyMap<number, CachedPage>;
  /** Years with a corrupt entry: misses, to be overwritten. */
  corrupt: readonly number[];
}

/** One place where pages are stored. */
export interface PageTier {
  readonly name: Tier;
  /** How long a request waits for so many pages before it tries the next tier. Absent: the tier enforces its own. */
  deadlineMs?(pages: number): number;
  /** Throws if the tier can't be read. It may take longer than its deadline: a late result is used too. */
  read(series: string, years: readonly number[], scope: Scope): Promise<TierResult>;
  /** Stores entries from a lower tier. Never throws, and no request waits for it. `corrupt` as read before. */
  write(series: string, entries: readonly CachedPage[], corrupt: readonly number[], scope: Scope): void;
}

/** What happens in the tiers, for metrics and operators. */
export interface TierEvents {
  read(tier: Tier, counts: { hits: number; misses: number; corrupt: number }, scope: Scope): void;
  failed(tier: Tier, error: unknown): void;
  /** A entry could not be written; nothing waited for it. */
  fillFailed(tier: Tier, error: unknown): void;
  servedStale(count: number): void;
}
