import { isPlainDate } from "#core/time/dates.ts";
import { orExit, readCommandLine, UsageError } from "../../origin/command-line.ts";
import { toolDatabase } from "../../origin/default-database.ts";
import { readEnv } from "../../origin/env.ts";
import { reasonOf } from "../../origin/ops/log.ts";
import type { Selection } from "../../origin/store/commit.ts";
import { openStore, whichStore } from "../../origin/store/open.ts";
import type { Store } from "../../origin/store/store.ts";

const USAGE = `Usage: npm run quarantine [-- COMMAND]
Values that were refused or wait, in the database that DATABASE_URL names (otherwise that of the last npm run dev).

  (nothing)                       lists them, the newest first
  release SERIES DATE [VALUE]     stores what waits on that date, at once
  release SERIES FROM TO          stores what waits on these dates, both included
  drop SERIES DATE [VALUE]        takes it for wrong: it does not wait again while the provider says the same
  drop SERIES FROM TO
  SERIES DATE VALUE               as release SERIES DATE VALUE

Only a jump, a mass revision or a withdrawal can be released: nothing else can be a rate of its day. A date that is to
be withdrawn is listed with the value that it would lose, and "release" withdraws it. The edge publishes the outcome
with its next comparison, within the hour.
For example: npm run quarantine -- release banxico.SF43718 2026-03-13 17.9218`;

/** More than these are a systematic fault, to be fixed at its source. */
const MAX_SHOWN = 200;

try {
  await run(readCommandLine(USAGE, {}, { maxPositionals: 4 }).positionals);
} catch (error) {
  console.error(reasonOf(error));
  process.exitCode = 1;
}

async function run(args: readonly string[]): Promise<void> {
  const command = args.length > 0 ? orExit(() => commandOf(args)) : undefined;
  const { databaseUrl } = readEnv({ DATABASE_URL: toolDatabase(process.env) });
  console.log(`Database: ${whichStore(databaseUrl)}`);
  const store = await openStore(databaseUrl);
  try {
    if (command === undefined) await list(store);
    else await decide(store, command);
  } finally {
    await store.close();
  }
}

interface Command {
  verb: "release" | "drop";
  selection: Selection;
}

function commandOf(args: readonly string[]): Command {
  const [first = "", ...others] = args;
  const isVerb = first === "release" || first === "drop";
  const [series = "", from = "", last] = isVerb ? others : args;
  const isComplete = isVerb ? others.length === 2 || others.length === 3 : args.length === 3;
  if (!isComplete)
    throw new UsageError(`Not a command: '${args.join(" ")}'; there are release and drop, of SERIES DATE`);
  if (!isPlainDate(from)) throw new UsageError(`Not a date in the form YYYY-MM-DD: '${from}'`);
  const isRange = last !== undefined && isPlainDate(last);
  const selection = { series, from, to: isRange ? last : from, value: isRange ? undefined : last };
  return { verb: isVerb ? first : "release", selection };
}

async function list(store: Store): Promise<void> {
  const waiting = await store.quarantined(MAX_SHOWN);
  for (const one of waiting)
    console.log(`${one.series} ${one.date} ${one.value}  ${one.reason}, quarantined ${one.quarantinedAt}`);
  if (waiting.length === 0) console.log("Nothing is in quarantine.");
  if (waiting.length === MAX_SHOWN) console.log(`(the newest ${MAX_SHOWN})`);
}

async function decide(store: Store, { verb, selection }: Command): Promise<void> {
  const nowMs = Date.now();
  const { count } = await (verb === "release" ? store.release(selection, nowMs) : store.dismiss(selection, nowMs));
  const { series, from, to, value } = selection;
  const what = `${value === undefined ? "" : `value ${value} of `}${series} ${from === to ? `on ${from}` : `from ${from} to ${to}`}`;
  if (count === 0)
    throw new Error(`no ${what} waits: only a jump, a mass revision or a withdrawal can be released or dropped`);
  console.log(
    verb === "release"
      ? `Released ${count}: stored now, and published by the edge's next comparison (within the hour).`
      : `Dropped ${count}: not stored, while the provider says nothing else.`,
  );
}
