import type { PageCopy } from "../pages/page-source.ts";
import type { Page } from "../rates/page.ts";

/** What a copy says of itself, without its observations. */
type Seen = Omit<PageCopy, "page">;

/** The copies of pages that one request has read, in the order of reading. */
export class SeenPages {
  readonly #byYear = new Map<string, PageCopy>();
  #held: Page[] = [];
  #pages: Pick<Page, "series" | "waiting">[] = [];
  #copies: (Seen & { page?: Page })[] = [];

  find(series: string, year: number): PageCopy | undefined {
    return this.#byYear.get(`${series}:${year}`);
  }

  keep(copy: PageCopy): void {
    const { page } = copy;
    this.#byYear.set(`${page.series}:${page.year}`, copy);
    this.#held.push(page);
    this.#pages.push(page);
    this.#copies.push(copy);
  }

  /** Frees the observations. What the copies say of themselves stays. */
  release(): void {
    this.#byYear.clear();
    this.#held = [];
    this.#pages = this.#pages.map(({ series, waiting }) => ({ series, ...(waiting && { waiting }) }));
    this.#copies = this.#copies.map(({ page: _, ...seen }) => seen);
  }

  /** Those that were not released. */
  get held(): readonly Page[] {
    return this.#held;
  }

  /** Of all pages, released ones too. */
  get pages(): readonly Pick<Page, "series" | "waiting">[] {
    return this.#pages;
  }

  /** Of all copies, released ones too. */
  get copies(): readonly Seen[] {
    return this.#copies;
  }
}
