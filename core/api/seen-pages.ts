import { CARRY_FORWARD_DAYS } from "../ops/policy.ts";
import type { PageCopy } from "../pages/page-source.ts";
import { isEmptyPage, type Observation, type Page } from "../rates/page.ts";
import { isInGap, type Series } from "../rates/series.ts";
import { addDays, type PlainDate, yearOf } from "../time/dates.ts";
import { dateIn } from "../time/zones.ts";
import type { ApiHost } from "./host.ts";

/** What a copy says of itself, without its observations. */
type Seen = Omit<PageCopy, "page">;

/** Reads pages for one request, each once, and remembers the copies in the order of reading. */
export class SeenPages {
  readonly #host: Pick<ApiHost, "pages" | "catalogue" | "nowMs" | "requestedAtMs">;
  readonly #byYear = new Map<string, Page>();
  #pages: Pick<Page, "series" | "waiting">[] = [];
  #copies: (Seen & { page?: Page })[] = [];

  #wasIncomplete = false;

  constructor(host: Pick<ApiHost, "pages" | "catalogue" | "nowMs" | "requestedAtMs">) {
    this.#host = host;
  }

  /** Reads the years' pages of a series that were not read yet. */
  async read(series: string, years: readonly number[]): Promise<void> {
    const unread = years.filter((year) => this.find(series, year) === undefined);
    const copies = unread.length > 0 ? await this.#host.pages.read(series, unread) : [];
    for (const copy of copies) this.#keep(copy);
  }

  /** Reads the years' pages, and says whether something is known of each year in which the series had values. */
  async readKnown(series: Series, years: readonly number[], today: PlainDate): Promise<boolean> {
    await this.read(series.id, years);
    for (const year of years) {
      if (!this.isEmpty(series.id, year) || isInGap(series, year)) continue;
      // The first days of a year are told from an absent page by the year before.
      if (year === yearOf(today)) await this.read(series.id, [year - 1]);
      if (!this.isKnown(series.id, year, today)) return false;
    }
    return true;
  }

  /** The page, if it was read. */
  find(series: string, year: number): Page | undefined {
    return this.#byYear.get(`${series}:${year}`);
  }

  /** The observations of these years, ascending, as far as they were read. */
  observations(series: string, years: readonly number[]): readonly Observation[] {
    const pages = years.map((year) => this.find(series, year)?.observations ?? []);
    return pages.length === 1 ? (pages[0] as readonly Observation[]) : ([] as Observation[]).concat(...pages);
  }

  /** Whether a year's page was not read, or holds nothing. */
  isEmpty(series: string, year: number): boolean {
    const page = this.find(series, year);
    return page === undefined || isEmptyPage(page);
  }

  /** Whether the page is there, or its year has just begun: then the year before goes on up to the last days. */
  isKnown(series: string, year: number, today: PlainDate): boolean {
    // What was not stored at a past instant will never have been.
    if (!this.isEmpty(series, year) || this.#host.requestedAtMs !== undefined) return true;
    const [last] = this.find(series, year - 1)?.observations.at(-1) ?? [];
    return year === yearOf(today) && last !== undefined && last >= addDays(today, -CARRY_FORWARD_DAYS);
  }

  /** Whether some page that was read is not there yet: history may still be loading. */
  get isIncomplete(): boolean {
    return this.#wasIncomplete || this.held.some((page) => !this.#isKnownPage(page));
  }

  /** When the newest value of the pages was stored (RFC 3339, UTC); undefined if they have none. */
  get updatedAt(): string | undefined {
    const all = this.held.map((page) => page.updated_at ?? "").sort();
    return all.at(-1) || undefined;
  }

  /** Frees the observations, for requests that read more than fits into memory. What the copies say of themselves stays. */
  release(): void {
    this.#wasIncomplete = this.isIncomplete;
    this.#byYear.clear();
    this.#pages = this.#pages.map(({ series, waiting }) => ({ series, ...(waiting && { waiting }) }));
    this.#copies = this.#copies.map(({ page: _, ...seen }) => seen);
  }

  /** Of all pages, released ones too. */
  get pages(): readonly Pick<Page, "series" | "waiting">[] {
    return this.#pages;
  }

  /** Of all copies, released ones too. */
  get copies(): readonly Seen[] {
    return this.#copies;
  }

  /** Those that were not released. */
  get held(): Page[] {
    return [...this.#byYear.values()];
  }

  #keep(copy: PageCopy): void {
    const { page } = copy;
    this.#byYear.set(`${page.series}:${page.year}`, page);
    this.#pages.push(page);
    this.#copies.push(copy);
  }

  #isKnownPage({ series: id, year }: Page): boolean {
    const { catalogue, nowMs } = this.#host;
    const series = catalogue.findSeries(id);
    if (series === undefined) return true;
    const { zone } = catalogue.providerOf(series).publication;
    return isInGap(series, year) || this.isKnown(id, year, dateIn(zone, nowMs));
  }
}
