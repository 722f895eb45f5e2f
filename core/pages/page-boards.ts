import type { Catalogue } from "../providers/catalogue.ts";
import type { Provider } from "../providers/provider.ts";
import { lastOnOrBefore, type Observation } from "../rates/page.ts";
import type { Series } from "../rates/series.ts";
import { earlier, yearOf } from "../time/dates.ts";
import { dateIn } from "../time/zones.ts";
import type { Board } from "./board.ts";
import { type BoardCopy, type Boards, type PageCopy, type Pages, TIERS } from "./page-source.ts";

/** Boards made of pages, one read for each series: for a host that has none. */
export class PageBoards implements Boards {
  readonly #pages: Pages;
  readonly #catalogue: Catalogue;
  readonly #nowMs: number;

  constructor(pages: Pages, catalogue: Catalogue, nowMs: number) {
    this.#pages = pages;
    this.#catalogue = catalogue;
    this.#nowMs = nowMs;
  }

  async readBoards(providers: readonly string[]): Promise<BoardCopy[]> {
    return Promise.all(providers.map((id) => this.#board(this.#catalogue.providerOf({ provider: id }))));
  }

  async #board(provider: Provider): Promise<BoardCopy> {
    const read = await Promise.all(provider.series.map((series) => this.#newest(provider, series)));
    const copies = read.flatMap(({ copies }) => copies);
    const stale = copies.find((copy) => copy.stale !== undefined)?.stale;
    const board: Board = {
      provider: provider.id,
      version: copies.reduce((highest, { page }) => Math.max(highest, page.version), 0),
      values: Object.fromEntries(read.flatMap(({ id, newest }) => (newest ? [[id, newest]] : []))),
    };
    return {
      board,
      tier: TIERS[Math.max(...copies.map(({ tier }) => TIERS.indexOf(tier)), 0)] ?? TIERS[0],
      freshUntilMs: Math.min(...copies.map(({ freshUntilMs }) => freshUntilMs)),
      ...(stale && { stale }),
    };
  }

  /** The newest value is of the year in which the series ended, of this year, or in its first days of the year before. */
  async #newest(provider: Provider, { id, until }: Series) {
    const today = dateIn(provider.publication.zone, this.#nowMs);
    const last = until === undefined ? today : earlier(today, until);
    const copies: PageCopy[] = [];
    let newest: Observation | undefined;
    for (const year of [yearOf(last), yearOf(last) - 1]) {
      copies.push(...(await this.#pages.read(id, [year])));
      newest = lastOnOrBefore(copies.at(-1)?.page.observations ?? [], last);
      if (newest !== undefined) break;
    }
    return { id, newest, copies };
  }
}
