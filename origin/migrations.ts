import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

type Dialect = "sqlite" | "mysql";

const counts = new Map<Dialect, number>();

/** The folder of a dialect's migrations: beside this file, both in the source and in the bundle. */
export function migrationsFolder(dialect: Dialect): string {
  return fileURLToPath(new URL(`migrations/${dialect}`, import.meta.url));
}

/** Throws if a database has run fewer migrations than this code needs. More are those of a newer release. */
export function requireMigrations(dialect: Dialect, applied: number): void {
  const expected = counts.get(dialect) ?? countMigrations(dialect);
  counts.set(dialect, expected);
  if (!(applied >= expected)) throw new Error(`the database has ${applied} of ${expected} migrations`);
}

function countMigrations(dialect: Dialect): number {
  const journal = JSON.parse(readFileSync(`${migrationsFolder(dialect)}/meta/_journal.json`, "utf8")) as {
    entries: unknown[];
  };
  return journal.entries.length;
}
