import { type Page, pageDigest } from "#core/rates/page.ts";
import type { Digests } from "#core/wire/internal.ts";

/** What tells whether a page has changed, from one query over all of them. */
export interface Fingerprint {
  series: string;
  year: string;
  version: number;
  /** Of the rows themselves, so that a change made past the store is noticed too. */
  rows: string;
  /** The dates that wait. */
  waiting: readonly string[];
}

/** Digests of pages, each worked out again only once its fingerprint has changed. */
export class DigestCache {
  readonly #known = new Map<string, { fingerprint: string; version: number; digest: string }>();

  /** `readPages` is asked once for each series with pages that changed. */
  async read(
    fingerprints: readonly Fingerprint[],
    readPages: (series: string, fromYear: number, toYear: number) => Promise<Page[]>,
  ): Promise<Digests["pages"]> {
    const changed = fingerprints.filter((each) => this.#known.get(keyOf(each))?.fingerprint !== textOf(each));
    for (const [series, pages] of Map.groupBy(changed, (each) => each.series)) {
      const years = pages.map(({ year }) => Number(year));
      const read = await readPages(series, Math.min(...years), Math.max(...years));
      const byYear = new Map(read.map((page) => [page.year, page]));
      for (const each of pages) {
        const page = byYear.get(Number(each.year)) as Page;
        const known = { fingerprint: textOf(each), version: page.version, digest: pageDigest(page) };
        this.#known.set(keyOf(each), known);
      }
    }
    const digests: Digests["pages"] = {};
    for (const each of fingerprints) {
      const { version, digest } = this.#known.get(keyOf(each)) as { version: number; digest: string };
      const years = digests[each.series] ?? {};
      digests[each.series] = years;
      years[each.year] = { version, digest };
    }
    return digests;
  }
}

/** A page may have been committed after the highest sequence number was read. */
export function digestsOf({ lineage, maxSeq }: { lineage: string; maxSeq: number }, pages: Digests["pages"]): Digests {
  const versions = Object.values(pages).flatMap((years) => Object.values(years).map(({ version }) => version));
  return { lineage, max_seq: Math.max(maxSeq, ...versions), pages };
}

/** Pages with rows, and pages with nothing but values that wait. */
export function fingerprintsOf(
  rows: readonly { series: string; year: string; version: number; rows: string }[],
  waiting: readonly { series: string; date: string }[],
): Fingerprint[] {
  const fingerprints = new Map<string, Fingerprint & { waiting: string[] }>();
  for (const row of rows) fingerprints.set(keyOf(row), { ...row, waiting: [] });
  for (const { series, date } of waiting) {
    const page = { series, year: date.slice(0, 4), version: 0, rows: "", waiting: [] };
    const known = fingerprints.get(keyOf(page)) ?? page;
    fingerprints.set(keyOf(page), known);
    known.waiting.push(date);
  }
  return [...fingerprints.values()];
}

function keyOf({ series, year }: { series: string; year: string }): string {
  return `${series}:${year}`;
}

function textOf({ version, rows, waiting }: Fingerprint): string {
  return `${version} ${rows} ${waiting.join()}`;
}
