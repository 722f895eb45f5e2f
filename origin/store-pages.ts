import { type PageCopy, type Pages, PagesUnavailable } from "#core/pages/page-source.ts";
import type { Page } from "#core/rates/page.ts";
import type { Store } from "./store/store.ts";

export interface StorePagesSettings {
  store: Pick<Store, "pages" | "pagesMark" | "pagesRevision">;
  /** Epoch milliseconds. */
  now: () => number;
  /** How long a page is served without asking a store that can't tell by itself whether others have committed since. */
  freshMs: number;
  /** How long a page is served, marked stale, while the store fails. */
  horizonMs: number;
}

interface Held {
  page: Page;
  /** When it was read, or when the store said last that it still holds. */
  readAtMs: number;
  /** The store's pagesRevision before it was read. */
  revision: number | undefined;
  /** The store's mark before it was read; undefined: none was asked for. */
  mark?: string | undefined;
  /** When it is read again, whatever its mark: somebody may have changed a row by hand. */
  markedUntilMs?: number;
}

/** `text`: undefined if the store gave none. */
interface Mark {
  text: string | undefined;
  askedAtMs: number;
}

/** Some 24 MB of pages; there are about 35 for each series. */
const MAX_PAGES = 600;
/** After a failure the store is read again only this much later. */
const RETRY_MS = 1_000;
const RETRY_AFTER_SECONDS = 5;
const MARKED_MS = 60_000;
/** Responses made of pages that still hold are made again after this long: their lifetimes count down. */
const REUSE_MS = 1_000;

/** Pages from the store, held briefly, since most requests read the same few pages. */
export class StorePages implements Pages {
  readonly #settings: StorePagesSettings;
  /** In the order of use, the least recently used first. */
  readonly #held = new Map<string, Held>();
  readonly #underWay = new Map<string, Promise<Page[]>>();
  readonly #marksUnderWay = new Map<string, Promise<Mark>>();
  #retryAtMs = 0;

  constructor(settings: StorePagesSettings) {
    this.#settings = settings;
  }

  /** How many pages are in memory. */
  get size(): number {
    return this.#held.size;
  }

  async read(series: string, years: readonly number[]): Promise<PageCopy[]> {
    const nowMs = this.#settings.now();
    const revision = this.#settings.store.pagesRevision;
    const freshUntilMs = nowMs + (revision === undefined ? this.#settings.freshMs : REUSE_MS);
    const fresh = years.map((year) => this.#fresh(series, year, nowMs, revision));
    if (!fresh.includes(undefined)) return fresh as PageCopy[];
    try {
      if (nowMs < this.#retryAtMs) throw new PagesUnavailable(RETRY_AFTER_SECONDS);
      // What is not held is read in any case.
      const isMarked = revision === undefined && years.some((year) => this.#held.has(keyOf(series, year)));
      const mark = isMarked ? await this.#readMark(series) : undefined;
      const held = years.map((year, index) => fresh[index] ?? (mark && this.#renewed(series, year, mark)));
      const outdated = years.filter((_, index) => held[index] === undefined);
      if (outdated.length === 0) return held as PageCopy[];
      const pages = await this.#readStore(series, Math.min(...outdated), Math.max(...outdated), {
        revision,
        mark: mark?.text,
      });
      const read = new Map(pages.map((page) => [page.year, { page, tier: "origin" as const, freshUntilMs }]));
      return years.map((year, index) => held[index] ?? (read.get(year) as PageCopy));
    } catch (error) {
      return years.map((year, index) => fresh[index] ?? this.#lastResort(series, year, error));
    }
  }

  /** Holds pages as returned by a commit of this instance. */
  learn(pages: readonly Page[]): void {
    const readAtMs = this.#settings.now();
    for (const page of pages) this.#keep({ page, readAtMs, revision: undefined });
  }

  /** The page as last seen, at any age; undefined if it was never seen. */
  peek(series: string, year: number): Page | undefined {
    return this.#held.get(keyOf(series, year))?.page;
  }

  #fresh(series: string, year: number, nowMs: number, revision: number | undefined): PageCopy | undefined {
    const { freshMs } = this.#settings;
    const key = keyOf(series, year);
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    if (revision === undefined ? nowMs >= held.readAtMs + freshMs : held.revision !== revision) return undefined;
    this.#held.delete(key);
    this.#held.set(key, held);
    if (revision === undefined) return { page: held.page, tier: "origin", freshUntilMs: held.readAtMs + freshMs };
    held.readAtMs = nowMs;
    return { page: held.page, tier: "origin", freshUntilMs: nowMs + REUSE_MS };
  }

  /** The page, if it was read under this mark. */
  #renewed(series: string, year: number, { text, askedAtMs }: Mark): PageCopy | undefined {
    const held = this.#held.get(keyOf(series, year));
    if (text === undefined || held?.mark !== text || askedAtMs >= (held.markedUntilMs ?? 0)) return undefined;
    held.readAtMs = askedAtMs;
    return { page: held.page, tier: "origin", freshUntilMs: askedAtMs + this.#settings.freshMs };
  }

  #lastResort(series: string, year: number, error: unknown): PageCopy {
    const nowMs = this.#settings.now();
    const held = this.#held.get(keyOf(series, year));
    if (held === undefined || nowMs >= held.readAtMs + this.#settings.horizonMs)
      throw error instanceof PagesUnavailable ? error : new PagesUnavailable(RETRY_AFTER_SECONDS, { cause: error });
    return { page: held.page, tier: "origin", stale: "origin_unavailable", freshUntilMs: nowMs };
  }

  /** One query for all of the years, shared by concurrent requests for the same ones. */
  #readStore(series: string, from: number, to: number, state: Pick<Held, "revision" | "mark">): Promise<Page[]> {
    return shared(this.#underWay, `${series}:${from}-${to}:${state.revision}:${state.mark}`, async () => {
      const sentAtMs = this.#settings.now();
      const pages = await this.#ask((store) => store.pages(series, from, to));
      const read = { ...state, readAtMs: sentAtMs, markedUntilMs: sentAtMs + MARKED_MS };
      return pages.map((page) => this.#keep({ ...read, page }));
    });
  }

  #readMark(series: string): Promise<Mark> {
    return shared(this.#marksUnderWay, series, async () => {
      const askedAtMs = this.#settings.now();
      return { text: (await this.#ask((store) => store.pagesMark(series)))?.text, askedAtMs };
    });
  }

  async #ask<T>(question: (store: StorePagesSettings["store"]) => Promise<T>): Promise<T> {
    try {
      const answer = await question(this.#settings.store);
      this.#retryAtMs = 0;
      return answer;
    } catch (error) {
      this.#retryAtMs = this.#settings.now() + RETRY_MS;
      throw error;
    }
  }

  /** Holds the page, unless a commit has stored a newer one since the read began. Returns the one that is held. */
  #keep(incoming: Held): Page {
    const key = keyOf(incoming.page.series, incoming.page.year);
    const held = this.#held.get(key);
    const isOvertaken = held && held.readAtMs >= incoming.readAtMs && held.page.version > incoming.page.version;
    const kept = isOvertaken ? held : incoming;
    this.#held.delete(key);
    this.#held.set(key, kept);
    if (this.#held.size > MAX_PAGES) this.#held.delete(this.#held.keys().next().value as string);
    return kept.page;
  }
}

/** The work that is under way for a key, or new work. */
function shared<T>(underWay: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const known = underWay.get(key);
  if (known !== undefined) return known;
  const begun = work().finally(() => underWay.delete(key));
  underWay.set(key, begun);
  return begun;
}

function keyOf(series: string, year: number): string {
  return `${series}:${year}`;
}
