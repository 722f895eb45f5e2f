import { endsWithin } from "#core/ops/deadline.ts";
import { readDeadlineMs } from "#core/ops/policy.ts";
import type { PageCopy, StaleReason, Tier } from "#core/pages/page-source.ts";
import {
  betterEntry,
  type CachedPage,
  contradicts,
  isWithinHorizon,
  jitterOf,
  mayBeEmpty,
  winnerOf,
} from "#core/pages/page-ttl.ts";
import { isEmptyPage } from "#core/rates/page.ts";
import type { Scope } from "../ops/scope.ts";
import { entryFreshUntilMs } from "./held-page.ts";
import type { PageTier, TierResult } from "./tier.ts";
import type { TiersSettings } from "./tiered-pages.ts";

/** After a renewal failed, the cached entry is served this long before the next attempt. */
const RETRY_RENEWAL_MS = 1_000;

interface Held {
  entry: CachedPage;
  tier: Tier;
}

/** The state of one lookup: pages found, stale entries held as a fallback, and tiers that failed. */
export class Lookup {
  readonly #settings: TiersSettings;
  readonly #scope: Scope;
  readonly #series: string;
  readonly #years: readonly number[];
  readonly #found = new Map<number, PageCopy>();
  /** Years whose page a tier below the isolate returned, in time or late. */
  readonly #renewed = new Set<number>();
  /** Stale entries, the better one of each year. */
  readonly #held = new Map<number, Held>();
  /** Entries that contradict the held ones: used if the origin does not decide. */
  readonly #contested = new Map<number, Held>();
  readonly #tiersRead: { tier: PageTier; corrupt: readonly number[] }[] = [];
  /** Tiers that failed, or have not responded yet. */
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

  /** Reads the missing years from one tier, and writes what it has to the tiers above. */
  async readFrom(tier: PageTier): Promise<void> {
    const requested = this.missing;
    const result = tier.read(this.#series, requested, this.#scope);
    const deadlineMs = tier.deadlineMs?.(requested.length);
    const used = result.then(
      (value) => this.#use(tier, requested, value),
      (error) => this.#fail(tier, error),
    );
    if (deadlineMs === undefined || (await endsWithin(result, deadlineMs, this.#settings.timer))) {
      await used;
      if (tier.name === "isolate") this.#claim();
      return;
    }
    this.#failed.add(tier.name);
    this.#late.add(used);
    void used.then(() => this.#late.delete(used));
    // A late result still fills the caches for the next request.
    this.#scope.waitUntil(used);
  }

  /** One page per year, marked stale if nothing could renew it; undefined if a year is unavailable. */
  async finish(): Promise<PageCopy[] | undefined> {
    await this.#awaitLate();
    this.#useHeld();
    const pages = this.#years.map((year) => this.#found.get(year));
    if (!pages.every((page) => page !== undefined)) return undefined;
    const staleCount = pages.filter(({ stale }) => stale !== undefined).length;
    if (staleCount > 0) this.#settings.events.servedStale(staleCount);
    return pages;
  }

  /** Waits for late results, if no tier has some page: a slow success is no failure, but a client does not wait for ever. */
  async #awaitLate(): Promise<void> {
    const nowhere = () => this.missing.filter((year) => !this.#held.has(year) && !this.#contested.has(year)).length;
    const isAwaited = () => this.#late.size > 0 && nowhere() > 0;
    if (!isAwaited()) return;
    const end = async () => {
      while (isAwaited()) await Promise.race(this.#late);
    };
    const { policy, timer } = this.#settings;
    await endsWithin(end(), readDeadlineMs("LATE", nowhere(), policy), timer);
  }

  #use(tier: PageTier, requested: readonly number[], { entries, corrupt }: TierResult): void {
    this.#failed.delete(tier.name);
    const wanted = requested.filter((year) => !this.#renewed.has(year));
    const renewed = wanted.flatMap((year) => {
      const entry = entries.get(year);
      const winner = entry && this.#take(tier.name, entry);
      return winner ? [winner] : [];
    });
    const misses = wanted.filter((year) => !this.#found.has(year)).length;
    const counts = { hits: wanted.length - misses, misses, corrupt: corrupt.length };
    this.#settings.events.read(tier.name, counts, this.#scope);
    this.#fill(renewed);
    this.#tiersRead.push({ tier, corrupt });
  }

  #fail({ name }: PageTier, error: unknown): void {
    this.#failed.add(name);
    this.#settings.events.failed(name, error);
  }

  /** Uses a fresh entry and holds a stale one; returns what the tiers above should store. */
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
      if (!held || betterEntry(held.entry, read, policy) === read) this.#held.set(year, { entry: read, tier });
      return undefined;
    }
    if (tier === "isolate") {
      this.#found.set(year, { page: read.page, tier, freshUntilMs: untilMs });
      return undefined;
    }
    // The colo's entry may be older than the isolate's: then it does not renew it.
    if (held && tier === "colo" && betterEntry(held.entry, read, policy) !== read) return undefined;
    if (held && tier !== "origin" && contradicts(held.entry, read, policy)) {
      this.#contested.set(year, { entry: read, tier });
      return undefined;
    }
    return this.#renew(held, { entry: read, tier });
  }

  #renew(held: Held | undefined, read: Held): CachedPage {
    const { policy, random = Math.random } = this.#settings;
    const nowMs = this.#scope.now();
    const better = winnerOf(held?.entry, read.entry, policy);
    const winner = { ...better, storedAtMs: nowMs, jitter: jitterOf(random(), policy) };
    this.#renewed.add(winner.page.year);
    this.#found.set(winner.page.year, {
      page: winner.page,
      tier: held && better !== read.entry ? held.tier : read.tier,
      freshUntilMs: this.#freshUntilMs(winner, "isolate", nowMs),
    });
    return winner;
  }

  /** For years that no tier renewed: a contradicted entry is replaced, any other is served marked stale. */
  #useHeld(): void {
    const nowMs = this.#scope.now();
    const failure: StaleReason = this.#failed.has("redis") ? "redis_and_origin_unavailable" : "origin_unavailable";
    const untilMs = nowMs + RETRY_RENEWAL_MS;
    for (const year of this.missing) {
      const contested = this.#contested.get(year);
      const held = this.#held.get(year);
      if (contested) {
        this.#fill([this.#renew(undefined, contested)]);
      } else if (held) {
        const freshUntil = this.#freshUntilMs(held.entry, held.tier, nowMs);
        const { page } = held.entry;
        if (nowMs < freshUntil) {
          // A tier failed during this lookup, which lengthens freshness.
          this.#found.set(year, { page, tier: held.tier, freshUntilMs: freshUntil });
          continue;
        }
        this.#settings.renewals.set(this.#series, year, { untilMs, failure });
        this.#found.set(year, { page, tier: held.tier, stale: failure, freshUntilMs: untilMs });
      }
    }
  }

  #freshUntilMs(entry: CachedPage, tier: Tier, nowMs: number): number {
    return entryFreshUntilMs(this.#settings, entry, tier, nowMs);
  }

  /** Writes entries to all tiers read so far. Only the isolate stores an empty page. */
  #fill(entries: readonly CachedPage[]): void {
    if (entries.length === 0) return;
    const nowMs = this.#scope.now();
    const shared = entries.filter(({ page }) => !isEmptyPage(page) || mayBeEmpty(page.year, nowMs));
    for (const { tier, corrupt } of this.#tiersRead) {
      const kept = tier.name === "isolate" ? entries : shared;
      if (kept.length > 0 && !this.#failed.has(tier.name)) tier.write(this.#series, kept, corrupt, this.#scope);
    }
    for (const { page } of entries) this.#settings.renewals.clear(this.#series, page.year);
  }

  /**
   * After the isolate was read: one request renews a page that has just expired, while the others use the expired entry.
   * If the last renewal failed, they use it marked stale.
   */
  #claim(): void {
    const { renewals, policy } = this.#settings;
    const nowMs = this.#scope.now();
    const pages = this.#years.length;
    const lookupMs = (["COLO", "REDIS", "ORIGIN"] as const)
      .map((tier) => readDeadlineMs(tier, pages, policy))
      .reduce((total, ms) => total + ms);
    for (const [year, { entry, tier }] of this.#held) {
      const note = renewals.get(this.#series, year, nowMs);
      const expiredMs = this.#freshUntilMs(entry, tier, nowMs);
      if (note?.failure) {
        this.#found.set(year, { page: entry.page, tier, stale: note.failure, freshUntilMs: note.untilMs });
      } else if (note && nowMs - expiredMs < lookupMs) {
        this.#found.set(year, { page: entry.page, tier, freshUntilMs: nowMs });
      } else if (!note) {
        renewals.set(this.#series, year, { untilMs: nowMs + lookupMs });
      }
    }
  }
}
