import type { Board } from "#core/pages/board.ts";
import type { Provider } from "#core/providers/provider.ts";
import type { Page } from "#core/rates/page.ts";
import { addDays, utcDate } from "#core/time/dates.ts";
import { currentOf, pagesOf, type Row, yearsOf, yearsRange } from "./rows.ts";
import type { Store } from "./store.ts";

/** Pages and boards as they were at an instant, made of the revisions that were stored by then. */

/** A series without a value for so long has no newest one: the other providers' boards reach no further either way. */
const BOARD_DAYS = 60;
/** A provider's dates lie at most so far ahead. */
const MAX_HORIZON_DAYS = 10;

export async function pagesAsOf(
  store: Pick<Store, "rowsAsOf">,
  series: string,
  fromYear: number,
  toYear: number,
  knownAtMs: number,
): Promise<Page[]> {
  const rows = await store.rowsAsOf(yearsRange(series, fromYear, toYear), knownAtMs);
  return pagesOf(series, yearsOf(fromYear, toYear), rows);
}

export async function boardAsOf(
  store: Pick<Store, "rowsAsOf">,
  { id, series }: Pick<Provider, "id" | "series">,
  knownAtMs: number,
): Promise<Board> {
  const today = utcDate(knownAtMs);
  const range = { from: addDays(today, -BOARD_DAYS), to: addDays(today, MAX_HORIZON_DAYS) };
  const rows = await store.rowsAsOf({ series: series.map((one) => one.id), ...range }, knownAtMs);
  const bySeries = Map.groupBy(rows, (row: Row) => row.series);
  const newest = [...bySeries].flatMap(([one, own]) => {
    const [date, current] = [...currentOf(own)].findLast(([, { withdrawn }]) => !withdrawn) ?? [];
    return date === undefined || current === undefined ? [] : [[one, [date, current.value] as const] as const];
  });
  return {
    provider: id,
    version: rows.reduce((highest, { seq }) => Math.max(highest, seq), 0),
    values: Object.fromEntries(newest),
  };
}
