import { readDeadlineMs } from "#core/ops/policy.ts";
import type { PageCopy, StaleReason, Tier } from "#core/pages/page-source.ts";
import {
  betterCopy,
  type CachedPage,
  contradicts,
  freshUntilMs,
  isWithinHorizon,
  jitterOf,
  mayBeEmpty,
  winnerOf,
} from "#core/pages/page-ttl.ts";
import { isEmptyPage } from "#core/rates/page.ts";
import { endsWithin } from "../deadline.ts";
import type { Scope } from "../ops/scope.ts";
import type { PageTier, TierAnswer } from "./tier.ts";
import type { TiersSettings } from "./tiered-pages.ts";

/** After a renewal failed, the cached copy is served this long before the next attempt. */
const RETRY_RENEWAL_MS = 1_000;

interface Held {
  copy: CachedPage;
  tier: Tier;
}

/** The state of one lookup: what is found, what is held in case nothing better comes, and what failed on the way. */
export class Lookup {
  readonly #settings: TiersSettings;
  readonly #scope: Scope;
  readonly #series: string;
  readonly #years: readonly number[];
  readonly #found = new Map<number, PageCopy>();
  /** Years for which a tier below the isolate gave the page, in time or late. */
  readonly #renewed = new Set<number>();
  /** Copies past their freshness, the better of each year. */
  readonly #held = new Map<number, Held>();
  /** Copies that take back what the held ones say: used if the origin does not decide. */
  readonly #contested = new Map<number, Held>();
  readonly #asked: { tier: PageTier; corrupt: readonly number[] }[] = [];
  /** Tiers that failed, or have yet to answer. */
  readonly #failed = new Set<Tier>();
  readonly #late = new Set<Promise<void>>();

  constructor(settings: TiersSettings, scope: Scope, series: string, years: readonly number[]) {
    this.#settings = settings;
    this.#scope = scope;
    this.#series = series;
    this.#years = years;
  }

  get missing(): number[] {
    return this.#years.filter((year) => !this.#found.has(year));
  }

  /** Asks one tier for what is missing, and gives what it has to the tiers above. */
  async ask(tier: PageTier): Promise<void> {
    const asked = this.missing;
    const answer = tier.read(this.#series, asked, this.#scope);
    const deadlineMs = tier.deadlineMs?.(asked.length);
    const used = answer.then(
      (value) => this.#use(tier, asked, value),
      (error) => this.#fail(tier, error),
    );
    if (deadlineMs === undefined || (await endsWithin(answer, deadlineMs, this.#settings.timer))) {
      await used;
      if (tier.name === "isolate") this.#claim();
      return;
    }
    this.#failed.add(tier.name);
    this.#late.add(used);
    void used.then(() => this.#late.delete(used));
    // A late answer fills the caches for the next reader, even if this one has what it needs.
    this.#scope.waitUntil(used);
  }

  /** One copy per year, marked if nothing could renew it; undefined if some year is not to be had. */
  async finish(): Promise<PageCopy[] | undefined> {
    const isNowhere = (year: number) => !this.#held.has(year) && !this.#contested.has(year);
    while (this.#late.size > 0 && this.missing.some(isNowhere)) await Promise.race(this.#late);
    this.#settle();
    const copies = this.#years.map((year) => this.#found.get(year));
    if (!copies.every((copy) => copy !== undefined)) return undefined;
    const staleCount = copies.filter(({ stale }) => stale !== undefined).length;
    if (staleCount > 0) this.#settings.events.servedStale(staleCount);
    return copies;
  }

  #use(tier: PageTier, asked: readonly number[], { copies, corrupt }: TierAnswer): void {
    this.#failed.delete(tier.name);
    const wanted = asked.filter((year) => !this.#renewed.has(year));
    const renewed = wanted.flatMap((year) => {
      const copy = copies.get(year);
      const winner = copy && this.#take(tier.name, copy);
      return winner ? [winner] : [];
    });
    const misses = wanted.filter((year) => !this.#found.has(year)).length;
    const counts = { hits: wanted.length - misses, misses, corrupt: corrupt.length };
    this.#settings.events.read(tier.name, counts, this.#scope);
    this.#fill(renewed);
    this.#asked.push({ tier, corrupt });
  }

  #fail({ name }: PageTier, error: unknown): void {
    this.#failed.add(name);
    this.#settings.events.failed(name, error);
  }

  /** Takes a copy that is fresh, or holds it; gives what the tiers above should keep. */
  #take(tier: Tier, read: CachedPage): CachedPage | undefined {
    const { policy } = this.#settings;
    const nowMs = this.#scope.now();
    const { year } = read.page;
    const held = this.#held.get(year);
    const isShared = tier === "colo" || tier === "redis";
    if (isShared && isEmptyPage(read.page) && !mayBeEmpty(year, nowMs)) return undefined;
    const untilMs = this.#freshUntilMs(read, tier, nowMs);
    if (nowMs >= untilMs) {
      if (!isWithinHorizon(read, nowMs, policy)) return undefined;
      if (!held || betterCopy(held.copy, read, policy) === read) this.#held.set(year, { copy: read, tier });
      return undefined;
    }
    if (tier === "isolate") {
      this.#found.set(year, { page: read.page, tier, freshUntilMs: untilMs });
      return undefined;
    }
    // The colo's copy may be older than the isolate's: then it renews nothing.
    if (held && tier === "colo" && betterCopy(held.copy, read, policy) !== read) return undefined;
    if (held && tier !== "origin" && contradicts(held.copy, read, policy)) {
      this.#contested.set(year, { copy: read, tier });
      return undefined;
    }
    return this.#renew(held, { copy: read, tier });
  }

  #renew(held: Held | undefined, read: Held): CachedPage {
    const { policy, random = Math.random } = this.#settings;
    const nowMs = this.#scope.now();
    const better = winnerOf(held?.copy, read.copy, policy);
    const winner = { ...better, storedAtMs: nowMs, jitter: jitterOf(random(), policy) };
    this.#renewed.add(winner.page.year);
    this.#found.set(winner.page.year, {
      page: winner.page,
      tier: held && better !== read.copy ? held.tier : read.tier,
      freshUntilMs: this.#freshUntilMs(winner, "isolate", nowMs),
    });
    return winner;
  }

  /** What the tiers did not renew: the copy that another one contradicts gives way, and any other is marked. */
  #settle(): void {
    const nowMs = this.#scope.now();
    const failure: StaleReason = this.#failed.has("redis") ? "redis_and_origin_unavailable" : "origin_unavailable";
    const untilMs = nowMs + RETRY_RENEWAL_MS;
    for (const year of this.missing) {
      const contested = this.#contested.get(year);
      const held = this.#held.get(year);
      if (contested) {
        this.#fill([this.#renew(undefined, contested)]);
      } else if (held) {
        const freshUntil = this.#freshUntilMs(held.copy, held.tier, nowMs);
        const { page } = held.copy;
        if (nowMs < freshUntil) {
          // What failed on the way has lengthened its freshness meanwhile.
          this.#found.set(year, { page, tier: held.tier, freshUntilMs: freshUntil });
          continue;
        }
        this.#settings.renewals.set(this.#series, year, { untilMs, failure });
        this.#found.set(year, { page, tier: held.tier, stale: failure, freshUntilMs: untilMs });
      }
    }
  }

  /** Until when a copy in a tier is fresh; what Redis and the origin answer does not age. */
  #freshUntilMs(copy: CachedPage, tier: Tier, nowMs: number): number {
    if (tier !== "isolate" && tier !== "colo") return Number.POSITIVE_INFINITY;
    const { policy, conditions } = this.#settings;
    return freshUntilMs(copy, tier, nowMs, conditions(nowMs), policy);
  }

  /** Gives copies from the tier just asked to all those asked before. An absent page is kept by the isolate only. */
  #fill(copies: readonly CachedPage[]): void {
    if (copies.length === 0) return;
    const nowMs = this.#scope.now();
    const shared = copies.filter(({ page }) => !isEmptyPage(page) || mayBeEmpty(page.year, nowMs));
    for (const { tier, corrupt } of this.#asked) {
      const kept = tier.name === "isolate" ? copies : shared;
      if (kept.length > 0 && !this.#failed.has(tier.name)) tier.write(this.#series, kept, corrupt, this.#scope);
    }
    for (const { page } of copies) this.#settings.renewals.clear(this.#series, page.year);
  }

  /**
   * After the isolate was asked: a page whose copy has just expired is renewed by one request, while the others go on
   * with the copy. If the last renewal failed, they go on with it marked.
   */
  #claim(): void {
    const { renewals, policy } = this.#settings;
    const nowMs = this.#scope.now();
    const pages = this.#years.length;
    const lookupMs = (["COLO", "REDIS", "ORIGIN"] as const)
      .map((tier) => readDeadlineMs(tier, pages, policy))
      .reduce((total, ms) => total + ms);
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
  }
}
