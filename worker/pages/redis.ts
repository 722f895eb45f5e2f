import { decodePage, encodePage, newerPage, type Page } from "#core/page.ts";
import type { CachedPage } from "#core/windows.ts";
import type { Guard } from "../guard.ts";
import { pageKeyOf } from "../keys.ts";
import { type Command, type RedisClient, setCommand } from "../redis.ts";
import type { Scope } from "../scope.ts";
import type { PageTier, TierAnswer, TierEvents } from "./tier.ts";

/** A page without data may get some at any moment, so its absence is not kept for ever as a page is. */
const EMPTY_TTL_SECONDS = 60;

export interface RedisTierSettings {
  reader: Pick<RedisClient, "mget">;
  /** Has time: nobody waits for fills. */
  writer: Pick<RedisClient, "pipeline" | "send">;
  guard: Guard;
  events: Pick<TierEvents, "fillFailed">;
}

/** Pages in the global Redis. Readers only fill gaps: the publisher alone replaces a page. */
export class RedisTier implements PageTier {
  readonly name = "redis";
  readonly #settings: RedisTierSettings;

  constructor(settings: RedisTierSettings) {
    this.#settings = settings;
  }

  async read(series: string, years: readonly number[], scope: Scope): Promise<TierAnswer> {
    const { guard, reader } = this.#settings;
    const texts = await guard.run(scope, () => reader.mget(years.map((year) => pageKeyOf(series, year))));
    const nowMs = scope.now();
    const copies = new Map<number, CachedPage>();
    const corrupt: number[] = [];
    for (const [index, year] of years.entries()) {
      const text = texts[index] ?? null;
      if (text === null) continue;
      const page = decodePage(text, { series, year });
      if (page) copies.set(year, { page, storedAtMs: nowMs, confirmedAtMs: nowMs, jitter: 1 });
      else corrupt.push(year);
    }
    return { copies, corrupt };
  }

  write(series: string, copies: readonly CachedPage[], corrupt: readonly number[], scope: Scope): void {
    if (copies.length === 0 || this.#settings.guard.isAway) return;
    const pages = copies.map(({ page }) => page);
    scope.waitUntil(this.#fill(series, pages, new Set(corrupt)));
  }

  async #fill(series: string, pages: readonly Page[], corrupt: ReadonlySet<number>): Promise<void> {
    const { writer, events } = this.#settings;
    try {
      const fills = pages.filter(({ year }) => !corrupt.has(year));
      await writer.pipeline(fills.map((page) => fillCommand(page, true)));
      for (const page of pages) if (corrupt.has(page.year)) await this.#replace(series, page);
    } catch (error) {
      events.fillFailed("redis", error);
    }
  }

  /** Puts a page in the place of something that is none; should the publisher have come first, its page goes back. */
  async #replace(series: string, page: Page): Promise<void> {
    const previous = await this.#settings.writer.send([...fillCommand(page, false), "GET"]);
    const published = typeof previous === "string" ? decodePage(previous, { series, year: page.year }) : undefined;
    if (published && newerPage(page, published) === published)
      await this.#settings.writer.send(fillCommand(published, false));
  }
}

function fillCommand(page: Page, onlyIfAbsent: boolean): Command {
  const options = { onlyIfAbsent, ...(page.version === 0 && { ttlSeconds: EMPTY_TTL_SECONDS }) };
  return setCommand(pageKeyOf(page.series, page.year), encodePage(page), options);
}
