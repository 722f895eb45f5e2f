import { contentHash } from "../ops/hash.ts";
import type { DigestSummary, Digests } from "../wire/internal.ts";

/** year → digest of the page, as far as there is one. */
export type PageDigests = Readonly<Record<string, { digest: string }>>;

/** How many years have a digest apart from the past's: this one and the last, which change. */
const RECENT_YEARS = 2;

/** The first year that counts as recent in a year. */
export function recentFrom(year: number): number {
  return year - RECENT_YEARS + 1;
}

/** One digest for the pages of a series before a year, and one for those from it on; null where there are none. */
export function seriesDigests(
  pages: PageDigests,
  recentFromYear: number,
): [past: string | null, recent: string | null] {
  // Entries come in ascending order of year, as such keys do.
  const lines = (isIn: (year: number) => boolean) =>
    Object.entries(pages).flatMap(([year, { digest }]) => (isIn(Number(year)) ? [`${year} ${digest}`] : []));
  const [past, recent] = [lines((year) => year < recentFromYear), lines((year) => year >= recentFromYear)];
  return [past.length > 0 ? contentHash(past.join()) : null, recent.length > 0 ? contentHash(recent.join()) : null];
}

/** What stands for the digests of all pages: a difference says which series are to be compared page by page. */
export function summaryOf({ lineage, max_seq, pages }: Digests, recentFromYear: number): DigestSummary {
  const series = Object.fromEntries(
    Object.entries(pages).map(([id, years]) => [id, seriesDigests(years, recentFromYear)]),
  );
  return { lineage, max_seq, recent_from: recentFromYear, series };
}
