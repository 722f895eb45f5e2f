import { meantPolicyName } from "#core/ops/policy-names.ts";
import { readCommandLine } from "./command-line.ts";
import { readEnv } from "./env.ts";
import { exit } from "./exit.ts";
import { createLog, errorFields } from "./ops/log.ts";
import { gatherHealth } from "./routes/health.ts";
import { startServer } from "./server.ts";
import { createServices, type Services } from "./services.ts";
import { isEmbedded } from "./store/open.ts";

/** The origin as a process: `npm run origin`. It exits with 0 after a signal, and with 1 after a fault. */

readCommandLine(
  `Usage: npm run origin
Runs the origin until Ctrl-C. It is set up by environment variables alone; README.md and origin/env.ts list them.`,
  {},
);

const FRESHNESS_MS = 60_000;

const log = createLog((lines) => process.stdout.write(lines), Date.now);

/** Known once the environment is: a fault before that is only logged. */
let services: Services | undefined;
let isFailing = false;

async function fail(error: unknown): Promise<void> {
  (services?.log ?? log)("fatal", errorFields(error));
  log.flush();
  // Later faults must not end the process before the first report is sent.
  if (isFailing) return;
  isFailing = true;
  await services?.reports?.stop();
  await exit(1);
}

// The log's reader is gone. Logging that as a fault would fail again, forever.
process.stdout.on("error", () => void exit(1));
process.on("uncaughtException", (error) => void fail(error));
process.on("unhandledRejection", (error) => void fail(error));

await run().catch(fail);

async function run(): Promise<void> {
  const built = await createServices(readEnv(process.env), log);
  services = built;
  const { environment, release, databaseUrl } = built.env;
  for (const name of Object.keys(process.env)) {
    const meant = meantPolicyName(name);
    if (meant) log("unknown_setting", { message: `${name} is not a setting; did you mean ${meant}?` });
  }
  if (isEmbedded(databaseUrl) || environment === "local") await built.store.migrate();
  const server = await startServer(built);
  log("listening", { url: server.url, environment, release });
  const watch = setInterval(() => void logFreshness(built), FRESHNESS_MS);

  const stop = async (signal: string) => {
    if (built.isDraining) return;
    log("stopping", { signal });
    clearInterval(watch);
    await server.stop();
    log("stopped");
    log.flush();
    await exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal).catch(fail));
}

/** Alerts operators when no new data arrives, even if the edge sends no events, and shows what waits for them. */
async function logFreshness(services: Services): Promise<void> {
  const { freshness, level } = await gatherHealth(services);
  const waiting = await services.store.countWaiting().catch(() => null);
  log("freshness", { level, ...freshness, waiting });
}
