import { isSameContent, type Observation, type Page } from "../rates/page.ts";
import type { PlainDate } from "../time/dates.ts";

/**
 * Which page is published when the pages in Redis and at the origin differ. The origin wins, unless it seems to have lost
 * data (a restored backup): no date that clients have seen disappears unless it was withdrawn.
 */

export interface PublicationFacts {
  /** Whether the origin has just read this date from the provider: then the origin is right. */
  isConfirmed: (date: PlainDate) => boolean;
  /** The highest sequence number that the origin ever used: a higher version is not from this database. */
  maxSeq: number;
  /** Whether the origin is known to be behind, so that its older values may be older revisions. */
  isStoreBehind: boolean;
}

export interface Publication {
  /** What to write to Redis. */
  page: Page;
  /** Dates that the replica has and that the origin seems to have lost. */
  lostDates: readonly PlainDate[];
}

/** The state of each date in a page: its value, or null if it was withdrawn. */
type States = Map<PlainDate, string | null>;

/** Decides for each date whether the replica's state is kept or replaced by the origin's. */
export function decidePublication(replica: Page | undefined, origin: Page, facts: PublicationFacts): Publication {
  if (replica === undefined || isSameContent(replica, origin)) return { page: origin, lostDates: [] };
  // Same dates under a version of this database: a value that differs was never the origin's.
  const isSuspect = facts.isStoreBehind || replica.version > facts.maxSeq;
  const states = statesOf(origin);
  const lostDates: PlainDate[] = [];
  let isMerged = false;
  for (const [date, state] of statesOf(replica)) {
    const atOrigin = states.get(date);
    if (atOrigin === state) continue;
    // While the provider's value waits, a date that the origin may have lost stays as published, and one that was withdrawn away.
    const isWaiting = origin.waiting?.includes(date) ?? false;
    const isTakenBack = isWaiting && state === null;
    if (atOrigin !== undefined && !isSuspect && !isTakenBack) continue;
    if (facts.isConfirmed(date) && !isWaiting) continue;
    states.set(date, state);
    isMerged = true;
    if (!isWaiting) lostDates.push(date);
  }
  return { page: isMerged ? merged(replica, origin, states) : origin, lostDates };
}

/** Whether the page must be written: not if Redis has the same content under the same version. */
export function isWriteNeeded(replica: Page | undefined, page: Page): boolean {
  return replica === undefined || replica.version !== page.version || !isSameContent(replica, page);
}

function statesOf({ observations, withdrawn = [] }: Page): States {
  return new Map<PlainDate, string | null>([...withdrawn.map((date) => [date, null] as const), ...observations]);
}

function merged(replica: Page, origin: Page, states: States): Page {
  const { version, updated_at } = replica.version > origin.version ? replica : origin;
  const all = [...states].sort(([a], [b]) => (a < b ? -1 : 1));
  const withdrawn = all.flatMap(([date, state]) => (state === null ? [date] : []));
  const { series, year, waiting } = origin;
  return {
    series,
    year,
    version,
    updated_at,
    observations: all.filter((entry): entry is [PlainDate, string] => entry[1] !== null) as readonly Observation[],
    ...(withdrawn.length > 0 && { withdrawn }),
    ...(waiting && { waiting }),
  };
}
