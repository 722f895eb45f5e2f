import { crossesElsewhere, isConfirmed } from "#core/ingest/second-opinion.ts";
import { findSeries } from "#core/providers/provider-list.ts";
import type { PlainDate } from "#core/time/dates.ts";
import type { Plan } from "./plan.ts";
import { valuesBySeries } from "./rows.ts";
import type { Stored } from "./state.ts";
import type { StoreTransaction } from "./transaction.ts";

/** More values that moved too far are no news but another series; the oldest of them wait. */
const MAX_JUMPS = 20;

/** Which values that moved too far other providers confirm by what they have stored, or hold back, for the same date. */
export async function confirmationsOf(
  tx: StoreTransaction,
  seriesId: string,
  jumps: Plan["jumps"],
): Promise<Stored["isConfirmed"]> {
  const series = findSeries(seriesId);
  const recent = jumps.slice(-MAX_JUMPS);
  const crosses = series && recent.length > 0 ? crossesElsewhere(series) : [];
  if (series === undefined || crosses.length === 0) return undefined;
  const dates = [...new Set(recent.map(({ date }) => date))].sort();
  const legs = crosses.flatMap(({ base, quote }) => [base, quote]).flatMap((leg) => (leg ? [leg.id] : []));
  const stored = valuesBySeries(await tx.readDates([...new Set(legs)], dates));
  const held = await tx.jumpsBetween(dates[0] as PlainDate, dates.at(-1) as PlainDate);
  const valuesOn = (date: PlainDate) => (id: string) => [
    ...(stored.get(id)?.has(date) ? [stored.get(id)?.get(date) as string] : []),
    ...held.filter((one) => one.series === id && one.date === date).map(({ value }) => value),
  ];
  const confirmed = recent.filter(({ date, value }) => isConfirmed(series, value, crosses, valuesOn(date)));
  const keys = new Set(confirmed.map(({ date, value }) => `${date} ${value}`));
  return (date, value) => keys.has(`${date} ${value}`);
}
