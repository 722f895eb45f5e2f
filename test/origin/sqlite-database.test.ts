import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqlite } from "../../origin/store/sqlite-database.ts";

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
