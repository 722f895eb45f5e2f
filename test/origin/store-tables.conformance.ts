import { describe, expect, test } from "vitest";
import { commitBatch } from "../../origin/routes/old-batches.ts";
import { batchOf, IDS, NOW_MS, USD } from "./data.ts";
import type { StoreUnderTest } from "./store.conformance.ts";

const BATCH = batchOf([["2023-12-29", "16.9190"]]);

/** The part of the conformance suite about tables and migrations. `current`: an emptied store. */
export function describeTables(current: () => StoreUnderTest): void {
  describe("tables", () => {
    test("migrating again, or twice at once, changes nothing", async () => {
      const { store } = current();
      await commitBatch(store, BATCH, NOW_MS);
      const before = [await store.pages(USD, 2023, 2023), await store.digests(IDS)];
      await Promise.all([store.migrate(), store.migrate()]);
      expect([await store.pages(USD, 2023, 2023), await store.digests(IDS)]).toEqual(before);
      await store.ping();
    });

    test("the series of the registry are in the database", async () => {
      const { store, execute } = current();
      await execute("DELETE FROM series");
      expect(await commitBatch(store, BATCH, NOW_MS)).toMatchObject({ accepted: 1 });
      await store.migrate();
    });
  });

  describe("ping", () => {
    const isReady = () =>
      current()
        .store.ping()
        .then(
          () => true,
          () => false,
        );
    test("fails while a migration is missing, or a column that pages and digests are read from", async () => {
      expect(await isReady()).toBe(true);
      await current().execute("CREATE TABLE kept AS SELECT * FROM __drizzle_migrations");
      await current().execute("DELETE FROM __drizzle_migrations");
      expect(await isReady()).toBe(false);
      await current().execute("INSERT INTO __drizzle_migrations SELECT * FROM kept");
      await current().execute("DROP TABLE kept");
      expect(await isReady()).toBe(true);
      for (const [table, column] of [
        ["observations", "scale"],
        ["observations", "exact_value"],
        ["observations", "observed_at"],
        ["observations", "withdrawn"],
        ["quarantine", "closed_at"],
        ["store_meta", "value"],
      ] as const) {
        // SQLite keeps the published text itself.
        if (["scale", "exact_value"].includes(column) && current().isEmbedded) continue;
        await current().execute(`ALTER TABLE ${table} RENAME COLUMN ${column} TO gone`);
        expect(await isReady(), column).toBe(false);
        await current().execute(`ALTER TABLE ${table} RENAME COLUMN gone TO ${column}`);
        expect(await isReady()).toBe(true);
      }
    });
  });
}
