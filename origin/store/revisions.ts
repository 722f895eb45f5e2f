import { moveBetween } from "#core/ingest/moves.ts";
import type { SeriesReading } from "#core/wire/internal.ts";
import type { Change } from "./differences.ts";
import { isSteep } from "./guard.ts";
import { isLaterBy, type Kept, MAX_REVISIONS_PER_DAY, type Stored, sameValue } from "./state.ts";

const CONFIRMED_AFTER_MS = 3_600_000;
/** |ln(new / old)| up to which a revision may be another rounding: new dates beside such ones can be believed. */
const MAX_ROUNDING = 0.005;

/**
 * Holds back the revisions of a reading if there are too many of them, until a reading made an hour after the first
 * says the same. If so many differ by more than rounding, the response is wrong or another series: its new dates wait too,
 * also if it was split at New Year and the other year's part has the revisions.
 * What a person released passes; a revision too large is the jump guard's to hold.
 */
export function judgeRevisions(
  reading: SeriesReading,
  changes: readonly Change[],
  stored: Stored,
): { passed: readonly Change[]; waiting: readonly Change[] } {
  const { kept, recentRevisions } = stored;
  if (kept.size === 0 && changes.every(({ before }) => before === undefined)) return { passed: changes, waiting: [] };
  const rowsOf = ({ date, value }: Change) => kept.get(date)?.filter((row) => sameValue(row.value, value)) ?? [];
  const isOpen = (change: Change) => !change.isReleased && !rowsOf(change).some((row) => isPast(row, reading));
  const isCounted = (change: Change) =>
    change.before !== undefined && !isSteep(reading.series, change) && isOpen(change);
  const counted = changes.filter(isCounted);
  const areMany = recentRevisions + counted.length > MAX_REVISIONS_PER_DAY;
  // Once it was one of many it stays so, even if a shorter reading repeats only a few of them.
  const revised = counted.filter((change) => areMany || rowsOf(change).some(isOneOfMany));
  const material = [...revised.filter(isMaterial), ...heldInOtherYears(reading, stored)];
  const isDoubtful = material.length > MAX_REVISIONS_PER_DAY;
  const isNewAndDoubted = (change: Change) => isDoubtful && change.before === undefined && isOpen(change);
  const waiting = changes.filter((change) => revised.includes(change) || isNewAndDoubted(change));
  return { passed: changes.filter((change) => !waiting.includes(change)), waiting };
}

/**
 * What waits as one of many revisions near the year, and differs by more than rounding. What a response does not repeat is no
 * longer among it: the old year is committed first.
 */
function heldInOtherYears(reading: SeriesReading, { kept, current }: Stored): Kept[] {
  const isOther = ({ date }: Kept) => !date.startsWith(`${reading.year}-`);
  const isOpen = (row: Kept) => isLaterBy(0, row, reading) && !isLaterBy(CONFIRMED_AFTER_MS, row, reading);
  return [...kept.values()]
    .flat()
    .filter((row) => isOther(row) && isOneOfMany(row) && isOpen(row))
    .filter(({ date, value }) => isMaterial({ date, value, before: current.get(date) }));
}

function isMaterial({ date, value, before }: Pick<Change, "date" | "value" | "before">): boolean {
  if (before === undefined || before.withdrawn) return false;
  return moveBetween({ date, value }, { date, value: before.value }) > MAX_ROUNDING;
}

function isOneOfMany({ state, reason }: Kept): boolean {
  return state === "waiting" && reason === "mass_revision";
}

/** Whether a value has waited for its hour, or waits as a jump, which is for the jump guard to judge again. */
function isPast(row: Kept, reading: SeriesReading): boolean {
  if (isOneOfMany(row)) return isLaterBy(CONFIRMED_AFTER_MS, row, reading);
  return row.state === "waiting" && row.reason === "implausible_jump";
}
