import type { PlainDate } from "#core/time/dates.ts";
import type { Change, Differences } from "./differences.ts";
import { type OtherSeries, sameValue } from "./state.ts";

/** With fewer dates in common, equal values may be chance. */
export const MIN_COMMON_DATES = 5;

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
