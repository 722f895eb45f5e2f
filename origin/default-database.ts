import { existsSync, readFileSync } from "node:fs";
import { LOCAL_DATABASE } from "./env.ts";

/** `npm run dev` writes the URL of its database here, so that tools open the same one. */
export const CURRENT_DATABASE_FILE = "current-database";
const STATE_DIR = ".paridad";

export interface ToolEnv {
  DATABASE_URL?: string | undefined;
  PARIDAD_DIR?: string | undefined;
}

/**
 * The database that a tool works on: DATABASE_URL, else that of the last `npm run dev`, else that of `npm run origin`.
 * Throws if there is none: a new, empty one would hide the mistake.
 */
export function toolDatabase(env: ToolEnv): string {
  const found = databaseInUse(env);
  if (found === undefined)
    throw new Error("which database? Set DATABASE_URL, or start npm run dev or npm run origin first");
  return found;
}

/** The database that is to be migrated: the one that tools work on, or where there is none that of `npm run origin`. */
export function databaseToMigrate(env: ToolEnv): string {
  return databaseInUse(env) ?? LOCAL_DATABASE;
}

function databaseInUse(env: ToolEnv): string | undefined {
  if (env.DATABASE_URL) return env.DATABASE_URL;
  const candidates = [currentDatabase(env.PARIDAD_DIR || STATE_DIR), LOCAL_DATABASE];
  return candidates.find((url) => url !== undefined && existsSync(url.slice("file:".length)));
}

function currentDatabase(stateDir: string): string | undefined {
  const file = `${stateDir}/${CURRENT_DATABASE_FILE}`;
  if (!existsSync(file)) return undefined;
  const url = readFileSync(file, "utf8").trim();
  return url.startsWith("file:") ? url : undefined;
}
