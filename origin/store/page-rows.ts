import { emptyPage, type Observation, type Page } from "#core/rates/page.ts";
import { yearsOf } from "./rows.ts";
import type { PagesMark } from "./store.ts";

/** What pages are made of, in the fewest columns: a series' history is 9,000 rows, and a row costs by its columns. */
export interface PageRows {
  /** By date, and by revision within one. Null: taken back. */
  values: readonly (readonly [date: string, value: string | null])[];
  /** Of each year with rows: its highest sequence number, and when that row was stored (RFC 3339, UTC). */
  newest: readonly (readonly [year: string, version: number, updatedAt: string])[];
  /** Dates with a value that waits in quarantine, in any order, and some more than once. */
  waiting: readonly string[];
}

/** `newest`: the sequence number of the newest row and when it was stored, divided by a blank. */
export function markOf(newest: string | null, waiting: unknown): PagesMark {
  return { version: Number.parseInt(newest ?? "0", 10), text: `${newest}; ${waiting}` };
}

/** One page for each year. */
export function pagesOfRows(series: string, fromYear: number, toYear: number, rows: PageRows): Page[] {
  const { values, newest } = rows;
  const waiting = [...new Set(rows.waiting)].sort();
  let at = 0;
  return yearsOf(fromYear, toYear).map((year) => {
    const first = at;
    const next = `${year + 1}-`;
    while (at < values.length && (values[at] as Observation)[0] < next) at++;
    const waits = waiting.filter((date) => date.startsWith(`${year}-`));
    const [, version, updated_at] = newest.find(([of]) => Number(of) === year) ?? [];
    return {
      ...emptyPage({ series, year }),
      ...(version !== undefined && updated_at !== undefined && { version, updated_at }),
      ...currentOf(values.slice(first, at)),
      ...(waits.length > 0 && { waiting: waits }),
    };
  });
}

/** The last revision of a date is the current one. */
function currentOf(values: PageRows["values"]): Pick<Page, "observations" | "withdrawn"> {
  const current = values.filter(([date], index) => values[index + 1]?.[0] !== date);
  const withdrawn = current.flatMap(([date, value]) => (value === null ? date : []));
  if (withdrawn.length === 0) return { observations: current as Observation[] };
  return { observations: current.filter((row): row is Observation => row[1] !== null), withdrawn };
}
