import { type Policy, readDeadlineMs } from "#core/ops/policy.ts";
import type { CachedPage } from "#core/pages/page-ttl.ts";
import { decodePage, encodePage, isEmptyPage, type Page } from "#core/rates/page.ts";
import { pageKeyOf } from "#core/wire/keys.ts";
import type { Guard } from "../clients/guard.ts";
import { type Command, type RedisClient, setCommand } from "../clients/redis-client.ts";
import type { Scope } from "../ops/scope.ts";
import type { PageTier, TierEvents, TierResult } from "./tier.ts";

/** This year's page is empty in the first days of January, and may be filled at any moment. */
const EMPTY_TTL_SECONDS = 60;

export interface RedisTierSettings {
  reader: Pick<RedisClient, "mget">;
  /** With a long deadline: nothing waits for fills. */
  writer: Pick<RedisClient, "pipeline" | "send">;
  /** Counts a call as failed only after its patience; requests wait less. */
  guard: Guard;
  policy: Policy;
  events: Pick<TierEvents, "fillFailed">;
}

/** Pages in the global Redis. Reads only fill gaps: only the publisher replaces a page. */
export class RedisTier implements PageTier {
  readonly name = "redis";
  readonly #settings: RedisTierSettings;

  constructor(settings: RedisTierSettings) {
    this.#settings = settings;
  }

  deadlineMs(pages: number): number {
    return readDeadlineMs("REDIS", pages, this.#settings.policy);
  }

  async read(series: string, years: readonly number[], scope: Scope): Promise<TierResult> {
    const { guard, reader } = this.#settings;
    // The data is of this instant, even if it arrives late.
    const nowMs = scope.now();
    const texts = await guard.run(scope, () => reader.mget(years.map((year) => pageKeyOf(series, year))));
    const entries = new Map<number, CachedPage>();
    const corrupt: number[] = [];
    for (const [index, year] of years.entries()) {
      const text = texts[index] ?? null;
      if (text === null) continue;
      const page = decodePage(text, { series, year });
      if (page) entries.set(year, { page, storedAtMs: nowMs, confirmedAtMs: nowMs, jitter: 1 });
      else corrupt.push(year);
    }
    return { entries, corrupt };
  }

  write(series: string, entries: readonly CachedPage[], corrupt: readonly number[], scope: Scope): void {
    if (entries.length === 0 || this.#settings.guard.isAway) return;
    const pages = entries.map(({ page }) => page);
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

  /** Replaces a corrupt entry. If the publisher wrote first, restores its page. */
  async #replace(series: string, page: Page): Promise<void> {
    const previous = await this.#settings.writer.send([...fillCommand(page, false), "GET"]);
    const published = typeof previous === "string" ? decodePage(previous, { series, year: page.year }) : undefined;
    if (published) await this.#settings.writer.send(fillCommand(published, false));
  }
}

function fillCommand(page: Page, onlyIfAbsent: boolean): Command {
  const options = { onlyIfAbsent, ...(isEmptyPage(page) && { ttlSeconds: EMPTY_TTL_SECONDS }) };
  return setCommand(pageKeyOf(page.series, page.year), encodePage(page), options);
}
