import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commitBatch } from "../../origin/routes/old-batches.ts";
import { SqliteStore } from "../../origin/store/sqlite.ts";
import { openSqlite } from "../../origin/store/sqlite-database.ts";
import { StorePages } from "../../origin/store-pages.ts";
import { batchOf, NOW_MS, USD } from "./data.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "paridad-sqlite-"));
});
afterEach(() => rm(dir, { recursive: true }));

test("a full disk is told as such, and the database goes on once there is room", async () => {
  const { db, close } = openSqlite(join(dir, "paridad.sqlite"));
  await db.run(sql`CREATE TABLE rows (text TEXT)`);
  const fill = () =>
    db.transaction(async (tx) => {
      for (let row = 0; row < 200; row++) await tx.run(sql`INSERT INTO rows VALUES (${"x".repeat(2_000)})`);
    });
  await db.run(sql`PRAGMA cache_size = 2`);
  await db.run(sql`PRAGMA max_page_count = 20`);
  await expect(fill()).rejects.toMatchObject({ cause: { message: expect.stringContaining("full") } });
  expect(await db.values(sql`SELECT count(*) FROM rows`)).toEqual([[0]]);
  await db.run(sql`PRAGMA max_page_count = 100000`);
  await fill();
  expect(await db.values(sql`SELECT count(*) FROM rows`)).toEqual([[200]]);
  close();
});

test("pages are held until this process or another stores something of theirs", async () => {
  const path = join(dir, "paridad.sqlite");
  const store = new SqliteStore(path);
  await store.migrate();
  await commitBatch(store, batchOf([["2023-12-28", "16.9"]]), NOW_MS);
  let nowMs = NOW_MS;
  let reads = 0;
  const counted = {
    pages: (...of: Parameters<typeof store.pages>) => {
      reads++;
      return store.pages(...of);
    },
    pagesMark: async () => undefined,
    get pagesRevision() {
      return store.pagesRevision;
    },
  };
  const pages = new StorePages({ store: counted, now: () => nowMs, freshMs: 0, horizonMs: 0 });
  const rates = async () => (await pages.read(USD, [2023]))[0]?.page.observations.map(([, value]) => value);
  expect(await rates()).toEqual(["16.9"]);
  nowMs += 3_600_000;
  await store.transaction("accounts", async () => undefined);
  expect([await rates(), reads]).toEqual([["16.9"], 1]);

  await commitBatch(store, batchOf([["2023-12-29", "17"]]), nowMs);
  expect([await rates(), reads]).toEqual([["16.9", "17"], 2]);
  // What waits is listed in the page.
  await commitBatch(store, batchOf([["2023-12-29", "34"]], "batch-2"), nowMs);
  expect((await pages.read(USD, [2023]))[0]?.page.waiting).toEqual(["2023-12-29"]);

  const other = new DatabaseSync(path);
  other.exec("UPDATE observations SET value = '18' WHERE date = '2023-12-29'");
  other.close();
  await expect.poll(rates).toEqual(["16.9", "18"]);
  await store.close();
});
