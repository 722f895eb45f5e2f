import { DEFAULT_POLICY, type Policy } from "#core/ops/policy.ts";
import { betterEntry, type CachedPage } from "#core/pages/page-ttl.ts";
import { isSameContent, type Page } from "#core/rates/page.ts";
import type { PageTier, TierResult } from "./tier.ts";

/** Some 30 kB each once decoded: 600 are 18 MB of the 128 MB that an isolate has. */
const MAX_PAGES = 600;

/** Pages in this isolate's memory: plain values, never promises. Evicts the least recently used first. */
export class IsolateTier implements PageTier {
  readonly name = "isolate";
  readonly #pages = new Map<string, CachedPage>();
  readonly #maxPages: number;

  readonly #policy: Pick<Policy, "REPLICA_LAG_MS">;

  constructor(policy: Pick<Policy, "REPLICA_LAG_MS"> = DEFAULT_POLICY, maxPages = MAX_PAGES) {
    this.#policy = policy;
    this.#maxPages = maxPages;
  }

  get size(): number {
    return this.#pages.size;
  }

  async read(series: string, years: readonly number[]): Promise<TierResult> {
    const entries = new Map<number, CachedPage>();
    for (const year of years) {
      const entry = this.peek(series, year);
      if (entry) entries.set(year, entry);
    }
    return { entries, corrupt: [] };
  }

  /** The cached entry, at any age. */
  peek(series: string, year: number): CachedPage | undefined {
    const key = `${series}:${year}`;
    const entry = this.#pages.get(key);
    if (entry === undefined) return undefined;
    this.#pages.delete(key);
    this.#pages.set(key, entry);
    return entry;
  }

  write(series: string, entries: readonly CachedPage[]): void {
    for (const entry of entries) {
      const key = `${series}:${entry.page.year}`;
      const present = this.#pages.get(key);
      // Another request may already have stored a newer entry.
      if (present !== undefined && betterEntry(present, entry, this.#policy) === present) continue;
      this.#pages.delete(key);
      // The page that is there already, if it is no other: what was made from it can tell.
      this.#pages.set(key, present && isSamePage(present.page, entry.page) ? { ...entry, page: present.page } : entry);
      if (this.#pages.size > this.#maxPages) this.#pages.delete(this.#pages.keys().next().value as string);
    }
  }
}

function isSamePage(a: Page, b: Page): boolean {
  return a.version === b.version && a.updated_at === b.updated_at && isSameContent(a, b);
}
