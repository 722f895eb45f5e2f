import { existsSync, mkdirSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { drizzle, type SqliteRemoteDatabase } from "drizzle-orm/sqlite-proxy";

/** Under the working folder: elsewhere, one that is missing is a typing error or a volume that was not mounted. */
function makeFolder(folder: string): void {
  if (isAbsolute(folder) && !existsSync(folder)) throw new Error(`DATABASE_URL: there is no folder ${folder}`);
  mkdirSync(folder, { recursive: true });
}

/** How long another process may hold the file before a statement fails. */
const BUSY_TIMEOUT_MS = 5_000;
/** Statements longer than this are of the first fill. A day's readings come in parts of 40 series, with the same statements each day. */
const MAX_KEPT_STATEMENT_LENGTH = 16_000;
const MAX_KEPT_STATEMENTS = 100;

export type Sqlite = SqliteRemoteDatabase<Record<string, never>>;

/** Reads that go past drizzle, because there are many of them or many rows. */
export interface SqliteReads {
  select: (sql: string, ...params: SQLInputValue[]) => unknown[][];
  /** Runs several of them on one state of the database, whatever other processes commit meanwhile. */
  atOneMoment: <T>(read: () => T) => T;
  /** Another number after each commit of another connection: microseconds, since SQLite has it in shared memory. */
  dataVersion: () => number;
}

/**
 * Opens `path`, or a database of its own in memory for ":memory:", as a drizzle database over node:sqlite.
 * Every statement has run when its promise resolves; there is one connection, so callers keep transactions apart.
 */
export function openSqlite(path: string): { db: Sqlite; reads: SqliteReads; close: () => void } {
  if (path !== ":memory:") makeFolder(dirname(path));
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  // FULL: what is acknowledged is on the disk, even if the machine loses power the next moment.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
  const kept = new Map<string, StatementSync>();

  function prepare(sql: string): StatementSync {
    const known = kept.get(sql);
    const statement = known ?? database.prepare(sql);
    if (known === undefined) statement.setReturnArrays(true);
    if (sql.length > MAX_KEPT_STATEMENT_LENGTH) return statement;
    // In the order of use: the one that was not used for the longest goes first.
    kept.delete(sql);
    kept.set(sql, statement);
    if (kept.size > MAX_KEPT_STATEMENTS) kept.delete(kept.keys().next().value as string);
    return statement;
  }

  const db = drizzle(async (sql, params: SQLInputValue[], method) => {
    // On a full disk SQLite has rolled back by itself: that there is nothing left to undo must not hide why.
    if (sql === "rollback" && !database.isTransaction) return { rows: [] };
    const statement = prepare(sql);
    if (method === "get") return { rows: statement.get(...params) as unknown as unknown[] };
    return { rows: statement.all(...params) };
  });
  const version = database.prepare("PRAGMA data_version");
  const reads: SqliteReads = {
    dataVersion: () => Number(version.get()?.data_version),
    select: (sql, ...params) => prepare(sql).all(...params) as unknown as unknown[][],
    atOneMoment: (read) => {
      prepare("BEGIN").run();
      try {
        return read();
      } finally {
        // After some faults SQLite has rolled back by itself.
        if (database.isTransaction) prepare("COMMIT").run();
      }
    },
  };
  return {
    db,
    reads,
    close: () => {
      kept.clear();
      database.close();
    },
  };
}
