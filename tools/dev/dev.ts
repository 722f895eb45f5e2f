import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { orExit, readCommandLine } from "../../origin/command-line.ts";
import { CURRENT_DATABASE_FILE } from "../../origin/default-database.ts";
import { readCsv, readRecorded } from "../simulators/banxico/data.ts";
import { readFeeds } from "../simulators/providers/feeds.ts";
import { DevConsole } from "./console.ts";
import { onEnd } from "./ending.ts";
import { frameMapper } from "./frames.ts";
import { generate, keepGenerated } from "./generate.ts";
import { type DevOptions, readOptions, USAGE } from "./options.ts";
import { type Part, PartFailure } from "./part.ts";
import { portsInUse } from "./ports.ts";
import { edgeChanges, firstData } from "./progress.ts";
import { deliveryText, readyText, wranglerCommand } from "./ready.ts";
import { Stack } from "./stack.ts";
import { startInBackground, typeChecker } from "./types.ts";

/** `npm run dev`: the whole platform on this machine, until Ctrl-C. */

const CRON_MS = 60_000;

if (process.argv.some((word) => word === "--help" || word === "-h")) readCommandLine(USAGE, {});
const options = orExit(() => readOptions(process.argv.slice(2), process.env, Date.now()));
await checkFiles(options);
await checkPorts(options);
mkdirSync(options.stateDir, { recursive: true });
nameDatabase(options);

const edgeFrames = frameMapper(`${options.stateDir}/edge/index.js`);
const shown = new DevConsole({
  print: (line) => console.log(line),
  verbose: options.verbose,
  mapFrames: (part, text) => (part === "edge" ? edgeFrames(text) : text),
});
const stack = new Stack({
  ...options,
  withReceiver: true,
  onLine: (part, line) => shown.line(part, line),
  onDeath: (part, how) => {
    console.log(`[${part}] has ended (${how}). The rest goes on; Ctrl-C and npm run dev start everything again.`);
  },
});
const types: Part | undefined = options.checkTypes ? typeChecker((line) => shown.line("types", line)) : undefined;
const ending = new AbortController();
const progress = { stack, print: (line: string) => console.log(line), isStopping: () => ending.signal.aborted };

onEnd(stop);

const partNames = ["providers", "Redis", "origin", ...(options.withoutEdge ? [] : ["edge"])].join(", ");
console.log(`Starting the platform: ${partNames} …`);
console.log(`Sources of rates: ${options.providers.join(", ")}`);
const printDocs = (line: string) => shown.line("docs", line);
if (options.watch) await generate(printDocs, ending.signal);
await stack.start().catch(async (error) => {
  if (ending.signal.aborted) return await new Promise(() => {});
  console.error(error instanceof PartFailure ? error.summary : error instanceof Error ? error.message : error);
  process.exit(1);
});
if (options.watch) keepGenerated(printDocs, ending.signal);
if (types) void startInBackground(types).catch(() => undefined);
if (options.withoutEdge) void followEdge();
else void stack.tick();
setInterval(() => void stack.tick(), CRON_MS);
const hasData = await firstData(progress);
if (hasData) console.log(readyText(stack, options));
else if (!ending.signal.aborted && !options.withoutEdge) {
  console.log("No rate has come in yet. The cron tries every minute; the lines above may say why.");
}

async function stop(): Promise<void> {
  ending.abort();
  console.log("\nStopping …");
  await Promise.all([stack.stop(), types?.kill()]);
  console.log("Stopped.");
  process.exit(0);
}

/** Fires the cron as soon as `wrangler dev` runs the worker, and whenever it was started again. */
async function followEdge(): Promise<void> {
  const command = wranglerCommand(stack, options);
  console.log(`The back ends run. Start the worker in another terminal:\n\n  ${command}\n`);
  console.log(`${deliveryText(command, options)}\n`);
  while (await edgeChanges(progress, true)) {
    console.log(`A worker listens at ${stack.urls.edge}: its cron is fired every minute.`);
    await stack.tick();
    if (await edgeChanges(progress, false)) console.log(`Nothing listens at ${stack.urls.edge} any more.`);
  }
}

/** An unreadable file leaves nothing behind, and is reported once. */
async function checkFiles({ csvFile, recordedFile, feeds }: DevOptions): Promise<void> {
  try {
    if (csvFile !== undefined) await named("--data or --feed banxico", readCsv(csvFile));
    if (recordedFile !== undefined) await named("--recorded or --feed banxico", readRecorded(recordedFile));
    await readFeeds(feeds);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  }
}

async function named(flags: string, reading: Promise<unknown>): Promise<void> {
  await reading.catch((error: Error) => {
    throw new Error(`${flags}: ${error.message}`);
  });
}

async function checkPorts({ port, withoutEdge, inspect }: DevOptions): Promise<void> {
  const busy = await portsInUse(withoutEdge ? port + 1 : port, (withoutEdge ? 4 : 5) + (inspect ? 2 : 0));
  if (busy.length === 0) return;
  console.error(`In use: port ${busy.join(", port ")}. Stop what listens there, or choose others with --port.`);
  process.exit(1);
}

/** Tools without DATABASE_URL then open the same database; a URL with a password is not written down. */
function nameDatabase({ databaseUrl, stateRoot }: DevOptions): void {
  const file = `${stateRoot}/${CURRENT_DATABASE_FILE}`;
  if (databaseUrl.startsWith("file:")) writeFileSync(file, `${databaseUrl}\n`);
  else rmSync(file, { force: true });
}
