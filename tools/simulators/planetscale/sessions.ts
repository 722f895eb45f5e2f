import { randomUUID } from "node:crypto";
import { createPool, type Pool, type PoolConnection } from "mysql2/promise";

const begins = /^\s*(begin|start\s+transaction)\b/i;
const ends = /^\s*(commit|rollback(?!\s+(work\s+)?to\b))\b/i;

/** What a client hands back with each request; opaque to it. */
export interface SessionToken {
  readonly signature: string;
  readonly vitessSession: { readonly autocommit: true; readonly sessionUUID: string; readonly inTransaction?: true };
}

interface Transaction {
  readonly connection: PoolConnection;
  /** Ends a transaction that its client has forgotten, as Vitess does. */
  expiry: NodeJS.Timeout;
}

/** The connections behind sessions: any from the pool, but always the same one while a transaction is open. */
export class Sessions {
  readonly #pool: Pool;
  readonly #transactionTimeoutMs: number;
  readonly #open = new Map<string, Transaction>();

  constructor(mysqlUrl: string, transactionTimeoutMs: number) {
    this.#transactionTimeoutMs = transactionTimeoutMs;
    this.#pool = createPool({
      uri: mysqlUrl,
      connectionLimit: 100,
      rowsAsArray: true,
      // Values go on as the bytes the server sent: no number or date is ever made of them.
      typeCast: (field) => field.buffer(),
      supportBigNumbers: true,
      bigNumberStrings: true,
      flags: ["FOUND_ROWS"],
      timezone: "Z",
      charset: "utf8mb4",
    });
    // PlanetScale is in UTC; the server behind may not be. Queued ahead of the connection's first statement.
    this.#pool.on("connection", (connection) => void connection.query("SET time_zone = '+00:00'"));
  }

  /** A session's id and token, new where the client has none. */
  issue(id: string = randomUUID()): SessionToken {
    const inTransaction = this.#open.has(id) ? ({ inTransaction: true } as const) : {};
    return { signature: `signed-${id}`, vitessSession: { autocommit: true, sessionUUID: id, ...inTransaction } };
  }

  /** Carries out a statement on the session's connection. */
  async query(id: string, sql: string, wasInTransaction: boolean) {
    const open = this.#open.get(id);
    if (open === undefined && wasInTransaction && !begins.test(sql)) {
      if (/^\s*rollback\b/i.test(sql)) return this.#pool.query("DO 0");
      throw new LostTransactionError(id);
    }
    if (open === undefined && !begins.test(sql)) return this.#pool.query(sql);
    const connection = open?.connection ?? (await this.#pool.getConnection());
    if (open !== undefined) clearTimeout(open.expiry);
    this.#open.set(id, { connection, expiry: this.#expireLater(id, connection) });
    try {
      const result = await connection.query(sql);
      if (ends.test(sql)) this.#release(id, connection);
      return result;
    } catch (error) {
      // A connection that broke took its transaction with it.
      if (isFatal(error)) this.#discard(id, connection);
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const [id, { connection }] of this.#open) this.#discard(id, connection);
    await this.#pool.end().catch(() => {});
  }

  #expireLater(id: string, connection: PoolConnection): NodeJS.Timeout {
    return setTimeout(() => this.#discard(id, connection), this.#transactionTimeoutMs).unref();
  }

  #release(id: string, connection: PoolConnection): void {
    clearTimeout(this.#open.get(id)?.expiry);
    this.#open.delete(id);
    connection.release();
  }

  #discard(id: string, connection: PoolConnection): void {
    clearTimeout(this.#open.get(id)?.expiry);
    this.#open.delete(id);
    connection.destroy();
  }
}

/** A statement of a transaction that has ended by itself. */
export class LostTransactionError extends Error {
  override readonly name = "LostTransactionError";
  readonly errno = 1317;
  readonly sqlState = "70100";
  constructor(id: string) {
    super(`transaction ${id}: ended: (transaction timeout or connection lost)`);
  }
}

function isFatal(error: unknown): boolean {
  return error instanceof Error && "fatal" in error && error.fatal === true;
}
