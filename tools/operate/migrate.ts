import { readCommandLine } from "../../origin/command-line.ts";
import { databaseToMigrate } from "../../origin/default-database.ts";
import { readEnv } from "../../origin/env.ts";
import { createLog, errorFields } from "../../origin/ops/log.ts";
import { openStore, whichStore } from "../../origin/store/open.ts";

/** `npm run migrate`: brings the database that the tools work on up to date. */

readCommandLine(
  `Usage: npm run migrate
Brings the database that DATABASE_URL names up to date (otherwise that of the last npm run dev, or that of npm run origin).`,
  {},
);

const log = createLog((lines) => process.stdout.write(lines), Date.now);
try {
  // Neither tokens nor a port are needed for this, in any environment.
  const { databaseUrl } = readEnv({ DATABASE_URL: databaseToMigrate(process.env) });
  console.log(`Database: ${whichStore(databaseUrl)}`);
  const store = await openStore(databaseUrl);
  await store.migrate();
  await store.close();
  log("migrated", { store: new URL(databaseUrl).protocol });
} catch (error) {
  log("fatal", errorFields(error));
  process.exitCode = 1;
}
log.flush();
