import { withDeadline } from "#core/ops/deadline.ts";
import { type Policy, readDeadlineMs } from "#core/ops/policy.ts";
import type { CachedPage } from "#core/pages/page-ttl.ts";
import { decodePage, encodePage } from "#core/rates/page.ts";
import type { Scope } from "../ops/scope.ts";
import type { PageTier, TierEvents, TierResult } from "./tier.ts";

const CACHE_NAME = "paridad-pages-v1";
const STORED_AT = "Paridad-Stored-At";
const CONFIRMED_AT = "Paridad-Confirmed-At";
const JITTER = "Paridad-Jitter";

export interface ColoSettings {
  /** Entries are keyed under our own host name: the Cache API stores no others. */
  publicUrl: string;
  policy: Policy;
  events: Pick<TierEvents, "fillFailed">;
  open?: (name: string) => Promise<Pick<Cache, "match" | "put">>;
}

/** Pages in the data centre's Cache API. Our freshness is stored in each entry's headers. */
export class ColoTier implements PageTier {
  readonly name = "colo";
  readonly #settings: ColoSettings;

  constructor(settings: ColoSettings) {
    this.#settings = settings;
  }

  async read(series: string, years: readonly number[]): Promise<TierResult> {
    const entries = new Map<number, CachedPage>();
    const corrupt: number[] = [];
    const lookups = this.#open().then((cache) =>
      Promise.all(
        years.map(async (year) => {
          const response = await cache.match(this.#keyOf(series, year));
          if (response === undefined) return;
          const entry = await decode(response, series, year);
          if (entry) entries.set(year, entry);
          else corrupt.push(year);
        }),
      ),
    );
    try {
      await withDeadline(lookups, readDeadlineMs("COLO", years.length, this.#settings.policy), "colo");
    } catch (error) {
      // Lookups that finished in time still count.
      if (entries.size === 0) throw error;
    }
    return { entries: new Map(entries), corrupt: [...corrupt] };
  }

  write(series: string, entries: readonly CachedPage[], _corrupt: readonly number[], scope: Scope): void {
    if (entries.length > 0) scope.waitUntil(this.#put(series, entries));
  }

  async #put(series: string, entries: readonly CachedPage[]): Promise<void> {
    try {
      const cache = await this.#open();
      const seconds = Math.ceil(this.#settings.policy.STALE_HORIZON_MS / 1000);
      await Promise.all(
        entries.map((entry) => cache.put(this.#keyOf(series, entry.page.year), encode(entry, seconds))),
      );
    } catch (error) {
      this.#settings.events.fillFailed("colo", error);
    }
  }

  #open(): Promise<Pick<Cache, "match" | "put">> {
    return (this.#settings.open ?? ((name) => caches.open(name)))(CACHE_NAME);
  }

  /** A clean request: the client's could carry If-None-Match or Range, which the cache would act on. */
  #keyOf(series: string, year: number): Request {
    return new Request(new URL(`/.pages/${series}/${year}`, this.#settings.publicUrl));
  }
}

function encode({ page, storedAtMs, confirmedAtMs, jitter }: CachedPage, seconds: number): Response {
  return new Response(encodePage(page), {
    headers: {
      "Content-Type": "application/json",
      "Cache-Control": `public, max-age=${seconds}`,
      [STORED_AT]: String(storedAtMs),
      [CONFIRMED_AT]: String(confirmedAtMs),
      [JITTER]: String(jitter),
    },
  });
}

async function decode(response: Response, series: string, year: number): Promise<CachedPage | undefined> {
  const page = decodePage(await response.text(), { series, year });
  const [storedAtMs, confirmedAtMs, jitter] = [STORED_AT, CONFIRMED_AT, JITTER].map((name) =>
    Number(response.headers.get(name) ?? Number.NaN),
  ) as [number, number, number];
  const isWhole = Number.isFinite(storedAtMs) && Number.isFinite(confirmedAtMs) && jitter > 0 && jitter < 2;
  return page && isWhole ? { page, storedAtMs, confirmedAtMs, jitter } : undefined;
}
