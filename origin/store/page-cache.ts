import type { Page } from "#core/rates/page.ts";
import { inOrder, pageOf, type Row, yearRange } from "./rows.ts";
import type { StoreTransaction } from "./transaction.ts";

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

  /** The pages as they stand in a transaction, in the order of `keys`, and what to keep of them. */
  async read(tx: StoreTransaction, keys: readonly PageKey[]): Promise<{ pages: Page[]; held: Page[] }> {
    if (keys.length === 0) return { pages: [], held: [] };
    const current = new Map<string, Page>();
    for (const [year, ofYear] of Map.groupBy(keys, (key) => key.year)) {
      const known = ofYear.flatMap((key) => this.#pages.get(keyOf(key)) ?? []);
      for (const page of await brought(tx, year, known)) current.set(keyOf(page), page);
      const missing = ofYear.filter((key) => !current.has(keyOf(key)));
      for (const page of await readAll(tx, year, missing)) current.set(keyOf(page), page);
    }
    const waiting = await waitingOf(tx, keys);
    const pages = keys.map((key) => {
      const page = current.get(keyOf(key)) as Page;
      const dates = waiting.get(keyOf(key));
      return dates === undefined ? page : { ...page, waiting: dates };
    });
    return { pages, held: [...current.values()].filter(({ version }) => version > 0) };
  }
}

/** Pages with the rows that were added since; without those whose newest row is gone, as after a restore. */
async function brought(tx: StoreTransaction, year: number, pages: readonly Page[]): Promise<Page[]> {
  if (pages.length === 0) return [];
  const series = pages.map((page) => page.series);
  const oldest = Math.min(...pages.map(({ version }) => version));
  const rows = await readYear(tx, year, series, oldest - 1);
  return pages.flatMap((page) => {
    const [last, ...added] = rows.get(page.series)?.filter(({ seq }) => seq >= page.version) ?? [];
    return last?.seq === page.version && last.observedAt === page.updated_at ? [withRows(page, added)] : [];
  });
}

async function readAll(tx: StoreTransaction, year: number, keys: readonly PageKey[]): Promise<Page[]> {
  if (keys.length === 0) return [];
  const series = keys.map((key) => key.series);
  const rows = await readYear(tx, year, series, 0);
  return series.map((one) => pageOf(one, year, inOrder(rows.get(one) ?? [])));
}

async function readYear(tx: StoreTransaction, year: number, series: readonly string[], afterSeq: number) {
  const { from, to } = yearRange("", year, year);
  return Map.groupBy(await tx.readSince({ series, from, to }, afterSeq), (row) => row.series);
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
