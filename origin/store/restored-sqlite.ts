import { eq } from "drizzle-orm";
import { skipEvents } from "./events-sqlite.ts";
import { LINEAGE, NO_OBSERVATION, newLineage, RESTORED_JUMP, restoredFloor, SEQ_FLOOR } from "./lineage.ts";
import { observations, storeMeta } from "./schema.sqlite.ts";
import type { Sqlite } from "./sqlite-database.ts";
import { readMeta, type SqliteSession } from "./sqlite-transaction.ts";
import type { Restored } from "./store.ts";

/** Declares in a transaction that the database comes from a backup: numbers go on above those that were given. */
export async function declareRestoredIn(
  tx: Pick<Sqlite, "run" | "values"> & SqliteSession,
  aboveVersion: number | undefined,
): Promise<Restored> {
  const { maxSeq } = await readMeta(tx);
  const floor = restoredFloor(maxSeq, aboveVersion);
  // AUTOINCREMENT goes on above the highest number that was ever in the table, even if its row is gone.
  if (floor > maxSeq) {
    await tx.insert(observations).values({ ...NO_OBSERVATION, seq: floor });
    await tx.delete(observations).where(eq(observations.seriesId, NO_OBSERVATION.seriesId));
  }
  await skipEvents(tx, RESTORED_JUMP);
  const lineage = newLineage();
  for (const [name, value] of [
    [LINEAGE, lineage],
    [SEQ_FLOOR, String(floor)],
  ] as const)
    await tx.insert(storeMeta).values({ name, value }).onConflictDoUpdate({ target: storeMeta.name, set: { value } });
  return { lineage, aboveVersion: floor };
}
