import type { PageCopy } from "../pages/page-source.ts";
import type { Page } from "../rates/page.ts";

/** What a copy says of itself, without its observations. */
type Seen = Omit<PageCopy, "page">;
type ReleasedPage = Seen & Pick<Page, "series" | "waiting">;

/** The copies of pages that one request has read. */
export class SeenPages {
  readonly #copies = new Map<string, PageCopy>();
  readonly #released: ReleasedPage[] = [];

  find(series: string, year: number): PageCopy | undefined {
    return this.#copies.get(`${series}:${year}`);
  }

  keep(copy: PageCopy): void {
    this.#copies.set(`${copy.page.series}:${copy.page.year}`, copy);
  }

  /** Frees the observations. What the copies say of themselves stays. */
  release(): void {
    for (const { page, ...copy } of this.#copies.values())
      this.#released.push({ ...copy, series: page.series, waiting: page.waiting });
    this.#copies.clear();
  }

  /** Those that were not released. */
  get held(): Page[] {
    return Array.from(this.#copies.values(), ({ page }) => page);
  }

  /** Of all pages, released ones too. */
  get pages(): Pick<Page, "series" | "waiting">[] {
    return [...this.#released, ...this.held];
  }

  /** Of all copies, released ones too. */
  get copies(): Seen[] {
    return [...this.#copies.values(), ...this.#released];
  }
}
