import { findProvider, findSeries } from "#core/providers/provider-list.ts";
import type { PlainDate } from "#core/time/dates.ts";
import type { Change, Differences } from "./differences.ts";
import { valuesBySeries } from "./rows.ts";
import { type OtherSeries, sameValue } from "./state.ts";
import type { StoreTransaction } from "./transaction.ts";

/** With fewer dates in common, equal values may be chance. */
export const MIN_COMMON_DATES = 5;
/** So many dates nearly always show that two series differ; only those that agree on them are read in full. */
const SAMPLES = 5;
const NONE: OtherSeries = new Map();

/**
 * What a provider's other series have on the dates that are about to change, of those that may be the same series. Empty
 * for a few changes, and for providers of which two series may rightly be equal: some currencies are at par.
 */
export async function othersOf(tx: StoreTransaction, series: string, changes: readonly Change[]): Promise<OtherSeries> {
  const [from, to] = [changes[0]?.date, changes.at(-1)?.date];
  if (changes.length < MIN_COMMON_DATES || !from || !to) return NONE;
  const provider = findProvider(findSeries(series)?.provider ?? "");
  if (!provider?.hasDistinctSeries) return NONE;
  const ids = provider.series.map(({ id }) => id).filter((id) => id !== series);
  const step = (changes.length - 1) / (SAMPLES - 1);
  const samples = Array.from({ length: SAMPLES }, (_, index) => changes[Math.round(index * step)] as Change);
  const sampled = valuesBySeries(
    await tx.readDates(
      ids,
      samples.map(({ date }) => date),
    ),
  );
  const agree = ids.filter((id) => samples.every(({ date, value }) => !isUnlike(sampled.get(id)?.get(date), value)));
  if (agree.length === 0) return NONE;
  return valuesBySeries(await tx.read({ series: agree, from, to }));
}

function isUnlike(theirs: string | undefined, value: string): boolean {
  return theirs !== undefined && !sameValue(theirs, value);
}

/** Refuses a reading's new values if they are another series': a provider has mixed up its columns. */
export function refuseOtherSeries(
  changes: readonly Change[],
  others: OtherSeries,
): { values: readonly Change[]; refused: Differences["refused"] } {
  const isEqual = [...others.values()].some((other) => areEqual(changes, other));
  if (!isEqual) return { values: changes, refused: [] };
  const reason = "same_as_other_series" as const;
  return { values: [], refused: changes.map(({ date, value }) => ({ date, value, reason })) };
}

function areEqual(changes: readonly Change[], other: ReadonlyMap<PlainDate, string>): boolean {
  let common = 0;
  for (const { date, value } of changes) {
    const theirs = other.get(date);
    if (theirs === undefined) continue;
    if (!sameValue(theirs, value)) return false;
    common++;
  }
  return common >= MIN_COMMON_DATES;
}
