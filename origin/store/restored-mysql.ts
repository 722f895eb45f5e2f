import { max } from "drizzle-orm";
import { RESTORED_JUMP } from "#core/wire/internal.ts";
import { alertEvents, deliveries } from "./alerts-schema.mysql.ts";
import { skipEvents } from "./events-mysql.ts";
import { LINEAGE, NO_OBSERVATION, newLineage, restoredFloor, SEQ_FLOOR } from "./lineage.ts";
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
  if (floor > maxSeq) await raiseVersions(db, floor);
  await skipEvents(tx, RESTORED_JUMP);
  await raiseNumbersForAccounts(db);
  const lineage = newLineage();
  for (const [name, value] of [
    [LINEAGE, lineage],
    [SEQ_FLOOR, String(floor)],
  ] as const)
    await tx.insert(storeMeta).values({ name, value }).onDuplicateKeyUpdate({ set: { value } });
  return { lineage, aboveVersion: floor };
}

function raiseVersions(db: MySql, seq: number): Promise<void> {
  return undo(db, (tx) =>
    tx.insert(observations).values({ ...NO_OBSERVATION, observedAt: "1900-01-01 00:00:00", seq }),
  );
}

/** Readers of accounts' events go on from a number, and receivers of webhooks take one only once. */
async function raiseNumbersForAccounts(db: MySql): Promise<void> {
  const [event] = await db.select({ id: max(alertEvents.id).mapWith(Number) }).from(alertEvents);
  const ofEvent = { accountId: "none", type: "none", body: "{}", atMs: 0 };
  await undo(db, (tx) => tx.insert(alertEvents).values({ ...ofEvent, id: (event?.id ?? 0) + RESTORED_JUMP }));
  const [delivery] = await db.select({ id: max(deliveries.id).mapWith(Number) }).from(deliveries);
  const ofDelivery = {
    accountId: "none",
    eventId: 0,
    endpointId: 0,
    status: 0,
    attempts: 0,
    dueAtMs: 0,
    createdAtMs: 0,
  };
  await undo(db, (tx) => tx.insert(deliveries).values({ ...ofDelivery, id: (delivery?.id ?? 0) + RESTORED_JUMP }));
}

/** AUTO_INCREMENT goes on above a number whose insertion was rolled back, so the service's user need not delete. */
async function undo(db: MySql, insert: (tx: Pick<MySql, "insert">) => PromiseLike<unknown>): Promise<void> {
  const undone = new Error("undone on purpose");
  const insertion = db.transaction(async (tx) => {
    await insert(tx);
    throw undone;
  });
  await insertion.catch((error: unknown) => {
    if (error !== undone) throw error;
  });
}
