import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { findCommand } from "../servers/packages.ts";

/** Servers run on the first core and the load on the second, so that neither takes the other's time. */
const CORES = { server: 0, load: 1 };

const taskset = (await findCommand("taskset")) ?? "";

/** Without taskset, or with one core, processes run on any core, and only ratios are meaningful. */
export const isPinned = taskset !== "" && availableParallelism() > 1;

/** The command line, to be run on the core. */
export async function onCore(core: keyof typeof CORES, line: readonly string[]): Promise<string[]> {
  return isPinned ? [taskset, "-c", String(CORES[core]), ...line] : [...line];
}

/** Moves this process to a core, and with it every server that it starts from now on. */
export async function moveHere(core: keyof typeof CORES): Promise<void> {
  if (isPinned) await promisify(execFile)(taskset, ["-a", "-c", "-p", String(CORES[core]), String(process.pid)]);
}

/** Lets this process, and what it starts from now on, run on every core again. */
export async function moveAnywhere(): Promise<void> {
  const all = `0-${Math.max(...Object.values(CORES))}`;
  if (isPinned) await promisify(execFile)(taskset, ["-a", "-c", "-p", all, String(process.pid)]);
}
