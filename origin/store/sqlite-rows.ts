import { and, between, eq, gt, inArray, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import { isInJson } from "./many-values.ts";
import type { Range, SeriesRange } from "./rows.ts";
import { observations, quarantine } from "./schema.sqlite.ts";
import { type Kept, RELEASABLE, stateOf } from "./state.ts";

/** Rows of SQLite's tables as the store knows them, and the conditions by which those of the quarantine are found. */

export const ROW = {
  series: observations.seriesId,
  date: observations.date,
  value: observations.value,
  revision: observations.revision,
  seq: observations.seq,
  observedAt: observations.observedAt,
  withdrawn: observations.withdrawn,
  fetchedAt: observations.fetchedAt,
};
/** The same, and by which reading it was written. */
export const WRITTEN = { ...ROW, batchId: observations.batchId };
/** The mark of a date with a value that waits; see Row. */
export const MARK = {
  series: quarantine.seriesId,
  date: quarantine.date,
  value: quarantine.value,
  revision: sql<number>`-1`,
  seq: sql<number>`0`,
  observedAt: quarantine.quarantinedAt,
  withdrawn: sql<boolean>`0`,
  fetchedAt: quarantine.fetchedAt,
};
/** What a person or a later reading still has to decide. */
export const isWaiting = and(
  isNull(quarantine.closedAt),
  isNull(quarantine.releasedAt),
  inArray(quarantine.reason, [...RELEASABLE]),
);

export const KEPT = {
  id: quarantine.id,
  series: quarantine.seriesId,
  date: quarantine.date,
  value: quarantine.value,
  reason: quarantine.reason,
  fetchedAt: quarantine.fetchedAt,
  releasedAt: quarantine.releasedAt,
  outcome: quarantine.outcome,
};

type KeptRow = Omit<Kept, "state" | "reason"> & { reason: string; releasedAt: string | null; outcome: string | null };

/** A value that waits because it moved too far. */
export const isJump = and(
  isNull(quarantine.closedAt),
  isNull(quarantine.releasedAt),
  eq(quarantine.reason, "implausible_jump"),
);

export function isKept({ series, from, to }: SeriesRange) {
  const isOpen = isNull(quarantine.closedAt);
  const isDecided = or(isNotNull(quarantine.releasedAt), eq(quarantine.outcome, "dismissed"));
  const isInRange = and(between(quarantine.date, from, to), or(isOpen, isDecided));
  return and(isInJson(quarantine.seriesId, series), or(isInRange, isJump));
}

export function isHeldOutside({ series, from, to }: Range, fetchedAt: string) {
  const isWaiting = and(isNull(quarantine.closedAt), eq(quarantine.reason, "mass_revision"));
  const isElsewhere = or(lt(quarantine.date, from), gt(quarantine.date, to));
  return and(eq(quarantine.seriesId, series), eq(quarantine.fetchedAt, fetchedAt), isWaiting, isElsewhere);
}

export function keptOf({ releasedAt, outcome, ...row }: KeptRow): Kept {
  return { ...row, state: stateOf({ releasedAt, outcome }) } as Kept;
}
