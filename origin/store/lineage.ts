import { randomUUID } from "node:crypto";
import { RESTORED_JUMP } from "#core/wire/internal.ts";

/** Names in the table store_meta. */
export const LINEAGE = "lineage";
/** Versions up to this one count as given, though no row has them. */
export const SEQ_FLOOR = "seq_floor";

/** Versions are JSON numbers, and there must be room for those to come. */
const MAX_VERSION = 2 ** 52;

/** Never seen outside of the transaction that makes it, to move the sequence. */
export const NO_OBSERVATION = {
  seriesId: "none",
  date: "1900-01-01",
  value: "1",
  scale: 0,
  revision: 0,
  observedAt: "1900-01-01T00:00:00.000Z",
  batchId: "none",
};

export function newLineage(): string {
  return randomUUID();
}

/** What the rows of store_meta and the highest stored version say of the database. */
export function metaOf(
  rows: readonly { name: string; value: string }[],
  storedSeq: number | null | undefined,
): { lineage: string; maxSeq: number } {
  const meta = new Map(rows.map(({ name, value }) => [name, value]));
  return { lineage: meta.get(LINEAGE) as string, maxSeq: Math.max(storedSeq ?? 0, Number(meta.get(SEQ_FLOOR) ?? 0)) };
}

/** Above which version a restored database goes on. Throws RangeError on one that leaves no room. */
export function restoredFloor(maxSeq: number, aboveVersion: number | undefined): number {
  const floor = aboveVersion === undefined ? maxSeq + RESTORED_JUMP : Math.max(maxSeq, aboveVersion);
  if (!Number.isSafeInteger(floor) || floor < 0 || floor > MAX_VERSION)
    throw new RangeError(`a version must be a whole number up to ${MAX_VERSION}`);
  return floor;
}
