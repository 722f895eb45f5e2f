import { parseArgs } from "node:util";
import { readEnv } from "./env.ts";
import { openStore, whichStore } from "./store/open.ts";

const HELP = `npm run restored [-- --above VERSION]: declares that the database that DATABASE_URL names was restored from a backup, or
made new, while readers may have seen more than is in it. Migrates it, gives it a new lineage, and lets its versions go
on above VERSION, or without it a million above the highest one that it knows of. Run it before the origin starts.
Running it again is safe: it only moves on.`;

try {
  const { values } = parseArgs({ options: { help: { type: "boolean" }, above: { type: "string" } } });
  if (values.help) console.log(HELP);
  else await run(values.above);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function run(above: string | undefined): Promise<void> {
  if (above !== undefined && !/^\d{1,16}$/.test(above)) throw new Error("--above must be a whole number");
  const { DATABASE_URL } = process.env;
  const { databaseUrl } = readEnv({ DATABASE_URL });
  console.log(`Database: ${whichStore(databaseUrl)}`);
  const store = await openStore(databaseUrl);
  try {
    await store.migrate();
    const { lineage, aboveVersion } = await store.declareRestored(above === undefined ? undefined : Number(above));
    console.log(`New lineage ${lineage}; every version from now on is above ${aboveVersion}.
Next: start the origin on it. Within the hour the edge publishes its pages in place of those it has; have the whole
history read again (docs/runbooks/full-reingestion.md, step 1), which brings back what the backup lacks.`);
  } finally {
    await store.close();
  }
}
