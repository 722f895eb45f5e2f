import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { isPlainDate } from "#core/time/dates.ts";
import { parseCommandLine, UsageError, wholeNumber } from "../../origin/command-line.ts";
import { ROOT } from "./build.ts";
import type { StackOptions } from "./stack.ts";

export const USAGE = `Usage: npm run dev [-- options]
Runs the whole platform on this machine until Ctrl-C, and rebuilds it when its source is saved.
  --port PORT      the API's port; origin, Banxico and Redis take the next three (8787)
  --data FILE      serve the rates of a CSV (date,value), or of a recorded response of Banxico's (.json)
  --recorded FILE  a recorded response of Banxico's, beside --data
  --clock TIME     start every clock at this instant, e.g. 2023-12-29T20:00:00Z
  --without-edge   everything but the worker, which npx wrangler dev then runs
  --no-watch       do not rebuild when the source is saved
  --no-types       do not check types in the background
  --inspect        let debuggers attach to worker and origin, at the fifth and sixth port
  --verbose        show every line that the parts print
From the environment: BANXICO_TOKEN reads the real Banxico; DATABASE_URL and REDIS_URL replace SQLite and the simulated
Redis; PARIDAD_DIR is where databases and bundles are kept (.paridad).`;

/** What the local platform is started with. */
export interface DevOptions extends StackOptions {
  /** Holds a folder for each source of rates. */
  stateRoot: string;
  checkTypes: boolean;
  verbose: boolean;
}

/** Reads the command line of the local stack. Throws UsageError naming what is wrong. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv, nowMs: number): DevOptions {
  const { values } = parseCommandLine(
    {
      port: { type: "string", default: "8787" },
      data: { type: "string" },
      recorded: { type: "string" },
      clock: { type: "string" },
      "without-edge": { type: "boolean", default: false },
      "no-watch": { type: "boolean", default: false },
      "no-types": { type: "boolean", default: false },
      inspect: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
    },
    { args },
  );
  const { data, recorded, clock } = values;
  const port = wholeNumber("port", values.port, { min: 1024, max: 65_530 });
  const clockMs = clock === undefined ? nowMs : Date.parse(clock);
  if (Number.isNaN(clockMs) || (clock !== undefined && !isPlainDate(clock.slice(0, 10))))
    throw new UsageError(`--clock must be an instant such as 2023-12-29T20:00:00Z, not '${clock}'`);
  const banxicoToken = env.BANXICO_TOKEN || undefined;
  if (banxicoToken !== undefined && (data ?? recorded) !== undefined) {
    throw new UsageError(
      "--data and --recorded feed the simulator, and BANXICO_TOKEN selects the real Banxico: use one of them",
    );
  }
  if (data?.endsWith(".json") && recorded !== undefined) {
    throw new UsageError("a recorded response was given twice, by --data and by --recorded");
  }
  const csvFile = data !== undefined && !data.endsWith(".json") ? existing("--data", data) : undefined;
  const recordedFile =
    recorded !== undefined
      ? existing("--recorded", recorded)
      : data !== undefined && csvFile === undefined
        ? existing("--data", data)
        : undefined;
  const sources = [csvFile, recordedFile].filter((file) => file !== undefined);
  // Rates of different sources are never mixed: each has its own database.
  const stateRoot = env.PARIDAD_DIR ? resolve(env.PARIDAD_DIR) : `${ROOT}.paridad`;
  const stateDir = `${stateRoot}/${banxicoToken === undefined ? nameOf(sources) : "banxico"}`;
  return {
    port,
    stateRoot,
    stateDir,
    databaseUrl: env.DATABASE_URL || `file:${stateDir}/paridad.sqlite`,
    clockOffsetMs: clock === undefined ? 0 : clockMs - nowMs,
    watch: !values["no-watch"],
    withoutEdge: values["without-edge"],
    inspect: values.inspect,
    checkTypes: !values["no-types"],
    verbose: values.verbose,
    ...(csvFile !== undefined && { csvFile }),
    ...(recordedFile !== undefined && { recordedFile }),
    ...(env.REDIS_URL && { redisUrl: env.REDIS_URL }),
    ...(banxicoToken !== undefined && { banxicoToken }),
  };
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
