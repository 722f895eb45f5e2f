import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, inject, test } from "vitest";
import { createDatabaseAt } from "../../tools/servers/mariadb.ts";
import { freePort } from "../../tools/servers/process.ts";

const node = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

function run(name: string, args: string[], env: Record<string, string> = {}) {
  const main = fileURLToPath(new URL(`../../tools/simulators/${name}/main.ts`, import.meta.url));
  const child = spawn(node, [main, ...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  running.push(child);
  return child;
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  const [line] = await once(createInterface(stream), "line");
  return line;
}

test.each([
  ["banxico", async () => ["--clock-offset-ms", "-86400000"]],
  ["upstash", async () => ["--token", "t"]],
  ["planetscale", async () => ["--mysql-url", await createDatabaseAt(inject("mariadbUrl"))]],
])("%s says when it is ready, and ends at once at SIGTERM although a request hangs", async (name, argsOf) => {
  const port = await freePort();
  const child = run(name, ["--port", String(port), ...(await argsOf())]);
  const url = `http://127.0.0.1:${port}`;
  expect(await firstLine(child.stdout)).toMatch(new RegExp(`^\\w+ simulator ready on ${url}$`));
  await fetch(`${url}/__faults`, { method: "PUT", body: '[{"type":"hang"}]' });
  const hanging = fetch(`${url}/SieAPIRest/service/v1/series/SF43718`).catch(() => undefined);
  await fetch(`${url}/__requests`);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  await hanging;
});

test.each([
  ["banxico", ["--token", "short"], "64 letters and digits", 1],
  ["banxico", ["--data", "/no/such/file.csv"], "/no/such/file.csv", 1],
  ["upstash", ["--port", "many"], "--port must be a whole number", 2],
  ["planetscale", [], "--mysql-url is needed", 2],
  ["upstash", ["--colour"], "--colour", 2],
])("%s with %o ends with the reason", async (name, args, reason, exitCode) => {
  const child = run(name, args);
  const [line, [code]] = await Promise.all([firstLine(child.stderr), once(child, "exit")]);
  expect(line).toContain(reason);
  expect(code).toBe(exitCode);
});

test("a port in use is a reason too", async () => {
  const port = await freePort();
  await firstLine(run("upstash", ["--port", String(port)]).stdout);
  const second = run("upstash", ["--port", String(port)]);
  expect(await firstLine(second.stderr)).toContain("EADDRINUSE");
});
