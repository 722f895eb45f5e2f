import { readCommandLine } from "../../origin/command-line.ts";
import { readEnv } from "../../origin/env.ts";
import { createLog, errorFields } from "../../origin/ops/log.ts";
import { openStore } from "../../origin/store/open.ts";

/** `npm run migrate`: brings the database that DATABASE_URL names up to date. */

readCommandLine(
  `Usage: npm run migrate
Brings the database that DATABASE_URL names up to date (without one: .paridad/paridad.sqlite).`,
  {},
);

const log = createLog((lines) => process.stdout.write(lines), Date.now);
try {
  const { DATABASE_URL } = process.env;
  // Neither tokens nor a port are needed for this, in any environment.
  const { databaseUrl } = readEnv({ DATABASE_URL });
  const store = await openStore(databaseUrl);
  await store.migrate();
  await store.close();
  log("migrated", { store: new URL(databaseUrl).protocol });
} catch (error) {
  log("fatal", errorFields(error));
  process.exitCode = 1;
}
log.flush();
