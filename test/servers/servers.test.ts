import { createClient } from "@redis/client";
import { createConnection } from "mysql2/promise";
import { expect, inject, test } from "vitest";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { ensureCommands, findCommand } from "../../tools/servers/packages.ts";
import { freePort } from "../../tools/servers/process.ts";
import { startRedis } from "../../tools/servers/redis.ts";

test("commands that are there are found, wherever servers live", async () => {
  const { sh } = await ensureCommands({ sh: "dash" });
  expect(sh).toMatch(/\/sh$/);
  expect(await findCommand("no-such-command-anywhere")).toBeUndefined();
});

test("each suite gets a database of its own, in UTC and strict", async () => {
  const urls = await Promise.all([createDatabaseAt(inject("mariadbUrl")), createDatabaseAt(inject("mariadbUrl"))]);
  expect(new Set(urls).size).toBe(2);
  const connection = await createConnection(urls[0] ?? "");
  const [rows] = await connection.query("SELECT @@time_zone AS zone, @@sql_mode AS mode, DATABASE() AS name");
  expect(rows).toEqual([
    { zone: "+00:00", mode: expect.stringContaining("STRICT_TRANS_TABLES"), name: urls[0]?.split("/").at(-1) },
  ]);
  await connection.end();
});

test("a killed server comes back on its port with its data, and a stopped one is gone", async () => {
  const server = await startRedis();
  const client = createClient({ url: server.url, disableOfflineQueue: true });
  client.on("error", () => {});
  await client.connect();
  await client.set("kept", "1");
  const before = server.pid;
  await server.kill();
  await expect(createClient({ url: server.url, socket: { reconnectStrategy: false } }).connect()).rejects.toThrow();
  await server.restart();
  expect(server.pid).not.toBe(before);
  const again = await createClient({ url: server.url }).connect();
  expect(await again.get("kept")).toBe("1");
  again.destroy();
  client.destroy();
  await server.stop();
  await expect(createClient({ url: server.url, socket: { reconnectStrategy: false } }).connect()).rejects.toThrow();
});

test("a paused server answers nothing until it is resumed", async () => {
  const server = await startRedis();
  const client = await createClient({ url: server.url }).connect();
  await server.pause();
  let isAnswered = false;
  const answer = client.ping().then((pong) => {
    isAnswered = true;
    return pong;
  });
  await freePort();
  expect(isAnswered).toBe(false);
  await server.resume();
  expect(await answer).toBe("PONG");
  client.destroy();
  await server.stop();
});
