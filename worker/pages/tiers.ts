import { type PageCopy, type Pages, PagesUnavailable, type StaleReason, type Tier } from "#core/pages.ts";
import type { Policy } from "#core/policy.ts";
import { type CachedPage, type Conditions, freshUntilMs, isWithinHorizon, jitterOf, winnerOf } from "#core/windows.ts";
import type { Scope } from "../scope.ts";
import type { Renewals } from "./renewals.ts";
import type { PageTier, TierEvents } from "./tier.ts";

/** After a renewal failed, the copy at hand is served this long before the next attempt. */
const RETRY_RENEWAL_MS = 1_000;
/** What a reader is told to wait where no breaker says when it will try again. */
const LEAST_RETRY_AFTER_MS = 5_000;

export interface TiersSettings {
  /** Nearest to the reader first. */
  tiers: readonly PageTier[];
  renewals: Renewals;
  policy: Policy;
  /** How the dependencies stand at this moment. */
  conditions: (nowMs: number) => Conditions;
  /** How long from now the origin will not be asked. */
  originClosedForMs: (nowMs: number) => number;
  events: TierEvents;
  random?: () => number;
}

interface Held {
  copy: CachedPage;
  tier: Tier;
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
    const lookup = new Lookup(this.#settings, this.#scope, series, years);
    for (const tier of this.#settings.tiers) {
      if (lookup.missing.length === 0) break;
      await lookup.ask(tier);
    }
    return lookup.finish();
  }
}

/** The state of one lookup: what is found, what is held for the worst case, and what failed on the way. */
class Lookup {
  readonly #settings: TiersSettings;
  readonly #scope: Scope;
  readonly #series: string;
  readonly #years: readonly number[];
  readonly #found = new Map<number, PageCopy>();
  /** Copies past their freshness, the newest of each year. */
  readonly #held = new Map<number, Held>();
  readonly #asked: { tier: PageTier; corrupt: readonly number[] }[] = [];
  readonly #failed = new Set<Tier>();
  missing: readonly number[];

  constructor(settings: TiersSettings, scope: Scope, series: string, years: readonly number[]) {
    this.#settings = settings;
    this.#scope = scope;
    this.#series = series;
    this.#years = years;
    this.missing = years;
  }

  /** Asks one tier for what is missing, and gives what it has to the tiers above. */
  async ask(tier: PageTier): Promise<void> {
    const { events } = this.#settings;
    const asked = this.missing;
    try {
      const { copies, corrupt } = await tier.read(this.#series, asked, this.#scope);
      const renewed: CachedPage[] = [];
      for (const copy of copies.values()) {
        const winner = this.#take(tier.name, copy);
        if (winner) renewed.push(winner);
      }
      this.missing = asked.filter((year) => !this.#found.has(year));
      const hits = asked.length - this.missing.length;
      events.read(tier.name, { hits, misses: this.missing.length, corrupt: corrupt.length }, this.#scope);
      if (renewed.length > 0) this.#fill(renewed);
      this.#asked.push({ tier, corrupt });
      if (tier.name === "isolate") this.#claim();
    } catch (error) {
      this.#failed.add(tier.name);
      this.#asked.push({ tier, corrupt: [] });
      events.failed(tier.name, error);
    }
  }

  /** One copy per year; of what no tier could renew the copy at hand, marked. */
  finish(): PageCopy[] {
    const nowMs = this.#scope.now();
    const failure: StaleReason = this.#failed.has("redis") ? "redis_and_origin_unavailable" : "origin_unavailable";
    const untilMs = nowMs + RETRY_RENEWAL_MS;
    for (const year of this.missing) {
      const held = this.#held.get(year);
      if (held === undefined) continue;
      const freshUntil = this.#freshUntilMs(held.copy, held.tier, nowMs);
      if (nowMs < freshUntil) {
        // What failed on the way has lengthened its freshness meanwhile.
        this.#found.set(year, { page: held.copy.page, tier: held.tier, freshUntilMs: freshUntil });
        continue;
      }
      this.#settings.renewals.set(this.#series, year, { untilMs, failure });
      this.#found.set(year, { page: held.copy.page, tier: held.tier, stale: failure, freshUntilMs: untilMs });
    }
    const copies = this.#years.map((year) => this.#found.get(year));
    if (!copies.every((copy) => copy !== undefined)) {
      const waitMs = Math.max(LEAST_RETRY_AFTER_MS, this.#settings.originClosedForMs(nowMs));
      throw new PagesUnavailable(Math.ceil(waitMs / 1000));
    }
    const staleCount = copies.filter(({ stale }) => stale !== undefined).length;
    if (staleCount > 0) this.#settings.events.servedStale(staleCount);
    return copies;
  }

  /** Settles a year with a copy that is fresh, or holds the copy; gives what the tiers above should take in. */
  #take(tier: Tier, answered: CachedPage): CachedPage | undefined {
    const { policy } = this.#settings;
    const nowMs = this.#scope.now();
    const { year } = answered.page;
    const held = this.#held.get(year);
    const untilMs = this.#freshUntilMs(answered, tier, nowMs);
    if (nowMs >= untilMs) {
      if (!isWithinHorizon(answered, nowMs, policy)) return undefined;
      if (!held || answered.page.version > held.copy.page.version) this.#held.set(year, { copy: answered, tier });
      return undefined;
    }
    if (tier === "isolate") {
      this.#found.set(year, { page: answered.page, tier, freshUntilMs: untilMs });
      return undefined;
    }
    const winner = {
      ...winnerOf(held?.copy, answered),
      storedAtMs: nowMs,
      jitter: jitterOf((this.#settings.random ?? Math.random)(), policy),
    };
    this.#found.set(year, {
      page: winner.page,
      tier: held && winner.page === held.copy.page ? held.tier : tier,
      freshUntilMs: this.#freshUntilMs(winner, "isolate", nowMs),
    });
    return winner;
  }

  /** Until when a copy in a tier is fresh; what Redis and the origin answer does not age. */
  #freshUntilMs(copy: CachedPage, tier: Tier, nowMs: number): number {
    if (tier !== "isolate" && tier !== "colo") return Number.POSITIVE_INFINITY;
    const { policy, conditions } = this.#settings;
    return freshUntilMs(copy, tier, nowMs, conditions(nowMs), policy);
  }

  /** Gives copies from the tier just asked to all those above it. */
  #fill(copies: readonly CachedPage[]): void {
    for (const { tier, corrupt } of this.#asked) {
      if (!this.#failed.has(tier.name)) tier.write(this.#series, copies, corrupt, this.#scope);
    }
    for (const { page } of copies) this.#settings.renewals.clear(this.#series, page.year);
  }

  /**
   * After the isolate was asked: a page whose copy has just expired is renewed by one request, while the others go on
   * with the copy. Where the last renewal failed, they go on with it marked.
   */
  #claim(): void {
    const { renewals, policy } = this.#settings;
    const nowMs = this.#scope.now();
    const lookupMs = policy.COLO_DEADLINE_MS + policy.REDIS_DEADLINE_MS + policy.ORIGIN_DEADLINE_MS;
    for (const [year, { copy, tier }] of this.#held) {
      const note = renewals.get(this.#series, year, nowMs);
      const expiredMs = this.#freshUntilMs(copy, tier, nowMs);
      if (note?.failure) {
        this.#found.set(year, { page: copy.page, tier, stale: note.failure, freshUntilMs: note.untilMs });
      } else if (note && nowMs - expiredMs < lookupMs) {
        this.#found.set(year, { page: copy.page, tier, freshUntilMs: nowMs });
      } else if (!note) {
        renewals.set(this.#series, year, { untilMs: nowMs + lookupMs });
      }
    }
    this.missing = this.missing.filter((year) => !this.#found.has(year));
  }
}
