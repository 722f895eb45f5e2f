import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { findCommand } from "./packages.ts";
import { freePort, type ServerControl, startServer } from "./process.ts";
import { run } from "./run.ts";
import { findTools, type Tools } from "./tools.ts";

/** A MariaDB or MySQL of the tests' own. */
export interface MariaDb extends ServerControl {
  /** `mysql://root@127.0.0.1:port`, without a database. */
  readonly url: string;
  /** Creates an empty database and gives its URL. */
  createDatabase(): Promise<string>;
}

const mariadbPackage = "mariadb-server-core";
/** MySQL 8's defaults; MariaDB's are laxer. */
const sqlMode =
  "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

const initFile = "init.sql";
/** From a container's point of view the tests are not on localhost. */
const openToRoot = `CREATE USER IF NOT EXISTS root@'%' IDENTIFIED BY '';
GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;
`;

/** Starts a server on a private port with an empty data folder; `stop` removes both. */
export async function startMariaDb(): Promise<MariaDb> {
  const dir = await mkdtemp(join(tmpdir(), "paridad-mariadb-"));
  try {
    const { tools, server } = await findServer(dir);
    await initialise(tools, server, dir);
    await writeFile(join(dir, initFile), openToRoot);
    const port = await freePort();
    const url = `mysql://root@127.0.0.1:${port}`;
    const container = `paridad-mariadb-${port}`;
    const control = await startServer({
      name: server,
      ...tools.line(server, serverOptions(dir, port, tools), { container, port }),
      dir,
      ...(tools.image === undefined ? {} : { container }),
      ready: () => query(url, "DO 1"),
    });
    return Object.assign(control, { url, createDatabase: () => createDatabaseAt(url) });
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

/** Creates an empty database on a running server and gives its URL. */
export async function createDatabaseAt(serverUrl: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await query(serverUrl, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return `${serverUrl.replace(/\/$/, "")}/${name}`;
}

async function findServer(dir: string): Promise<{ tools: Tools; server: string }> {
  const onlyMySql = (await findCommand("mariadbd")) === undefined && (await findCommand("mysqld")) !== undefined;
  const wanted: Record<string, string> = onlyMySql
    ? { mysqld: "default-mysql-server" }
    : { mariadbd: mariadbPackage, "mariadb-install-db": mariadbPackage, my_print_defaults: "mariadb-client-core" };
  const tools = await findTools(wanted, "mariadb:11.4", dir);
  return { tools, server: onlyMySql ? "mysqld" : "mariadbd" };
}

async function initialise(tools: Tools, server: string, dir: string): Promise<void> {
  const places = placesIn(dir);
  const line =
    server === "mysqld"
      ? tools.line("mysqld", ["--no-defaults", "--initialize-insecure", ...asRoot(), ...places])
      : tools.line("mariadb-install-db", [
          "--no-defaults",
          ...asRoot(),
          ...places,
          "--auth-root-authentication-method=normal",
          "--skip-test-db",
          "--skip-name-resolve",
        ]);
  await run(line.command, line.args);
}

function serverOptions(dir: string, port: number, tools: Tools): string[] {
  return [
    "--no-defaults",
    ...asRoot(),
    ...placesIn(dir),
    `--port=${port}`,
    `--bind-address=${tools.bindAddress}`,
    "--socket=server.sock",
    "--pid-file=server.pid",
    "--default-time-zone=+00:00",
    "--character-set-server=utf8mb4",
    `--sql-mode=${sqlMode}`,
    `--init-file=${join(dir, initFile)}`,
    "--skip-name-resolve",
    "--skip-log-bin",
    "--performance-schema=OFF",
    "--max-connections=300",
    "--innodb-buffer-pool-size=64M",
    // 2 survives the crash of the server, which tests cause, though not of the machine.
    "--innodb-flush-log-at-trx-commit=2",
    "--innodb-use-native-aio=OFF",
  ];
}

/** Temporary tables have a folder of their own too: where it is shared, each server that starts deletes the others'. */
function placesIn(dir: string): string[] {
  return [`--datadir=${join(dir, "data")}`, `--tmpdir=${dir}`];
}

/** Servers refuse to run as root unless told to. */
function asRoot(): string[] {
  return process.getuid?.() === 0 ? ["--user=root"] : [];
}

/** Runs one statement. */
export async function query(url: string, sql: string): Promise<void> {
  const connection = await createConnection({ uri: url, connectTimeout: 2_000 });
  try {
    await connection.query(sql);
  } finally {
    connection.destroy();
  }
}
