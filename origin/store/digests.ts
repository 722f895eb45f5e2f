import { type Page, pageDigest } from "#core/rates/page.ts";
import type { Digests } from "#core/wire/internal.ts";
import type { PageKey } from "./page-cache.ts";
import type { Head } from "./transaction.ts";

/** What tells whether a page's rows have changed, worked out by the database. */
export interface RowsPrint {
  series: string;
  year: string;
  version: number;
  /** Of the rows themselves, so that a change made past the store is noticed too. */
  rows: string;
}

/** What a store reads for digests. */
export interface DigestSource {
  heads(series: readonly string[]): Promise<ReadonlyMap<string, Head>>;
  prints(series: readonly string[]): Promise<RowsPrint[]>;
  /** Ascending. */
  waiting(): Promise<{ series: string; date: string }[]>;
  pages(series: string, fromYear: number, toYear: number): Promise<Page[]>;
  /** For a page whose rows were changed past the store. */
  forget(key: PageKey): void;
}

/** Few enough that a statement holds nobody up. */
const SERIES_PER_STATEMENT = 5;
/** Rows of a series that got no new one are compared every so many times: only a change past the store is at stake. */
const TURNS = 12;

/** Digests of pages, each worked out again only once its rows, or what waits, have changed. */
export class DigestCache {
  readonly #prints = new Map<string, { seq: number; prints: RowsPrint[] }>();
  readonly #known = new Map<string, { print: string; rows: string; version: number; digest: string }>();
  #turn = 0;

  async read(source: DigestSource, series: readonly string[]): Promise<Digests["pages"]> {
    const heads = await source.heads(series);
    await this.#refresh(source, heads);
    const wanted = new Set(series);
    const waiting = (await source.waiting()).filter((row) => wanted.has(row.series));
    const prints = [...heads.keys()].flatMap((id) => this.#prints.get(id)?.prints ?? []);
    const pages = pagesOf(prints, waiting);
    const changed = pages.filter((each) => this.#known.get(keyOf(each))?.print !== textOf(each));
    for (const [id, ofSeries] of Map.groupBy(changed, (each) => each.series)) await this.#digest(source, id, ofSeries);
    const digests: Digests["pages"] = {};
    for (const each of pages) {
      const { version, digest } = this.#known.get(keyOf(each)) as { version: number; digest: string };
      const years = digests[each.series] ?? {};
      digests[each.series] = years;
      years[each.year] = { version, digest };
    }
    return digests;
  }

  async #refresh(source: DigestSource, heads: ReadonlyMap<string, Head>): Promise<void> {
    const turn = this.#turn++ % TURNS;
    const due = [...heads].filter(
      ([id, { seq }], index) => index % TURNS === turn || this.#prints.get(id)?.seq !== seq,
    );
    for (let start = 0; start < due.length; start += SERIES_PER_STATEMENT) {
      const part = due.slice(start, start + SERIES_PER_STATEMENT);
      const prints = Map.groupBy(await source.prints(part.map(([id]) => id)), (print) => print.series);
      for (const [id, { seq }] of part) this.#prints.set(id, { seq, prints: prints.get(id) ?? [] });
    }
  }

  async #digest(source: DigestSource, series: string, pages: readonly (RowsPrint & { waiting: string[] })[]) {
    const years = pages.map(({ year }) => Number(year));
    const read = await source.pages(series, Math.min(...years), Math.max(...years));
    const byYear = new Map(read.map((page) => [page.year, page]));
    for (const each of pages) {
      const page = byYear.get(Number(each.year)) as Page;
      const before = this.#known.get(keyOf(each));
      if (before?.version === each.version && before.rows !== each.rows) source.forget(page);
      const { version } = page;
      this.#known.set(keyOf(each), { print: textOf(each), rows: each.rows, version, digest: pageDigest(page) });
    }
  }
}

/** A page may have been committed after the highest sequence number was read. */
export function digestsOf({ lineage, maxSeq }: { lineage: string; maxSeq: number }, pages: Digests["pages"]): Digests {
  const versions = Object.values(pages).flatMap((years) => Object.values(years).map(({ version }) => version));
  return { lineage, max_seq: versions.reduce((max, version) => Math.max(max, version), maxSeq), pages };
}

/** Pages with rows, and pages with nothing but values that wait. */
function pagesOf(prints: readonly RowsPrint[], waiting: readonly { series: string; date: string }[]) {
  const pages = new Map<string, RowsPrint & { waiting: string[] }>();
  for (const print of prints) pages.set(keyOf(print), { ...print, waiting: [] });
  for (const { series, date } of waiting) {
    const page = { series, year: date.slice(0, 4), version: 0, rows: "", waiting: [] };
    const known = pages.get(keyOf(page)) ?? page;
    pages.set(keyOf(page), known);
    known.waiting.push(date);
  }
  return [...pages.values()];
}

function keyOf({ series, year }: { series: string; year: string }): string {
  return `${series}:${year}`;
}

function textOf({ version, rows, waiting }: RowsPrint & { waiting: readonly string[] }): string {
  return `${version} ${rows} ${waiting.join()}`;
}
