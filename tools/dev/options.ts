import { resolve } from "node:path";
import { isPlainDate } from "#core/time/dates.ts";
import { parseCommandLine, UsageError, wholeNumber } from "../../origin/command-line.ts";
import { ROOT } from "./build.ts";
import { realSecrets } from "./providers.ts";
import { nameOf, readSources, type Sources } from "./sources.ts";
import type { StackOptions } from "./stack.ts";

export const USAGE = `Usage: npm run dev [-- options]
Runs the whole platform on this machine until Ctrl-C, and rebuilds it when its source is saved.
  --port PORT           the API's port; origin, providers, Redis and the receiver take the next four (8787)
  --providers ID,ID     the sources of rates (banxico,ecb,bdi,nbp,parities; with files, banxico and theirs)
  --feed PROVIDER=FILE  serve a provider's file instead of made-up rates, in its own format: the ECB's zip, XML or CSV,
                        Banca d'Italia's CSV of a day, NBP's JSON; for banxico date,value or a recorded .json. Repeatable
  --data FILE           the same as --feed banxico=FILE
  --recorded FILE       a recorded response of Banxico's, beside --data
  --clock TIME          start every clock at this instant, e.g. 2023-12-29T20:00:00Z
  --without-edge        everything but the worker, which npx wrangler dev then runs
  --no-watch            do not rebuild when the source is saved
  --no-types            do not check types in the background
  --inspect             let debuggers attach to worker and origin, at the sixth and seventh port
  --verbose             show every line that the parts print
From the environment: BANXICO_TOKEN reads the real Banxico, and those of --providers, instead of simulators; DATABASE_URL
and REDIS_URL replace SQLite and the simulated Redis; PARIDAD_DIR is where databases and bundles are kept (.paridad).`;

/** What the local platform is started with. */
export interface DevOptions extends Omit<StackOptions, keyof Sources>, Sources {
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
      providers: { type: "string" },
      feed: { type: "string", multiple: true, default: [] },
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
  const { data, recorded, feed, providers, clock } = values;
  const port = wholeNumber("port", values.port, { min: 1024, max: 65_530 });
  const clockMs = clock === undefined ? nowMs : Date.parse(clock);
  if (Number.isNaN(clockMs) || (clock !== undefined && !isPlainDate(clock.slice(0, 10))))
    throw new UsageError(`--clock must be an instant such as 2023-12-29T20:00:00Z, not '${clock}'`);
  const banxicoToken = env.BANXICO_TOKEN || undefined;
  const sources = readSources({ data, recorded, feed, providers, isReal: banxicoToken !== undefined });
  // Rates of different sources are never mixed: each has its own database.
  const stateRoot = env.PARIDAD_DIR ? resolve(env.PARIDAD_DIR) : `${ROOT}.paridad`;
  const stateDir = `${stateRoot}/${banxicoToken === undefined ? nameOf(sources) : "banxico"}`;
  return {
    ...sources,
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
    ...(env.REDIS_URL && { redisUrl: env.REDIS_URL }),
    ...(banxicoToken !== undefined && { banxicoToken, vars: realSecrets(env) }),
  };
}
