import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isPlainDate } from "#core/dates.ts";
import { ROOT } from "./build.ts";
import type { StackOptions } from "./stack.ts";

export const USAGE = `npm run dev [-- options]
  --data FILE    a CSV (date,value) of the FIX, or a recorded answer of Banxico's (.json), instead of made-up figures
  --recorded FILE  a recorded answer of Banxico's, besides --data
  --clock TIME   start every clock at this instant, e.g. 2023-12-29T20:00:00Z
  --port PORT    the API's port; origin, Banxico and Redis take the three that follow (8787)`;

export class UsageError extends Error {
  override name = "UsageError";
}

/** Reads the command line of the local stack. Throws UsageError naming what is wrong. */
export function readOptions(args: string[], env: NodeJS.ProcessEnv, nowMs: number): StackOptions {
  const { data, recorded, clock, port } = parse(args);
  const portNumber = Number(port);
  if (!/^\d+$/.test(port) || portNumber < 1024 || portNumber > 65_532) {
    throw new UsageError(`--port must be a number from 1024 to 65532, not ${port}`);
  }
  const clockMs = clock === undefined ? nowMs : Date.parse(clock);
  if (Number.isNaN(clockMs) || (clock !== undefined && !isPlainDate(clock.slice(0, 10))))
    throw new UsageError(`--clock must be an instant such as 2023-12-29T20:00:00Z, not ${clock}`);
  const banxicoToken = env.BANXICO_TOKEN || undefined;
  if (banxicoToken !== undefined && (data ?? recorded) !== undefined) {
    throw new UsageError(
      "--data and --recorded feed the simulator, and BANXICO_TOKEN asks for the real Banxico: use one of them",
    );
  }
  if (data?.endsWith(".json") && recorded !== undefined) {
    throw new UsageError("a recorded answer was given twice, by --data and by --recorded");
  }
  const csvFile = data !== undefined && !data.endsWith(".json") ? existing("--data", data) : undefined;
  const recordedFile =
    recorded !== undefined
      ? existing("--recorded", recorded)
      : data !== undefined && csvFile === undefined
        ? existing("--data", data)
        : undefined;
  const sources = [csvFile, recordedFile].filter((file) => file !== undefined);
  // Figures of different sources are never mixed: each has a database of its own.
  const stateDir = `${ROOT}.paridad/${banxicoToken === undefined ? nameOf(sources) : "banxico"}`;
  return {
    port: portNumber,
    stateDir,
    databaseUrl: env.DATABASE_URL || `file:${stateDir}/paridad.sqlite`,
    clockOffsetMs: clock === undefined ? 0 : clockMs - nowMs,
    watch: true,
    ...(csvFile !== undefined && { csvFile }),
    ...(recordedFile !== undefined && { recordedFile }),
    ...(env.REDIS_URL && { redisUrl: env.REDIS_URL }),
    ...(banxicoToken !== undefined && { banxicoToken }),
  };
}

function parse(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        data: { type: "string" },
        recorded: { type: "string" },
        clock: { type: "string" },
        port: { type: "string", default: "8787" },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function existing(flag: string, file: string): string {
  const path = resolve(file);
  if (!existsSync(path) || !statSync(path).isFile()) throw new UsageError(`${flag}: there is no file ${file}`);
  return path;
}

function nameOf(files: string[]): string {
  if (files.length === 0) return "generated";
  const digest = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 8);
  return `${basename(files[0] as string).replace(/\.\w+$/, "")}-${digest}`;
}
