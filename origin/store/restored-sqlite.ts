import { eq, sql } from "drizzle-orm";
import { RESTORED_JUMP } from "#core/wire/internal.ts";
import { skipEvents } from "./events-sqlite.ts";
import { LINEAGE, NO_OBSERVATION, newLineage, restoredFloor, SEQ_FLOOR } from "./lineage.ts";
import { observations, storeMeta } from "./schema.sqlite.ts";
import type { Sqlite } from "./sqlite-database.ts";
import { readMeta, type SqliteSession } from "./sqlite-transaction.ts";
import type { Restored } from "./store.ts";

/** Readers of accounts' events go on from a number, and receivers of webhooks take one only once. */
const NUMBERED_FOR_ACCOUNTS = ["alert_events", "deliveries"];

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
  for (const table of NUMBERED_FOR_ACCOUNTS) await skipNumbers(tx, table);
  const lineage = newLineage();
  for (const [name, value] of [
    [LINEAGE, lineage],
    [SEQ_FLOOR, String(floor)],
  ] as const)
    await tx.insert(storeMeta).values({ name, value }).onConflictDoUpdate({ target: storeMeta.name, set: { value } });
  return { lineage, aboveVersion: floor };
}

/** AUTOINCREMENT's own table has no row of a table that never had one. */
async function skipNumbers(tx: Pick<Sqlite, "run">, table: string): Promise<void> {
  await tx.run(sql`INSERT INTO sqlite_sequence (name, seq)
    SELECT ${table}, 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ${table})`);
  await tx.run(sql`UPDATE sqlite_sequence SET seq = seq + ${RESTORED_JUMP} WHERE name = ${table}`);
}
