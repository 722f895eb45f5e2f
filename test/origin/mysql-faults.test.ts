import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createConnection } from "mysql2/promise";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { commitBatch } from "../../origin/routes/old-batches.ts";
import { MySqlStore } from "../../origin/store/mysql.ts";
import { connectMySql } from "../../origin/store/mysql2-database.ts";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { batchOf, NOW_MS, USD } from "./data.ts";

/** What the pool does when the way to the database, or the database, fails. */

/** Longer than a busy machine takes for any statement here. */
const SILENCE_MS = 4_000;

/** A wire to the database that can be cut, or go silent with its connections open. */
async function openWire(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let isSilent = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
    }
    near.on("data", (data) => isSilent || far.write(data));
    far.on("data", (data) => near.write(data));
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const wired = new URL(url);
  wired.port = String((server.address() as AddressInfo).port);
  return {
    url: wired.href,
    silence: (silent: boolean) => {
      isSilent = silent;
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

let url: string;
let wire: Awaited<ReturnType<typeof openWire>>;
let store: MySqlStore;

beforeEach(async () => {
  url = await createDatabaseAt(inject("mariadbUrl"));
  wire = await openWire(url);
  store = new MySqlStore(connectMySql(wire.url, 5_000, SILENCE_MS));
  await store.migrate();
});
afterEach(async () => {
  await store.close();
  wire.close();
});

test("a database that goes silent costs its connections, not the pool", async () => {
  await Promise.all(Array.from({ length: 20 }, () => store.ping()));
  wire.silence(true);
  const answers = await Promise.allSettled(Array.from({ length: 20 }, () => store.pages(USD, 2023, 2023)));
  expect(answers.every(({ status }) => status === "rejected")).toBe(true);
  wire.silence(false);
  await store.ping();
  expect(await commitBatch(store, batchOf([["2023-01-02", "19.5"]]), NOW_MS)).toMatchObject({ accepted: 1 });
});

test("connections that were cut are replaced", async () => {
  await Promise.all(Array.from({ length: 20 }, () => store.ping()));
  const cut = Promise.allSettled(Array.from({ length: 5 }, () => store.ping()));
  wire.cut();
  await cut;
  await expect
    .poll(() =>
      store.ping().then(
        () => "answers",
        () => "fails",
      ),
    )
    .toBe("answers");
});

test("a commit whose way is cut is whole or not at all, and can be sent again", async () => {
  const batch = batchOf([
    ["2023-01-02", "19.5"],
    ["2023-01-03", "19.6"],
  ]);
  for (let attempt = 0; attempt < 10; attempt++) {
    const committing = commitBatch(store, batch, NOW_MS).catch(() => undefined);
    setImmediate(wire.cut);
    await committing;
  }
  const direct = new MySqlStore(connectMySql(url, 5_000));
  const [page] = await direct.pages(USD, 2023, 2023);
  expect([0, 2]).toContain(page?.observations.length);
  expect((await commitBatch(direct, batch, NOW_MS)).pages[0]?.observations).toHaveLength(2);
  expect(await direct.history(USD, "2023-01-02")).toHaveLength(1);
  await direct.close();
});

test("sessions are in UTC, strict, and a statement can't run for long", async () => {
  const connection = connectMySql(url, 5_000);
  const [[row]] = (await connection.db.execute(
    "SELECT @@session.time_zone AS zone, @@session.innodb_lock_wait_timeout AS lockSeconds",
  )) as unknown as [[{ zone: string; lockSeconds: number }]];
  expect(row).toMatchObject({ zone: "+00:00", lockSeconds: 5 });
  await connection.close();
});

test("a commit waits for another of the same series, and gives up where that does not end", async () => {
  await commitBatch(store, batchOf([["2023-01-02", "19.5"]]), NOW_MS);
  const holder = await createConnection(url);
  await holder.beginTransaction();
  await holder.query("SELECT id FROM series WHERE id = ? FOR UPDATE", [USD]);
  const waiting = commitBatch(store, batchOf([["2023-01-03", "19.6"]]), NOW_MS);
  await expect(waiting).rejects.toThrow();
  await holder.rollback();
  await holder.end();
  expect(await commitBatch(store, batchOf([["2023-01-03", "19.6"]]), NOW_MS)).toMatchObject({ accepted: 1 });
});

test("a writer that turned read-only costs one commit: its connections are replaced", async () => {
  const connection = connectMySql(wire.url, 5_000);
  const over = new MySqlStore(connection);
  const readOnly = () => connection.db.execute("SET SESSION TRANSACTION READ ONLY");
  await Promise.all(Array.from({ length: 20 }, readOnly));
  const reading = batchOf([["2023-01-02", "19.5"]]);
  await expect(commitBatch(over, reading, NOW_MS)).rejects.toMatchObject({ cause: { errno: 1792 } });
  const commits = Array.from({ length: 20 }, () => commitBatch(over, reading, NOW_MS));
  expect((await Promise.all(commits)).filter(({ accepted }) => accepted === 1)).toHaveLength(1);
  await over.close();
});

test.each([1036, 1290, 1792, 1836, 1874])("error %i replaces the idle connections as well", async (errno) => {
  const connection = connectMySql(wire.url, 5_000);
  const idOf = async () => {
    const [[row]] = (await connection.db.execute("SELECT CONNECTION_ID() AS id")) as unknown as [[{ id: number }]];
    return row.id;
  };
  const ids = () => Promise.all(Array.from({ length: 20 }, idOf));
  const before = new Set(await ids());
  await expect(connection.db.execute(`SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${errno}`)).rejects.toThrow();
  expect((await ids()).filter((id) => before.has(id))).toEqual([]);
  await connection.close();
});

test("if the rollback fails too, it is the first error that is told", async () => {
  const failed = new Error("what went wrong first");
  const connection = connectMySql(wire.url, 5_000);
  const over = new MySqlStore(connection);
  // The commit reads the batch's id when it has begun: there the way is cut, and with it that of the rollback.
  const batch = batchOf([["2023-01-02", "19.5"]]);
  const reading = {
    ...batch,
    series: USD,
    year: 2023,
    complete: null,
    based_on: null,
    observations: [["2023-01-02", "19.5"]] as [string, string][],
    get batch_id(): string {
      wire.cut();
      throw failed;
    },
  };
  await expect(over.commit(reading, NOW_MS)).rejects.toBe(failed);
  await over.close();
});
