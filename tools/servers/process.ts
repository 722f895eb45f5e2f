import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { run } from "./run.ts";

/** What a test may do to a running server. */
export interface ServerControl {
  /** The server's process (of Docker's client, where the server runs in a container). */
  readonly pid: number;
  /** Ends the server at once, as a crash would; its data stays. */
  kill(): Promise<void>;
  /** Freezes the server: connections stay open and nothing responds. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Starts the server again, on the same port and data; ends it first when it still runs. */
  restart(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** How a server is started and how to see that it responds. */
export interface ServerPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** A folder of the server's own, removed at the end. */
  readonly dir: string;
  /** The container's name, when the command is `docker run`. */
  readonly container?: string;
  /** Resolves when the server responds, rejects while it does not. */
  ready(): Promise<void>;
}

const readyTimeoutMs = 180_000;
const stopTimeoutMs = 5_000;

/** Starts a server, waits until it responds, and makes sure it never outlives this process. */
export async function startServer(plan: ServerPlan): Promise<ServerControl> {
  const watchdog = startWatchdog(plan);
  let child = await launch(plan, watchdog).catch(async (error) => {
    await watchdog.end();
    throw error;
  });

  const kill = async () => {
    if (plan.container !== undefined && !hasEnded(child)) await run("docker", ["kill", plan.container]);
    child.kill("SIGKILL");
    await ended(child);
    watchdog.guard(undefined);
  };
  const freeze = async (signal: "SIGSTOP" | "SIGCONT") => {
    if (plan.container === undefined) child.kill(signal);
    else await run("docker", [signal === "SIGSTOP" ? "pause" : "unpause", plan.container]);
  };
  return {
    get pid() {
      return child.pid ?? 0;
    },
    kill,
    pause: () => freeze("SIGSTOP"),
    resume: () => freeze("SIGCONT"),
    async restart() {
      await kill();
      child = await launch(plan, watchdog);
    },
    async stop() {
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      const impatience = setTimeout(() => void kill(), stopTimeoutMs);
      await ended(child);
      clearTimeout(impatience);
      await watchdog.end();
    },
  };
}

/** A free TCP port on loopback, below the range that outgoing connections are given, so that it stays free. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

async function launch(plan: ServerPlan, watchdog: Watchdog): Promise<ChildProcess> {
  const logFile = join(plan.dir, "server.log");
  const log = openSync(logFile, "a");
  // A session of its own: Ctrl-C in a terminal reaches the tests, and the watchdog ends the server after them.
  const child = spawn(plan.command, plan.args, { stdio: ["ignore", log, log], detached: true, cwd: plan.dir });
  closeSync(log);
  let failure: Error | undefined;
  child.once("error", (error) => {
    failure = error;
  });
  child.unref();
  watchdog.guard(child.pid);
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    const problem = await plan.ready().then(
      () => undefined,
      (error: Error) => error,
    );
    if (problem === undefined && !hasEnded(child)) return child;
    if (failure !== undefined || hasEnded(child) || Date.now() > deadline) {
      child.kill("SIGKILL");
      const tail = (await readFile(logFile, "utf8").catch(() => "")).slice(-2_000);
      throw new Error(`${plan.name} did not start: ${failure?.message ?? problem?.message ?? "it ended"}\n${tail}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function ended(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return Promise.resolve();
  child.ref();
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

interface Watchdog {
  /** Names the process to end when this one is gone. */
  guard(pid: number | undefined): void;
  /** Removes the server's folder, and ends what is still guarded. */
  end(): Promise<void>;
}

/** A shell that waits for the end of its input, which comes however this process ends, even by SIGKILL; then it cleans up. */
function startWatchdog(plan: ServerPlan): Watchdog {
  const script = `pid=-
    while read -r line; do pid=$line; done
    [ "$pid" = - ] || kill -9 "$pid"
    [ "$pid" = - ] || [ -z "$2" ] || docker kill "$2"
    for attempt in 1 2 3; do rm -rf "$1" && break; sleep 1; done`;
  const shell = spawn("/bin/sh", ["-c", script, "watchdog", plan.dir, plan.container ?? ""], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    cwd: "/",
  });
  shell.unref();
  if ("unref" in shell.stdin && typeof shell.stdin.unref === "function") shell.stdin.unref();
  shell.stdin.on("error", () => {});
  return {
    guard: (pid) => void shell.stdin.write(`${pid ?? "-"}\n`),
    async end() {
      shell.stdin.end();
      await ended(shell);
    },
  };
}
