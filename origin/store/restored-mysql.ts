import { skipEvents } from "./events-mysql.ts";
import { LINEAGE, NO_OBSERVATION, newLineage, RESTORED_JUMP, restoredFloor, SEQ_FLOOR } from "./lineage.ts";
import type { MySql } from "./mysql.ts";
import { type MySqlSession, readMeta } from "./mysql-transaction.ts";
import { observations, storeMeta } from "./schema.mysql.ts";
import type { Restored } from "./store.ts";

/**
 * Declares in a transaction that the database comes from a backup: numbers go on above those that were given. `db` is the
 * database outside of it.
 */
export async function declareRestoredIn(
  db: MySql,
  tx: MySqlSession & Pick<MySql, "execute">,
  aboveVersion: number | undefined,
): Promise<Restored> {
  const { maxSeq } = await readMeta(tx);
  const floor = restoredFloor(maxSeq, aboveVersion);
  if (floor > maxSeq) await raiseAutoIncrement(db, floor);
  await skipEvents(tx, RESTORED_JUMP);
  const lineage = newLineage();
  for (const [name, value] of [
    [LINEAGE, lineage],
    [SEQ_FLOOR, String(floor)],
  ] as const)
    await tx.insert(storeMeta).values({ name, value }).onDuplicateKeyUpdate({ set: { value } });
  return { lineage, aboveVersion: floor };
}

/** AUTO_INCREMENT goes on above a number whose insertion was rolled back, so the service's user need not delete. */
async function raiseAutoIncrement(db: MySql, floor: number): Promise<void> {
  const undone = new Error("undone on purpose");
  const insertion = db.transaction(async (tx) => {
    await tx.insert(observations).values({ ...NO_OBSERVATION, observedAt: "1900-01-01 00:00:00", seq: floor });
    throw undone;
  });
  await insertion.catch((error: unknown) => {
    if (error !== undone) throw error;
  });
}
