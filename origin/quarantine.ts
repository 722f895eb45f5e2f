import { readCommandLine } from "./command-line.ts";
import { toolDatabase } from "./default-database.ts";
import { readEnv } from "./env.ts";
import { openStore } from "./store/open.ts";

/**
 * `npm run quarantine`: what was refused and waits for a person, newest first.
 * `npm run quarantine -- SERIES DATE VALUE`: lets a jump in when it comes again, with the next reconcile.
 * Of the database that DATABASE_URL names.
 */

/** More than these are no slips but a fault, to be looked into at its source. */
const MOST_SHOWN = 200;
const USAGE = "npm run quarantine [-- SERIES DATE VALUE], e.g. banxico.SF43718 2026-03-13 17.9218";

try {
  const args = readCommandLine(`Usage: ${USAGE}`, {}, { maxPositionals: 3 }).positionals;
  if (args.length !== 0 && args.length !== 3) throw new Error(`usage: ${USAGE}`);
  const [series = "", date = "", value = ""] = args;
  const DATABASE_URL = toolDatabase(process.env);
  if (!process.env.DATABASE_URL) console.error(`Database: ${DATABASE_URL} (DATABASE_URL is not set)`);
  const store = await openStore(readEnv({ DATABASE_URL }).databaseUrl);
  try {
    if (args.length === 0) {
      const waiting = await store.quarantined(MOST_SHOWN);
      for (const one of waiting)
        console.log(`${one.series} ${one.date} ${one.value}  ${one.reason}, quarantined ${one.quarantinedAt}`);
      if (waiting.length === 0) console.log("Nothing is in quarantine.");
    } else if (await store.release({ series, date, value }, Date.now())) {
      console.log("Released: it is stored when it comes again, with the next reconcile (within the hour).");
    } else {
      throw new Error(
        `no value ${value} of ${series} on ${date} is in quarantine for a jump: nothing else can be let in`,
      );
    }
  } finally {
    await store.close();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
