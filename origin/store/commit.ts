import type { Batch, Commit } from "#core/internal.ts";
import type { Candidate } from "#core/review.ts";
import { findSeries } from "#core/series.ts";
import { type NewObservation, planCommit, RELEASABLE, type Refused } from "./plan.ts";
import { currentOf, type Range, type Row, rangesOf, touchedPages } from "./rows.ts";

/** When and by what rows were written, for the record. */
export interface Stamp {
  batchId: string;
  /** RFC 3339, UTC. */
  at: string;
}

/** What a dialect does within the transaction of a commit. */
export interface CommitTransaction {
  /** Keeps other commits of these series (ascending, each once) waiting until this one has ended. */
  lock(series: readonly string[]): Promise<void>;
  /** Ascending by series, date and revision. */
  read(ranges: readonly Range[]): Promise<Row[]>;
  /** The values that a person has let pass. */
  released(series: readonly string[]): Promise<Candidate[]>;
  insert(observations: readonly NewObservation[], stamp: Stamp): Promise<void>;
  /** Values that are in quarantine for the same reason already are passed over. */
  quarantine(refused: readonly Refused[], stamp: Stamp): Promise<void>;
}

/** Stores a batch by way of a dialect's transaction, and answers as the database stands after it. */
export async function commitBatch(tx: CommitTransaction, batch: Batch, nowMs: number): Promise<Commit> {
  const candidates = batch.observations;
  const known = new Set(candidates.map(({ series }) => series).filter((id) => findSeries(id) !== undefined));
  const series = [...known].sort();
  const ranges = rangesOf(candidates, known);
  const stamp = { batchId: batch.batch_id, at: new Date(nowMs).toISOString() };

  if (known.size > 0) await tx.lock(series);
  const rows = known.size > 0 ? await tx.read(ranges) : [];
  const current = currentOf(rows);
  let plan = planCommit(batch, current, () => false, nowMs);
  if (plan.refused.some(({ reason }) => reason === RELEASABLE)) {
    const released = new Set((await tx.released(series)).map(keyOf));
    if (released.size > 0) plan = planCommit(batch, current, (candidate) => released.has(keyOf(candidate)), nowMs);
  }
  if (plan.refused.length > 0) await tx.quarantine(plan.refused, stamp);
  if (plan.observations.length === 0) return { ...plan.counts, pages: touchedPages(candidates, known, rows) };
  await tx.insert(plan.observations, stamp);
  return { ...plan.counts, pages: touchedPages(candidates, known, await tx.read(ranges)) };
}

function keyOf({ series, date, value }: Candidate): string {
  return `${series} ${date} ${value}`;
}
