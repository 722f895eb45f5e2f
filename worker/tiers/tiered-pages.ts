import type { Timer } from "#core/ops/deadline.ts";
import type { Policy } from "#core/ops/policy.ts";
import { type PageCopy, type Pages, PagesUnavailable } from "#core/pages/page-source.ts";
import type { Conditions } from "#core/pages/page-ttl.ts";
import type { Scope } from "../ops/scope.ts";
import type { Announcements } from "./announcements.ts";
import { Lookup } from "./lookup.ts";
import type { Renewals } from "./renewals.ts";
import type { PageTier, TierEvents } from "./tier.ts";

/** `Retry-After` if no breaker says when it will try again. */
const MIN_RETRY_AFTER_MS = 5_000;

export interface TiersSettings {
  /** Nearest to the client first. */
  tiers: readonly PageTier[];
  renewals: Renewals;
  policy: Policy;
  /** Which dependencies are failing. */
  conditions: (nowMs: number) => Conditions;
  announcements: Announcements;
  /** How long from now the origin will not be called. */
  originClosedForMs: (nowMs: number) => number;
  events: TierEvents;
  random?: () => number;
  timer?: Timer;
}

/** The lookup of one request: isolate → colo → Redis → origin. */
export class TieredPages implements Pages {
  readonly #settings: TiersSettings;
  readonly #scope: Scope;

  constructor(settings: TiersSettings, scope: Scope) {
    this.#settings = settings;
    this.#scope = scope;
  }

  async read(series: string, years: readonly number[]): Promise<PageCopy[]> {
    const { tiers, originClosedForMs } = this.#settings;
    const lookup = new Lookup(this.#settings, this.#scope, series, years);
    for (const tier of tiers) {
      if (lookup.missing.length === 0) break;
      await lookup.readFrom(tier);
    }
    const pages = await lookup.finish();
    if (pages) return pages;
    const waitMs = Math.max(MIN_RETRY_AFTER_MS, originClosedForMs(this.#scope.now()));
    throw new PagesUnavailable(Math.ceil(waitMs / 1000));
  }
}
