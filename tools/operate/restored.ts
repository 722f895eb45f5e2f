import { orExit, readCommandLine, wholeNumber } from "../../origin/command-line.ts";
import { toolDatabase } from "../../origin/default-database.ts";
import { readEnv } from "../../origin/env.ts";
import { reasonOf } from "../../origin/ops/log.ts";
import { openStore, whichStore } from "../../origin/store/open.ts";

const USAGE = `Usage: npm run restored [-- --above VERSION]
Declares that the database that DATABASE_URL names (otherwise that of the last npm run dev) was restored from a backup, or
made empty, while readers may have seen more than is in it. Migrates it if it must, gives it a new lineage, and lets its
versions go on above VERSION, or without it a million above the highest one that it knows of. Run it before an origin
that the edge asks uses the database. Running it again is safe: it only moves on.`;

const { above } = readCommandLine(USAGE, { above: { type: "string" } }).values;
const aboveGiven = above === undefined ? undefined : orExit(() => wholeNumber("above", above, { min: 0 }));

try {
  await run(aboveGiven);
} catch (error) {
  console.error(reasonOf(error));
  process.exitCode = 1;
}

async function run(above: number | undefined): Promise<void> {
  const { databaseUrl } = readEnv({ DATABASE_URL: toolDatabase(process.env) });
  console.log(`Database: ${whichStore(databaseUrl)}`);
  const store = await openStore(databaseUrl);
  try {
    // The service's own user may not migrate, and need not if all is there.
    await store.ping().catch(() => store.migrate());
    const { lineage, aboveVersion } = await store.declareRestored(above);
    console.log(`New lineage ${lineage}; every version from now on is above ${aboveVersion}.
Next: let the edge's origin use it. Within the hour the edge finds that it is another database, has the whole history read
again, which brings back what the backup lacks, and publishes its pages in place of those it has. To have it at once:
docs/runbooks/full-reingestion.md, step 3.`);
  } finally {
    await store.close();
  }
}
