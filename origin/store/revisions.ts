import type { SeriesReading } from "#core/internal.ts";
import type { Change } from "./differences.ts";
import { isSteep } from "./guard.ts";
import { isLaterBy, MAX_REVISIONS_PER_DAY, type Stored, sameValue } from "./state.ts";

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
  const isSaidAgain = ({ date, value }: Change) =>
    kept
      .get(date)
      ?.some(
        (row) =>
          row.state === "waiting" &&
          row.reason === "mass_revision" &&
          sameValue(row.value, value) &&
          isLaterBy(CONFIRMED_AFTER_MS, row, reading),
      );
  const isCounted = (change: Change) =>
    change.before !== undefined && !change.isReleased && !isSteep(reading.series, change) && !isSaidAgain(change);
  const counted = changes.filter(isCounted);
  if (recentRevisions + counted.length <= MAX_REVISIONS_PER_DAY) return { passed: [...changes], waiting: [] };
  return { passed: changes.filter((change) => !isCounted(change)), waiting: counted };
}
