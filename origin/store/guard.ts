import { isBetween, isBeyondBound, isNear, type Point } from "#core/ingest/moves.ts";
import type { Change } from "./differences.ts";
import { type CurrentValues, MAX_REVISIONS_PER_DAY } from "./state.ts";

/** A value that moved too far, and whether a later one near it may confirm it. */
interface Suspect {
  change: Change;
  isConfirmable: boolean;
}

interface Judged {
  sound: Change[];
  jumps: Change[];
}

/**
 * Holds back values that move too far: from the stored value of their date, or else from their neighbours. Two values of
 * successive dates that are near each other confirm each other, unless a move is beyond what a person alone lets pass.
 */
export function guardMoves(seriesId: string, changes: readonly Change[], current: CurrentValues): Judged {
  const { sound, jumps } = judgeOnce(seriesId, changes, current);
  if (sound.length === 0 || jumps.length === 0) return { sound, jumps };
  // What was accepted is a neighbour of what was not: judged again now, or the next reading would do it.
  const again = guardMoves(seriesId, jumps, withAccepted(current, sound));
  return { sound: [...sound, ...again.sound], jumps: again.jumps };
}

function judgeOnce(seriesId: string, changes: readonly Change[], current: CurrentValues): Judged {
  const sound = new Set<Change>();
  const trusted = trustedPoints(current);
  /** When many dates move at once, that one of them is near a new value proves nothing. */
  const areFewSteep = changes.filter((change) => isSteep(seriesId, change)).length <= MAX_REVISIONS_PER_DAY;
  /** Since the last trusted date. */
  let suspects: Suspect[] = [];
  let before: Point | undefined;
  let next = 0;

  for (const change of [...changes].sort((a, b) => (a.date < b.date ? -1 : 1))) {
    for (; (trusted[next]?.date ?? "9999") < change.date; next++) trust(trusted[next] as Point);
    const after = trusted[next]?.date === change.date ? trusted[next + 1] : trusted[next];
    if (change.isReleased || isSound(change, after)) accept(change);
    else suspect(change, after);
  }
  return {
    sound: changes.filter((change) => sound.has(change)),
    jumps: changes.filter((change) => !sound.has(change)),
  };

  function isSound(change: Change, after: Point | undefined): boolean {
    if (hasValue(change)) return !isSteep(seriesId, change);
    // Were the first of all values wrong, every right one would be a jump. Of one or two values nobody can tell.
    if (before === undefined && after === undefined) return changes.length <= 2;
    return isBetween(seriesId, change, before, after);
  }

  function suspect(change: Change, after: Point | undefined): void {
    const isConfirmable = hasValue(change)
      ? areFewSteep && !isBeyondBound(change, previousOf(change))
      : before === undefined
        ? after === undefined
        : !isBeyondBound(change, before);
    const mayConfirm = isConfirmable && !hasValue(change) && (after === undefined || isNear(seriesId, change, after));
    const first = mayConfirm && suspects.find((one) => one.isConfirmable && isNear(seriesId, one.change, change));
    if (first) {
      accept(first.change);
      accept(change);
    } else {
      suspects.push({ change, isConfirmable });
    }
  }

  function accept(change: Change): void {
    sound.add(change);
    trust(change);
  }

  function trust(point: Point): void {
    // A value of this reading stands in place of the stored one of its date.
    if (before !== undefined && point.date <= before.date) return;
    before = point;
    suspects = suspects.filter(({ change }) => change.date >= point.date);
  }
}

/** The values as they will be stored. The jumps' own dates are not among them, so what else is known of a date stays. */
function withAccepted(current: CurrentValues, accepted: readonly Change[]): CurrentValues {
  const values = new Map(current);
  for (const { date, value, before } of accepted) {
    const { revision, seq, fetchedAt } = before ?? { revision: -1, seq: 0, fetchedAt: null };
    values.set(date, { value, revision: revision + 1, seq, withdrawn: false, fetchedAt });
  }
  return new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether a change moves too far from the value that its date has. */
export function isSteep(seriesId: string, change: Change): boolean {
  return hasValue(change) && !isNear(seriesId, change, previousOf(change));
}

function hasValue({ before }: Change): boolean {
  return before !== undefined && !before.withdrawn;
}

function previousOf({ date, before }: Change): Point {
  return { date, value: (before as { value: string }).value };
}

function trustedPoints(current: CurrentValues): Point[] {
  return [...current].filter(([, { withdrawn }]) => !withdrawn).map(([date, { value }]) => ({ date, value }));
}
