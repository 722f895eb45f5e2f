import { spawn } from "node:child_process";
import { access, constants, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { run } from "./run.ts";

/** Where servers live that are not on an ordinary user's PATH. */
const extraFolders = ["/usr/sbin", "/usr/local/sbin", "/sbin", "/usr/local/bin", "/opt/homebrew/bin"];
const policyFile = "/usr/sbin/policy-rc.d";
const installTimeoutMs = 10 * 60_000;
const aptOptions = ["-y", "-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", "-o", "Dpkg::Use-Pty=0"];

/** What could not be found or installed, by command, with the Debian package that has it. */
export class MissingCommandsError extends Error {
  override readonly name = "MissingCommandsError";
  readonly missing: Record<string, string>;
  constructor(missing: Record<string, string>, why: string) {
    const list = Object.entries(missing).map(([command, name]) => `${command} (Debian package ${name})`);
    super(`Not found: ${list.join(", ")}. ${why}`);
    this.missing = missing;
  }
}

/** The path of a command on the PATH or in the usual server folders; undefined when there is none. */
export async function findCommand(command: string): Promise<string | undefined> {
  for (const folder of [...(process.env.PATH ?? "").split(delimiter), ...extraFolders]) {
    const path = join(folder, command);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder !== "" && found) return path;
  }
  return undefined;
}

/**
 * Finds each command, installing Debian's package for those absent when running as root.
 * Throws MissingCommandsError, naming what is absent, when that cannot be done.
 */
export async function ensureCommands(wanted: Record<string, string>): Promise<Record<string, string>> {
  const first = await lookUp(wanted);
  if (isEmpty(first.missing)) return first.found;
  if (process.getuid?.() !== 0)
    throw new MissingCommandsError(first.missing, "Install them, or run as root on Debian.");
  const apt = await findCommand("apt-get");
  if (apt === undefined)
    throw new MissingCommandsError(first.missing, "There is no apt-get here: install them manually.");

  const unlock = await takeLock();
  try {
    // Another suite may have installed them while this one waited for the lock.
    const second = await lookUp(wanted);
    if (!isEmpty(second.missing)) await installQuietly(apt, [...new Set(Object.values(second.missing))]);
  } finally {
    await unlock();
  }
  const last = await lookUp(wanted);
  if (isEmpty(last.missing)) return last.found;
  throw new MissingCommandsError(last.missing, "The packages were installed, but do not provide them.");
}

async function lookUp(wanted: Record<string, string>) {
  const found: Record<string, string> = {};
  const missing: Record<string, string> = {};
  for (const [command, name] of Object.entries(wanted)) {
    const path = await findCommand(command);
    if (path === undefined) missing[command] = name;
    else found[command] = path;
  }
  return { found, missing };
}

function isEmpty(record: Record<string, string>): boolean {
  return Object.keys(record).length === 0;
}

/** Installs packages with their services kept from starting: tests run servers of their own. */
async function installQuietly(apt: string, names: string[]): Promise<void> {
  const ownPolicy = await writeFile(policyFile, "#!/bin/sh\nexit 101\n", { flag: "wx", mode: 0o755 }).then(
    () => true,
    () => false,
  );
  try {
    // A failed refresh (one broken third-party source is enough) may still leave the package installable.
    await aptGet(apt, ["update"], 2).catch(() => undefined);
    await aptGet(apt, ["install", "--no-install-recommends", ...names], 3);
  } finally {
    if (ownPolicy) await rm(policyFile, { force: true });
  }
}

async function aptGet(apt: string, args: string[], attempts: number): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", NEEDRESTART_MODE: "l" };
  for (let attempt = 1; ; attempt++) {
    try {
      await run(apt, [...aptOptions, ...args], { env, timeoutMs: installTimeoutMs });
      return;
    } catch (error) {
      if (attempt >= attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, 3_000 * attempt));
    }
  }
}

/** A lock among processes; flock (util-linux, on every Debian) drops it even if this process is killed. */
async function takeLock(): Promise<() => Promise<void>> {
  const flock = await findCommand("flock");
  if (flock === undefined) return async () => {};
  const file = join(tmpdir(), "paridad-apt.lock");
  const holder = spawn(flock, [file, "sh", "-c", "echo held; read _"], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => holder.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    holder.once("error", reject);
    holder.once("close", (code) => reject(new Error(`flock ${file} ended with ${code}`)));
    holder.stdout.once("data", () => resolve());
  });
  return async () => {
    holder.stdin.end();
    await ended;
  };
}
