import { CARRY_FORWARD_DAYS } from "#core/ops/policy.ts";
import type { Board } from "#core/pages/board.ts";
import type { DateRange, Provider } from "#core/providers/provider.ts";
import type { Observation, Page } from "#core/rates/page.ts";
import { addDays, type PlainDate, utcDate } from "#core/time/dates.ts";
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
  provider: ProviderSeries,
  knownAtMs: number,
): Promise<Board> {
  const today = utcDate(knownAtMs);
  const dates = { from: addDays(today, -BOARD_DAYS), to: addDays(today, MAX_HORIZON_DAYS) };
  const { values, version } = await valuesAsOf(store, provider, dates, knownAtMs);
  const newest = Object.entries(values).flatMap(([series, own]) => {
    const last = own.at(-1);
    return last ? [[series, last] as const] : [];
  });
  return { provider: provider.id, version, values: Object.fromEntries(newest) };
}

/** The values of each series of a provider in the days from which a rate may be carried to a date. */
export async function windowAsOf(
  store: Pick<Store, "rowsAsOf">,
  provider: ProviderSeries,
  date: PlainDate,
  knownAtMs: number,
): Promise<Values> {
  const dates = { from: addDays(date, -CARRY_FORWARD_DAYS), to: date };
  return (await valuesAsOf(store, provider, dates, knownAtMs)).values;
}

type ProviderSeries = Pick<Provider, "id" | "series">;
type Values = Readonly<Record<string, readonly Observation[]>>;

async function valuesAsOf(
  store: Pick<Store, "rowsAsOf">,
  { series }: ProviderSeries,
  dates: DateRange,
  knownAtMs: number,
): Promise<{ values: Values; version: number }> {
  const rows = await store.rowsAsOf({ series: series.map(({ id }) => id), ...dates }, knownAtMs);
  const values = Array.from(
    Map.groupBy(rows, (row: Row) => row.series),
    ([one, own]) => {
      const current = [...currentOf(own)].filter(([, { withdrawn }]) => !withdrawn);
      return [one, current.map(([date, { value }]): Observation => [date, value])] as const;
    },
  );
  return {
    values: Object.fromEntries(values),
    version: rows.reduce((highest, { seq }) => Math.max(highest, seq), 0),
  };
}
