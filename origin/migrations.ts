import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { MigrationCount } from "./store/store.ts";

type Dialect = "sqlite" | "mysql";

const counts = new Map<Dialect, number>();

/** The folder of a dialect's migrations: beside this file, both in the source and in the bundle. */
export function migrationsFolder(dialect: Dialect): string {
  return fileURLToPath(new URL(`migrations/${dialect}`, import.meta.url));
}

/** How many migrations this code needs. */
export function expectedMigrations(dialect: Dialect): number {
  const expected = counts.get(dialect) ?? countMigrations(dialect);
  counts.set(dialect, expected);
  return expected;
}

/** Throws if a database has run fewer migrations than this code needs. More are those of a newer release. */
export function requireMigrations({ applied, expected }: MigrationCount): void {
  if (!(applied >= expected)) throw new Error(`the database has ${applied} of ${expected} migrations`);
}

function countMigrations(dialect: Dialect): number {
  const journal = JSON.parse(readFileSync(`${migrationsFolder(dialect)}/meta/_journal.json`, "utf8")) as {
    entries: unknown[];
  };
  return journal.entries.length;
}
