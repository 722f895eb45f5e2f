import type { Pool, PoolConnection } from "mysql2";

/** What a writer says that has become a replica by a fail-over: 1290 (Aurora), 1792 and 1836. */
const READ_ONLY_ERRORS = new Set([1290, 1792, 1836]);

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
