import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** How one process of the stack is started. */
export interface PartPlan {
  name: string;
  /** Where it listens, for people. */
  url: string;
  script: string;
  args?: readonly string[];
  /** Options of Node itself. */
  nodeArgs?: readonly string[];
  env?: Record<string, string>;
  /** A line of its output that says that it listens. */
  ready: RegExp;
  /** Called with each line that it prints. */
  onLine?: (line: string) => void;
  /** Called when it ends without having been told to. */
  onDeath?: (how: string) => void;
}

const TETHER = fileURLToPath(new URL("tether.ts", import.meta.url));
const READY_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 10_000;
const LINES_KEPT = 20;

/** A part did not start. The summary does not repeat lines that were already shown. */
export class PartFailure extends Error {
  override name = "PartFailure";
  readonly summary: string;

  constructor(summary: string, printed: readonly string[]) {
    super(`${summary}:\n${printed.join("\n")}`);
    this.summary = summary;
  }
}

/** One process of the stack: it can be killed, frozen and restarted by itself. */
export class Part {
  readonly plan: PartPlan;
  #child: ChildProcess | undefined;
  #stopping = false;

  constructor(plan: PartPlan) {
    this.plan = plan;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts the process and waits until it listens. Throws with the last lines it printed if it does not. */
  async start(): Promise<void> {
    this.#stopping = false;
    const { name, script, args = [], nodeArgs = [], env = {}, ready } = this.plan;
    // A group of its own, so that Ctrl-C reaches only the stack, which then stops its parts in order.
    const child = spawn(process.execPath, ["--import", TETHER, ...nodeArgs, script, ...args], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      detached: true,
      env: { ...process.env, ...env },
    });
    this.#child = child;
    const printed: string[] = [];
    let listens = false;
    const isReady = new Promise<void>((resolve, reject) => {
      const onLine = (line: string) => {
        printed.push(line);
        if (printed.length > LINES_KEPT) printed.shift();
        this.plan.onLine?.(line);
        if (!ready.test(line)) return;
        listens = true;
        resolve();
      };
      for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on("line", onLine);
      child.once("exit", (code, signal) => {
        const how = signal ? `signal ${signal}` : `exit code ${code}`;
        endGroup(child);
        reject(new PartFailure(`${name} ended (${how}) before it was ready`, printed));
        if (listens && !this.#stopping && this.#child === child) this.plan.onDeath?.(how);
      });
      const late = () => reject(new PartFailure(`${name} was not ready in time`, printed));
      setTimeout(late, READY_TIMEOUT_MS).unref();
    });
    await isReady;
  }

  /** Ends it gracefully; kills it if it does not end in time. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Freezes it: connections stay open and nothing responds. */
  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  async #end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.#child;
    this.#stopping = true;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    child.kill("SIGCONT");
    const hurry = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(hurry);
  }
}

/** What a part has started itself (workerd, by the edge) does not outlive it, even if it was killed. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing is left of it.
  }
}
