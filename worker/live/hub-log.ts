import type { HubMessage } from "./hub.ts";

/** A publisher's page has fewer; with all providers these are the last ten days or so. */
export const MAX_KEPT = 5_000;

/** What a hub has: every message with `floor` < id ≤ `latest`. */
export interface Range {
  floor: number;
  latest: number;
  /** Nothing was ever published here. */
  isNew: boolean;
}

/** The newest messages of a hub, in its own storage. */
export class HubLog {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS kept (
      id INTEGER PRIMARY KEY, type TEXT NOT NULL, series TEXT NOT NULL, text TEXT NOT NULL)`);
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS range (
      one INTEGER PRIMARY KEY CHECK (one = 1), floor INTEGER NOT NULL, latest INTEGER NOT NULL)`);
    this.#sql.exec("CREATE TABLE IF NOT EXISTS tickets (id TEXT PRIMARY KEY, until_ms INTEGER NOT NULL)");
  }

  get range(): Range {
    const [row] = this.#sql.exec<{ floor: number; latest: number }>("SELECT floor, latest FROM range").toArray();
    return row === undefined ? { floor: 0, latest: 0, isNew: true } : { ...row, isNew: false };
  }

  /** Forgets everything: what comes next follows on `id`. */
  restart(id: number): void {
    this.#storage.transactionSync(() => {
      this.#sql.exec("DELETE FROM kept");
      this.#sql.exec("INSERT OR REPLACE INTO range VALUES (1, ?, ?)", id, id);
    });
  }

  /** Whether a ticket was not used before. It is remembered for as long as it could be used again. */
  useTicket(id: string, untilMs: number, nowMs: number): boolean {
    this.#sql.exec("DELETE FROM tickets WHERE until_ms < ?", nowMs);
    return this.#sql.exec("INSERT OR IGNORE INTO tickets VALUES (?, ?)", id, untilMs).rowsWritten > 0;
  }

  /** Whether the message is new. */
  add({ id, type, series, text }: HubMessage): boolean {
    if (id <= this.range.latest) return false;
    return this.#sql.exec("INSERT OR IGNORE INTO kept VALUES (?, ?, ?, ?)", id, type, series, text).rowsWritten > 0;
  }

  /** Everything up to `id` was added; the oldest are dropped. */
  moveTo(id: number): void {
    this.#sql.exec("UPDATE range SET latest = MAX(latest, ?)", id);
    const [oldest] = this.#sql
      .exec<{ id: number }>("SELECT id FROM kept ORDER BY id DESC LIMIT 1 OFFSET ?", MAX_KEPT)
      .toArray();
    if (oldest === undefined) return;
    this.#sql.exec("DELETE FROM kept WHERE id <= ?", oldest.id);
    this.#sql.exec("UPDATE range SET floor = ?", oldest.id);
  }

  /** Ascending. */
  after(id: number): Iterable<HubMessage> {
    return this.#sql.exec<HubMessage & Record<string, SqlStorageValue>>(
      "SELECT id, type, series, text FROM kept WHERE id > ? ORDER BY id",
      id,
    );
  }
}
