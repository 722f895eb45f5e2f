import type { Page } from "../rates/page.ts";

/** Where a copy came from, nearest to the reader first. */
export const TIERS = ["isolate", "colo", "redis", "origin"] as const;
export type Tier = (typeof TIERS)[number];

/** Why a copy past its freshness is served: what could not be reached to renew it. */
export type StaleReason = "redis_and_origin_unavailable" | "origin_unavailable";

/** A page as one host has it. */
export interface PageCopy {
  page: Page;
  tier: Tier;
  /** Set if the copy is past its freshness and could not be renewed. */
  stale?: StaleReason;
  /** Epoch milliseconds until which this host may answer from the copy without looking again. */
  freshUntilMs: number;
}

/**
 * The one thing that the public API stands on. The edge implements it over its tiers, the origin over its store.
 *
 * `read` gives one copy per year asked for, in that order; a year of which the origin has nothing is an empty page.
 * Throws PagesUnavailable if a page is not to be had.
 */
export interface Pages {
  read(series: string, years: readonly number[]): Promise<PageCopy[]>;
}

export class PagesUnavailable extends Error {
  override name = "PagesUnavailable";
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, options?: ErrorOptions) {
    super("no tier has the page", options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
