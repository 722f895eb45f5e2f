import type { Page } from "#core/rates/page.ts";
import { inOrder, pageOf, type Row, yearRange } from "./rows.ts";
import type { StoreTransaction, Written } from "./transaction.ts";

/** Pages as they stand in a transaction. */
export interface PagesRead {
  /** In the order in which they were asked for. */
  pages: Page[];
  /** What to keep once the transaction has ended well. */
  held: Page[];
  /** At least those rows of theirs that no page of the cache had, each once. */
  rows: Written<Row>[];
}

/** A page to be read. */
export interface PageKey {
  series: string;
  year: number;
}

/** This year's pages of all series; some 15 MB, most of which the pages that are served share. */
const MAX_PAGES = 500;

/**
 * Pages as commits respond with them. Reading them from the table takes far longer than storing a day's values; as rows
 * are only ever added, those added since make a page current. To be kept once the transaction has ended well.
 */
export class PageCache {
  /** Without what waits. */
  readonly #pages = new Map<string, Page>();

  keep(pages: readonly Page[]): void {
    for (const page of pages) {
      const key = keyOf(page);
      this.#pages.delete(key);
      this.#pages.set(key, page);
    }
    for (const key of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) break;
      this.#pages.delete(key);
    }
  }

  /** For rows that were changed by other means than this store. */
  forget(key: PageKey): void {
    this.#pages.delete(keyOf(key));
  }

  /** `isAnyWaiting`: whether values of these years may wait, which is then read as well. */
  async read(tx: StoreTransaction, keys: readonly PageKey[], isAnyWaiting: boolean): Promise<PagesRead> {
    if (keys.length === 0) return { pages: [], held: [], rows: [] };
    const current = new Map<string, Page>();
    const rows = new Map<number, Written<Row>>();
    for (const [year, ofYear] of Map.groupBy(keys, (key) => key.year)) {
      const known = ofYear.flatMap((key) => this.#pages.get(keyOf(key)) ?? []);
      const added = await rowsOfYear(tx, year, known, Math.min(...known.map(({ version }) => version)) - 1);
      for (const page of brought(known, added)) current.set(keyOf(page), page);
      const missing = ofYear.filter((key) => !current.has(keyOf(key)));
      const all = await rowsOfYear(tx, year, missing, 0);
      for (const page of pagesOfYear(year, missing, all)) current.set(keyOf(page), page);
      for (const row of [...added, ...all]) rows.set(row.seq, row);
    }
    const waiting = isAnyWaiting ? await waitingOf(tx, keys) : new Map<string, string[]>();
    const pages = keys.map((key) => {
      const page = current.get(keyOf(key)) as Page;
      const dates = waiting.get(keyOf(key));
      return dates === undefined ? page : { ...page, waiting: dates };
    });
    const held = [...current.values()].filter(({ version }) => version > 0);
    return { pages, held, rows: [...rows.values()] };
  }
}

/** Of some series, those with a higher sequence number, ascending by it. */
async function rowsOfYear(
  tx: StoreTransaction,
  year: number,
  of: readonly { series: string }[],
  afterSeq: number,
): Promise<Written<Row>[]> {
  if (of.length === 0) return [];
  const { from, to } = yearRange("", year, year);
  return tx.readSince({ series: of.map(({ series }) => series), from, to }, afterSeq);
}

/** Pages with the rows that were added since; without those whose newest row is gone, as after a restore. */
function brought(pages: readonly Page[], rows: readonly Row[]): Page[] {
  const bySeries = Map.groupBy(rows, (row) => row.series);
  return pages.flatMap((page) => {
    const [last, ...added] = bySeries.get(page.series)?.filter(({ seq }) => seq >= page.version) ?? [];
    return last?.seq === page.version && last.observedAt === page.updated_at ? [withRows(page, added)] : [];
  });
}

function pagesOfYear(year: number, keys: readonly PageKey[], rows: readonly Row[]): Page[] {
  const bySeries = Map.groupBy(rows, (row) => row.series);
  return keys.map(({ series }) => pageOf(series, year, inOrder(bySeries.get(series) ?? [])));
}

async function waitingOf(tx: StoreTransaction, keys: readonly PageKey[]): Promise<Map<string, string[]>> {
  const years = keys.map(({ year }) => year);
  const { from, to } = yearRange("", Math.min(...years), Math.max(...years));
  const rows = await tx.waitingDates({ series: [...new Set(keys.map(({ series }) => series))], from, to });
  const pages = Map.groupBy(rows, ({ series, date }) => keyOf({ series, year: Number(date.slice(0, 4)) }));
  return new Map(Array.from(pages, ([key, of]) => [key, [...new Set(of.map(({ date }) => date))].sort()]));
}

/** `rows` ascend by sequence number, all newer than the page. */
function withRows(page: Page, rows: readonly Row[]): Page {
  const newest = rows.at(-1);
  if (newest === undefined) return page;
  const head = { version: newest.seq, updated_at: newest.observedAt };
  const [added, ...others] = rows as [Row, ...Row[]];
  // Nearly always a day is added at the end of a page: then nothing is searched or sorted.
  if (others.length === 0 && !added.withdrawn && isAfterAll(page, added.date))
    return { ...page, ...head, observations: [...page.observations, [added.date, added.value]] };
  const values = new Map(page.observations);
  const withdrawn = new Set(page.withdrawn);
  for (const { date, value, withdrawn: isWithdrawn } of rows) {
    if (isWithdrawn) values.delete(date);
    else values.set(date, value);
    if (isWithdrawn) withdrawn.add(date);
    else withdrawn.delete(date);
  }
  const { withdrawn: _, ...rest } = page;
  return {
    ...rest,
    ...head,
    observations: [...values].sort(([a], [b]) => (a < b ? -1 : 1)),
    ...(withdrawn.size > 0 && { withdrawn: [...withdrawn].sort() }),
  };
}

function isAfterAll({ observations, withdrawn }: Page, date: string): boolean {
  return date > (observations.at(-1)?.[0] ?? "") && !withdrawn?.includes(date);
}

function keyOf({ series, year }: PageKey): string {
  return `${series}:${year}`;
}
