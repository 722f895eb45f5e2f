import type { Socket } from "node:net";
import { drizzle } from "drizzle-orm/mysql2";
import { migrate } from "drizzle-orm/mysql2/migrator";
import { createPool, type Pool, type PoolConnection, type PoolOptions } from "mysql2";
import { migrationsFolder } from "../migrations.ts";
import type { MySqlConnection } from "./mysql.ts";
import type { PoolState } from "./store.ts";

const CONNECTIONS = 20;
/** With more statements waiting for a connection than this, the next fails at once. */
const MAX_WAITING = 200;
const CONNECT_TIMEOUT_MS = 3_000;
/** How long after a statement's timeout a connection is given up on which the server does not answer at all. */
const SILENCE_AFTER_TIMEOUT_MS = 2_000;
const MIGRATION_LOCK_SECONDS = 60;

const UTC = "SET time_zone = '+00:00'";
/** The versioned comments are for MySQL (which limits reads alone) and for MariaDB; each passes over the other's. */
const sessionOf = (statementTimeoutMs: number) =>
  [
    `${UTC}, innodb_lock_wait_timeout = ${Math.ceil(statementTimeoutMs / 1_000)}`,
    `/*!50708 , max_execution_time = ${statementTimeoutMs} */`,
    `/*M!100101 , max_statement_time = ${statementTimeoutMs / 1_000} */`,
  ].join(" ");

/**
 * A pool of connections to Aurora, MySQL 8 or MariaDB. The server may work on a statement for `statementTimeoutMs`; a
 * connection without an answer for `silenceTimeoutMs` is given up. Throws on a bad URL.
 */
export function connectMySql(
  url: string,
  statementTimeoutMs: number,
  silenceTimeoutMs = statementTimeoutMs + SILENCE_AFTER_TIMEOUT_MS,
): MySqlConnection {
  const session = sessionOf(statementTimeoutMs);
  const pool = createPool(poolOptions(url));
  replaceReadOnlyConnections(pool);
  pool.on("connection", (connection) => {
    // Queued before anything else on the connection. Should it fail, so will what follows.
    connection.query(session, () => undefined);
    giveUpOnSilence(connection, silenceTimeoutMs);
    castByDriver(connection);
  });
  const db = drizzle({ client: pool });
  return {
    db,
    migrate: () => migrateAt(url),
    close: () => end(pool),
    poolState: () => stateOf(pool),
  };
}

/** The driver's events do not tell when a connection is gone, but its lists do. */
function stateOf(pool: Pool): PoolState {
  const { _allConnections, _freeConnections, _connectionQueue } = pool as unknown as Record<string, { length: number }>;
  return {
    open: _allConnections?.length ?? 0,
    idle: _freeConnections?.length ?? 0,
    waiting: _connectionQueue?.length ?? 0,
  };
}

/** On connections of their own, for a change of a large table takes longer than any statement of ours may. */
async function migrateAt(url: string): Promise<void> {
  const pool = createPool({ ...poolOptions(url), connectionLimit: 2 });
  pool.on("connection", (connection) => connection.query(UTC, () => undefined));
  try {
    // Two instances that start at once must not both create the tables. The lock ends with its connection.
    const connection = await pool.promise().getConnection();
    await connection.query("SELECT GET_LOCK('paridad_migrations', ?)", [MIGRATION_LOCK_SECONDS]);
    await migrate(drizzle({ client: pool }), { migrationsFolder: migrationsFolder("mysql") });
    connection.destroy();
  } finally {
    await end(pool);
  }
}

/** A connection that breaks while it says good-bye has nothing left to lose. */
async function end(pool: Pool): Promise<void> {
  await pool
    .promise()
    .end()
    .catch(() => undefined);
}

/**
 * What the URL asks for. `?ssl=required` verifies the server's certificate and name, `?ssl=disabled` sends everything in
 * the clear; without either it is required outside of this machine.
 */
export function poolOptions(url: string): PoolOptions {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  const ssl = searchParams.get("ssl") ?? (LOCAL_HOSTS.has(host) ? "disabled" : "required");
  if (ssl !== "required" && ssl !== "disabled") throw new Error("?ssl= must be required or disabled");
  return {
    host,
    port: port === "" ? 3306 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    ...(ssl === "required" && { ssl: { minVersion: "TLSv1.2", rejectUnauthorized: true, verifyIdentity: true } }),
    connectionLimit: CONNECTIONS,
    maxIdle: CONNECTIONS,
    queueLimit: MAX_WAITING,
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableKeepAlive: true,
    timezone: "Z",
    charset: "utf8mb4",
    supportBigNumbers: true,
    dateStrings: true,
    // Errors come from Drizzle, which gives them the stack of its own.
    trace: false,
  };
}

const LOCAL_HOSTS = new Set(["127.0.0.1", "localhost", "::1"]);

/** A server that has gone without a word would keep its connections, and then the pool, for many minutes. */
function giveUpOnSilence(connection: PoolConnection, timeoutMs: number): void {
  const { query } = connection;
  // The driver's own time-out leaves the connection in the pool, with the answer to come.
  const { stream } = connection as PoolConnection & { stream: Socket };
  const watched = (...args: Parameters<typeof query>) => {
    const command = query.apply(connection, args);
    const onSilence = () => stream.destroy(new Error("the database did not answer in time"));
    const timer = setTimeout(onSilence, timeoutMs).unref();
    command.once("end", () => clearTimeout(timer));
    return command;
  };
  connection.query = watched as typeof query;
}

/**
 * Drizzle asks for dates as text with a function, for which the driver makes another one for each value of each row. With
 * `dateStrings` it reads them so by itself.
 */
function castByDriver(connection: PoolConnection): void {
  const { query } = connection;
  const cast = (...args: Parameters<typeof query>) => {
    // A pool gives its connection a statement that is made already, and has its options in it.
    const asked = args[0] as string | (Cast & { _queryOptions?: Cast });
    if (typeof asked !== "string") (asked._queryOptions ?? asked).typeCast = true;
    return query.apply(connection, args);
  };
  connection.query = cast as typeof query;
}

type Cast = { typeCast?: unknown };

/** What a writer says after a fail-over made it a replica: 1290 (Aurora), 1792 and 1836; 1036 and 1874 if InnoDB itself is read-only. */
const READ_ONLY_ERRORS = new Set([1036, 1290, 1792, 1836, 1874]);

interface Command {
  onResult?: (error: { errno?: number } | null, ...rest: unknown[]) => void;
}

/**
 * Has a pool replace its connections once one of them turns out to be read-only: after a fail-over they stay open to an
 * instance that takes no more writes. Idle ones are closed at once, those in use when they are given back.
 */
export function replaceReadOnlyConnections(pool: Pool): void {
  const idle = new Set<PoolConnection>();
  const outdated = new WeakSet<PoolConnection>();
  const inUse = new Set<PoolConnection>();

  pool.on("acquire", (connection) => {
    idle.delete(connection);
    inUse.add(connection);
  });
  pool.on("release", (connection) => {
    inUse.delete(connection);
    idle.add(connection);
  });
  pool.on("connection", (connection) => {
    connection.once("end", () => forget(connection));
    connection.once("error", () => forget(connection));
    onError(connection, ({ errno }) => {
      if (errno !== undefined && READ_ONLY_ERRORS.has(errno)) replaceAll(connection);
    });
    const { release } = connection;
    connection.release = () => {
      if (!outdated.has(connection)) return release.call(connection);
      forget(connection);
      connection.destroy();
    };
  });

  function replaceAll(failed: PoolConnection): void {
    for (const connection of [failed, ...inUse]) outdated.add(connection);
    for (const connection of idle) connection.destroy();
    idle.clear();
  }

  function forget(connection: PoolConnection): void {
    idle.delete(connection);
    inUse.delete(connection);
  }
}

/** Calls back with each error that a statement on the connection meets, before its caller learns of it. */
function onError(connection: PoolConnection, callback: (error: { errno?: number }) => void): void {
  const { query } = connection;
  const watched = (...args: Parameters<typeof query>) => {
    const command = query.apply(connection, args) as ReturnType<typeof query> & Command;
    const { onResult } = command;
    if (onResult)
      command.onResult = (error, ...rest) => {
        if (error) callback(error);
        onResult(error, ...rest);
      };
    return command;
  };
  connection.query = watched as typeof query;
}
