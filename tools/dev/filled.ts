import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SHARED_BUILDS } from "./shared-builds.ts";
import { System, type SystemOptions, until } from "./system.ts";

const DATABASE = "paridad.sqlite";
/** Written last: who finds it finds the database too. */
const REST = "rest.json";

const POLL_MS = 100;

type Command = (string | number)[];

interface Rest {
  /** When the copy was made, by the clocks of the stack that it is of. */
  savedAtMs: number;
  /** They fill Redis. */
  commands: Command[];
}

/**
 * Starts a stack with the whole history of its providers, for tests that do not ask how it came. The first one of a run
 * is filled by its ingestion, and waits until `isComplete` besides; the others begin with a copy of what that one holds, and
 * at the instant at which it was made: what is stored must not be of the future.
 */
export async function startFilled(
  options: Omit<SystemOptions, "databaseUrl" | "databaseCopy" | "redisUrl" | "csvFile" | "clockOffsetMs">,
  isComplete: (system: System) => Promise<boolean> = async () => true,
): Promise<System> {
  const shared = process.env[SHARED_BUILDS];
  if (shared === undefined) return await fill(options, isComplete);
  const folder = join(shared, `filled-${(options.providers ?? ["banxico"]).join("-")}`);
  while (!existsSync(join(folder, REST))) {
    if (await isMade(folder)) return await fillFirst(folder, options, isComplete);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const { savedAtMs, commands } = JSON.parse(await readFile(join(folder, REST), "utf8")) as Rest;
  const clockOffsetMs = savedAtMs - Date.now();
  const system = await System.start({ ...options, clockOffsetMs, databaseCopy: join(folder, DATABASE) });
  for (const command of commands) await system.redis(...command);
  return system;
}

/** Whether the folder was not there before. */
function isMade(folder: string): Promise<boolean> {
  return mkdir(folder).then(
    () => true,
    () => false,
  );
}

async function fillFirst(folder: string, ...how: Parameters<typeof fill>): Promise<System> {
  try {
    const system = await fill(...how);
    await save(system, folder);
    return system;
  } catch (error) {
    // Another file may have more luck.
    await rm(folder, { recursive: true });
    throw error;
  }
}

async function fill(options: SystemOptions, isComplete: (system: System) => Promise<boolean>): Promise<System> {
  const system = await System.start(options);
  await system.fill();
  await until("the other providers' rates are there too", () => isComplete(system));
  return system;
}

/** Writes what the database and Redis hold into a folder. */
async function save(system: System, folder: string): Promise<void> {
  const database = new DatabaseSync(join(system.dir, DATABASE), { timeout: 60_000 });
  database.exec(`VACUUM INTO '${join(folder, DATABASE)}'`);
  database.close();
  const keys = (await system.redis("KEYS", "*")) as string[];
  const commands: Command[] = [];
  for (const key of keys) commands.push(...(await commandsOf(system, key)));
  const rest: Rest = { savedAtMs: system.nowMs, commands };
  await writeFile(join(folder, `${REST}.part`), JSON.stringify(rest));
  await rename(join(folder, `${REST}.part`), join(folder, REST));
}

/** The commands that make a key of the simulated Redis again. */
async function commandsOf(system: System, key: string): Promise<Command[]> {
  const leftMs = Number(await system.redis("PTTL", key));
  const expiry = leftMs > 0 ? [["PEXPIRE", key, leftMs]] : [];
  if ((await system.redis("TYPE", key)) === "hash")
    return [["HSET", key, ...((await system.redis("HGETALL", key)) as string[])], ...expiry];
  const value = (await system.redis("GET", key)) as string | null;
  return value === null ? [] : [["SET", key, value], ...expiry];
}
