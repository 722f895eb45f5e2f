import { DEFAULT_POLICY, type Policy } from "#core/ops/policy.ts";
import { betterCopy, type CachedPage } from "#core/pages/page-ttl.ts";
import type { PageTier, TierAnswer } from "./tier.ts";

/** Some 30 kB each once decoded: 600 are 18 MB of the 128 MB that an isolate has. */
const MAX_PAGES = 600;

/** Pages in this isolate's memory: plain values, never promises, and the least recently used goes first. */
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

  async read(series: string, years: readonly number[]): Promise<TierAnswer> {
    const copies = new Map<number, CachedPage>();
    for (const year of years) {
      const copy = this.peek(series, year);
      if (copy) copies.set(year, copy);
    }
    return { copies, corrupt: [] };
  }

  /** The cached copy, however old. */
  peek(series: string, year: number): CachedPage | undefined {
    const key = `${series}:${year}`;
    const copy = this.#pages.get(key);
    if (copy === undefined) return undefined;
    this.#pages.delete(key);
    this.#pages.set(key, copy);
    return copy;
  }

  write(series: string, copies: readonly CachedPage[]): void {
    for (const copy of copies) {
      const key = `${series}:${copy.page.year}`;
      const present = this.#pages.get(key);
      // Another request may have come back first, and with a later word.
      if (present !== undefined && betterCopy(present, copy, this.#policy) === present) continue;
      this.#pages.delete(key);
      this.#pages.set(key, copy);
      if (this.#pages.size > this.#maxPages) this.#pages.delete(this.#pages.keys().next().value as string);
    }
  }
}
