import type { Board } from "#core/pages/board.ts";
import type { ReadingCommit } from "#core/wire/internal.ts";
import type { Row } from "./origin.ts";

/** The newest values of a provider among rows by series and date. */
export function boardOf(provider: string, rows: ReadonlyMap<string, ReadonlyMap<string, Row>>): Board {
  const values: Record<string, [string, string]> = {};
  let version = 0;
  for (const [series, byDate] of rows) {
    if (!series.startsWith(`${provider}.`)) continue;
    for (const [date, { value, seq, withdrawn }] of byDate) {
      version = Math.max(version, seq);
      if (!withdrawn && date > (values[series]?.[0] ?? "")) values[series] = [date, value];
    }
  }
  return { provider, version, values };
}

/** What several readings came to. */
export function sumOf(commits: readonly ReadingCommit[]): ReadingCommit {
  const total: ReadingCommit = {
    accepted: 0,
    unchanged: 0,
    revised: 0,
    withdrawn: 0,
    quarantined: 0,
    overtaken: 0,
    pages: [],
  };
  for (const { pages, ...counts } of commits) {
    for (const [name, count] of Object.entries(counts)) total[name as keyof typeof counts] += count;
    total.pages.push(...pages);
  }
  return total;
}
