import type { Candidate } from "#core/ingest/review.ts";
import { parseDecimal } from "#core/money/decimal.ts";
import type { PlainDate } from "#core/time/dates.ts";
import type { ReadingCommit, SeriesReading } from "#core/wire/internal.ts";
import type { Change, Differences } from "./differences.ts";
import { guardMoves } from "./guard.ts";
import { refuseOtherSeries } from "./other-series.ts";
import { judgeRevisions } from "./revisions.ts";
import {
  type Current,
  isReleasable,
  isSameCase,
  isWithdrawal,
  isWithin,
  type Kept,
  type Outcome,
  type Reason,
  type Stored,
  sameValue,
} from "./state.ts";
import { missingDates } from "./withdrawals.ts";

export interface NewObservation extends Candidate {
  scale: number;
  revision: number;
  withdrawn: boolean;
  fetchedAt: string | null;
}

export interface Refused extends Candidate {
  reason: Reason;
  fetchedAt: string;
}

export interface Closed {
  id: number;
  outcome: Outcome;
}

export interface Plan {
  observations: NewObservation[];
  /** What goes to quarantine and is not there yet. */
  refused: Refused[];
  closed: Closed[];
  /** What waits because it moved too far, unless another provider confirms it. */
  jumps: Pick<Candidate, "date" | "value">[];
  counts: Omit<ReadingCommit, "pages">;
}

type Said = Pick<Kept, "date" | "value" | "reason">;

/**
 * What storing a reading comes to: what is new, what revises, what is taken back, what waits. Values that wait for a
 * later one to confirm them are judged again with every reading of their series. Committing twice changes nothing.
 * `differences`: of this reading from what is stored.
 */
export function planCommit(reading: SeriesReading, stored: Stored, differences: Differences): Plan {
  const { series, fetched_at } = reading;
  const { values, refused } = refuseOtherSeries(differences.changes, stored.others);
  const revisions = judgeRevisions(reading, values, stored);
  const earlier = jumpsNotIn(reading, stored);
  const moves = guardMoves(series, [...revisions.passed, ...earlier], stored.current);
  const revised = moves.sound.filter(({ before }) => before !== undefined).length;
  const missing = missingDates(reading, stored, revised);

  const waiting: Said[] = [
    ...revisions.waiting.map(({ date, value }) => ({ date, value, reason: "mass_revision" as const })),
    ...moves.jumps.map(({ date, value }) => ({ date, value, reason: "implausible_jump" as const })),
    ...missing.waiting,
  ];
  const held = [...differences.refused, ...refused, ...waiting];
  const isKept = (one: Said) =>
    stored.kept.get(one.date)?.some((row) => row.state === "waiting" && isSameCase(row, one));
  const datesEarlier = new Set(earlier.map(({ date }) => date));
  return {
    observations: [
      ...moves.sound.map(({ date, value, before }) => observationOf(reading, date, value, before)),
      ...missing.withdrawn.map(({ date, before }) => ({
        ...observationOf(reading, date, before.value, before),
        withdrawn: true,
      })),
    ],
    refused: held
      .filter((one) => !isKept(one))
      .map(({ date, value, reason }) => ({ series, date, value, reason, fetchedAt: fetched_at })),
    jumps: moves.jumps,
    closed: closedBy(reading, stored, [...moves.sound, ...missing.withdrawn], waiting),
    counts: {
      accepted: moves.sound.length - revised,
      unchanged: differences.unchanged,
      revised,
      withdrawn: missing.withdrawn.length,
      quarantined: held.filter(({ date }) => !datesEarlier.has(date)).length,
      overtaken: differences.overtaken + missing.overtaken,
    },
  };
}

/** The next revision of a date, with a value. */
export function observationOf(
  { series, fetched_at }: { series: string; fetched_at: string | null },
  date: PlainDate,
  value: string,
  before: Current | undefined,
): NewObservation {
  const revision = before ? before.revision + 1 : 0;
  return { series, date, value, scale: parseDecimal(value).scale, revision, withdrawn: false, fetchedAt: fetched_at };
}

/** Values of earlier readings that still wait for a later date's value, and that this one does not mention. */
function jumpsNotIn(reading: SeriesReading, { current, kept, isConfirmed }: Stored): Change[] {
  if (kept.size === 0) return [];
  const listed = new Map(reading.observations);
  return [...kept.values()]
    .flat()
    .filter((row) => row.state === "waiting" && row.reason === "implausible_jump" && !listed.has(row.date))
    .filter((row) => !isSettled(row, current.get(row.date)) && !isContradicted(row, reading, listed))
    .map(({ date, value }) => {
      const isReleased = isConfirmed?.(date, value) === true;
      return { date, value, before: current.get(date), isReleased };
    });
}

/** The rows of the quarantine that are over: stored by now, or contradicted by what the provider says by now. */
function closedBy(
  reading: SeriesReading,
  { current, kept }: Stored,
  storedNow: readonly { date: PlainDate; value: string }[],
  waiting: readonly Said[],
): Closed[] {
  if (kept.size === 0) return [];
  const listed = new Map(reading.observations);
  const stored = new Map(storedNow.map(({ date, value }) => [date, value]));
  const stillWaiting = Map.groupBy(waiting, ({ date }) => date);
  const closed: Closed[] = [];
  for (const row of [...kept.values()].flat()) {
    if (row.state === "released" || !isReleasable(row.reason)) continue;
    if (stillWaiting.get(row.date)?.some((one) => isSameCase(row, one))) continue;
    const value = stored.get(row.date);
    if (value !== undefined) {
      closed.push({ id: row.id, outcome: sameValue(value, row.value) ? "stored" : "superseded" });
    } else if (isSettled(row, current.get(row.date)) || isContradicted(row, reading, listed)) {
      closed.push({ id: row.id, outcome: "superseded" });
    }
  }
  return closed;
}

/** Whether what waits has come to be in another way. */
function isSettled({ state, reason, value }: Kept, current: Current | undefined): boolean {
  if (state !== "waiting" || current === undefined) return false;
  return isWithdrawal(reason) ? current.withdrawn : !current.withdrawn && sameValue(current.value, value);
}

/** Whether a reading, made no earlier than the one that the row comes from, says something else. */
function isContradicted(row: Kept, reading: SeriesReading, listed: ReadonlyMap<PlainDate, string>): boolean {
  if (row.fetchedAt !== null && Date.parse(row.fetchedAt) > Date.parse(reading.fetched_at)) return false;
  const value = listed.get(row.date);
  const isAbsent = value === undefined && isWithin(row.date, reading);
  if (isWithdrawal(row.reason)) return value !== undefined || (row.state === "waiting" && isAbsent);
  if (value === undefined) return isAbsent;
  return row.state === "waiting" || !sameValue(value, row.value);
}
