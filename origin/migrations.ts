import { fileURLToPath } from "node:url";

/** The folder of a dialect's migrations: beside this file in the source, and beside the bundle, which holds this file. */
export function migrationsFolder(dialect: "sqlite" | "mysql"): string {
  return fileURLToPath(new URL(`migrations/${dialect}`, import.meta.url));
}
