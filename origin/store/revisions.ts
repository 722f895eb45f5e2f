import type { SeriesReading } from "#core/wire/internal.ts";
import type { Change } from "./differences.ts";
import { isSteep } from "./guard.ts";
import { isLaterBy, type Kept, MAX_REVISIONS_PER_DAY, type Stored, sameValue } from "./state.ts";

const CONFIRMED_AFTER_MS = 3_600_000;

/**
 * Holds back the revisions of a reading if there are too many of them, until a reading made an hour after the first
 * says the same. New dates pass, as does what a person released; a revision too large is the jump guard's to hold.
 */
export function judgeRevisions(
  reading: SeriesReading,
  changes: readonly Change[],
  { kept, recentRevisions }: Stored,
): { passed: Change[]; waiting: Change[] } {
  const rowsOf = ({ date, value }: Change) => kept.get(date)?.filter((row) => sameValue(row.value, value)) ?? [];
  const isCounted = (change: Change) =>
    change.before !== undefined &&
    !change.isReleased &&
    !isSteep(reading.series, change) &&
    !rowsOf(change).some((row) => isPast(row, reading));
  const counted = changes.filter(isCounted);
  const areMany = recentRevisions + counted.length > MAX_REVISIONS_PER_DAY;
  // Once it was one of many it stays so, even if a shorter reading repeats only a few of them.
  const waiting = counted.filter((change) => areMany || rowsOf(change).some(isOneOfMany));
  return { passed: changes.filter((change) => !waiting.includes(change)), waiting };
}

function isOneOfMany({ state, reason }: Kept): boolean {
  return state === "waiting" && reason === "mass_revision";
}

/** Whether a value has waited for its hour, or waits as a jump, which is for the jump guard to judge again. */
function isPast(row: Kept, reading: SeriesReading): boolean {
  if (isOneOfMany(row)) return isLaterBy(CONFIRMED_AFTER_MS, row, reading);
  return row.state === "waiting" && row.reason === "implausible_jump";
}
