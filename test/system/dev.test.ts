import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ROOT } from "../../tools/dev/build.ts";
import { freePorts } from "../../tools/dev/ports.ts";
import { until } from "../../tools/dev/system.ts";

/** `npm run dev` as a person starts and ends it. */
let folder: string;
let npm: ChildProcess | undefined;
let lines: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "paridad-dev-"));
  writeFileSync(join(folder, "fix.csv"), "date,value\n2023-12-28,16.8935\n2023-12-29,16.9190\n");
  lines = [];
});

afterEach(() => {
  for (const pid of npm === undefined ? [] : treeOf(npm.pid as number)) kill(pid);
  rmSync(folder, { recursive: true, force: true });
});

async function start(...args: string[]): Promise<string> {
  const port = String(await freePorts(5));
  const given = ["--port", port, "--data", join(folder, "fix.csv"), "--clock", "2023-12-29T20:00:00Z", "--no-watch"];
  npm = spawn("npm", ["run", "dev", "--", ...given, ...args], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PARIDAD_DIR: folder },
  });
  for (const stream of [npm.stdout, npm.stderr])
    if (stream) createInterface(stream).on("line", (line) => lines.push(line));
  return `http://127.0.0.1:${port}`;
}

const printed = (text: string) =>
  until(
    () => `${text}, after ${lines.join("\n")}`,
    async () => lines.join("\n").includes(text),
  );

/** A process and all that descend from it. */
function treeOf(root: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const pairs = table
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (pid: number): number[] =>
    pairs.filter(([, parent]) => parent === pid).flatMap(([child = 0]) => [child, ...below(child)]);
  return [root, ...below(root)];
}

function isAlive(pid: number): boolean {
  try {
    // A zombie that nobody waits for is dead, although signals reach it.
    process.kill(pid, 0);
    return !execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).startsWith("Z");
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

async function nothingIsLeft(pids: readonly number[]): Promise<void> {
  await until("every process has ended", async () => !pids.some(isAlive));
}

describe("npm run dev", () => {
  it("serves the file's rate, names its database to tools, and leaves nothing when npm is told to end", async () => {
    const url = await start();
    await printed("Paridad is ready");
    const response = await fetch(`${url}/api/v1/rates/current`);
    expect(await response.json()).toMatchObject({ rate: "16.9190", date: "2023-12-29" });
    const named = readFileSync(join(folder, "current-database"), "utf8");
    const tool = execFileSync(process.execPath, [`${ROOT}tools/operate/quarantine.ts`], {
      encoding: "utf8",
      cwd: folder,
      env: { PATH: process.env.PATH, PARIDAD_DIR: folder },
    });
    expect(named).toMatch(/^file:.*paridad\.sqlite\n$/);
    expect(tool).toMatch(/^Database: SQLite, .*\nNothing is in quarantine\.\n$/);

    const pids = treeOf(npm?.pid as number);
    // npm, the stack, four parts, workerd and the type checker at the least.
    expect(pids.length).toBeGreaterThanOrEqual(8);
    npm?.kill("SIGTERM");
    await nothingIsLeft(pids);
    await printed("Stopped.");
  });

  it.each([
    ["SIGINT to the whole group, as Ctrl-C sends it", (pid: number) => process.kill(-pid, "SIGINT")],
    ["SIGHUP to npm, which passes it on to nobody", (pid: number) => process.kill(pid, "SIGHUP")],
    ["SIGKILL to npm", (pid: number) => process.kill(pid, "SIGKILL")],
    ["SIGKILL to the stack", (pid: number) => process.kill(treeOf(pid)[1] as number, "SIGKILL")],
  ])("leaves nothing after %s", async (_what, strike) => {
    await start("--no-types");
    await printed("Loading history");
    const pids = treeOf(npm?.pid as number);
    expect(pids.length).toBeGreaterThanOrEqual(7);
    strike(npm?.pid as number);
    await nothingIsLeft(pids);
  });

  it("leaves nothing when it is ended while it still builds", async () => {
    await start("--no-types");
    await printed("Starting the platform");
    const pids = treeOf(npm?.pid as number);
    npm?.kill("SIGTERM");
    await nothingIsLeft(pids);
    await printed("Stopped.");
  });
});
