import { readEnv } from "./env.ts";
import { gatherHealth } from "./health.ts";
import { createLog, errorFields } from "./log.ts";
import { startServer } from "./server.ts";
import { createServices, type Services } from "./services.ts";
import { isEmbedded } from "./store/open.ts";

/** The origin as a process: `npm run origin`. It ends with 0 where it was asked to stop, and with 1 where it can't go on. */

const FRESHNESS_MS = 60_000;

const log = createLog((lines) => process.stdout.write(lines), Date.now);

function fail(error: unknown): never {
  log("fatal", errorFields(error));
  log.flush();
  process.exit(1);
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);

await run().catch(fail);

async function run(): Promise<void> {
  const services = await createServices(readEnv(process.env), log);
  const { environment, databaseUrl } = services.env;
  if (isEmbedded(databaseUrl) || environment === "local") await services.store.migrate();
  const server = await startServer(services);
  log("listening", { url: server.url, environment });
  const watch = setInterval(() => void logFreshness(services), FRESHNESS_MS);

  const stop = async (signal: string) => {
    if (services.isDraining) return;
    log("stopping", { signal });
    clearInterval(watch);
    await server.stop();
    log("stopped");
    log.flush();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal).catch(fail));
}

/** So that operators are woken when nothing new comes in, even where the edge has fallen silent. */
async function logFreshness(services: Services): Promise<void> {
  const { freshness, level } = await gatherHealth(services);
  log("freshness", { level, ...freshness });
}
