import { mkdirSync } from "node:fs";
import { CURRENCIES } from "#core/series.ts";
import { readOptions, USAGE, UsageError } from "./options.ts";
import { portsInUse } from "./ports.ts";
import { LOCAL, Stack, type StackOptions } from "./stack.ts";

/** `npm run dev`: the whole platform on this machine, until Ctrl-C. */

const CRON_MS = 60_000;
const POLL_MS = 500;
const FIRST_DATA_TIMEOUT_MS = 120_000;
/** History counts as loaded when no further year has come for so long. */
const SETTLED_MS = 2_000;

const options = orExit(() => readOptions(process.argv.slice(2), process.env, Date.now()));
const busy = await portsInUse(options.port, 4);
if (busy.length > 0) {
  console.error(`In use: port ${busy.join(", port ")}. Stop what listens there, or choose others with --port.`);
  process.exit(1);
}
mkdirSync(options.stateDir, { recursive: true });

const stack = new Stack({
  ...options,
  onLine: (part, line) => {
    if (isWorthShowing(line)) console.log(`[${part}] ${line}`);
  },
  onDeath: (part, how) => {
    console.log(`[${part}] has ended (${how}). The rest goes on; Ctrl-C and npm run dev start everything again.`);
  },
});

let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop());

console.log("Starting the platform: Banxico, Redis, origin, edge …");
await stack.start().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
void stack.tick();
setInterval(() => void stack.tick(), CRON_MS);
const hasData = await firstData();
if (!stopping && hasData) printReady(options);

async function stop(): Promise<void> {
  if (stopping) process.exit(1);
  stopping = true;
  console.log("\nStopping …");
  await stack.stop();
  console.log("Stopped.");
  process.exit(0);
}

/** Waits until rates are served and history has come in, telling how far it is; false where none came. */
async function firstData(): Promise<boolean> {
  const deadlineMs = Date.now() + FIRST_DATA_TIMEOUT_MS;
  let years = -1;
  let sinceMs = Date.now();
  while (!stopping && Date.now() < deadlineMs) {
    const stored = await storedYears();
    if (stored !== years) {
      if (stored > 0) console.log(`Loading history: ${stored} pages (a series and year each) stored`);
      years = stored;
      sinceMs = Date.now();
    }
    if (years > 0 && Date.now() - sinceMs >= SETTLED_MS && (await isServed())) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  if (!stopping) console.log("No rate has come in yet. The cron tries every minute; the lines above may say why.");
  return false;
}

async function storedYears(): Promise<number> {
  const answer = await fetch(`${stack.urls.origin}/internal/versions`, {
    headers: { Authorization: `Bearer ${LOCAL.edgeToken}` },
  }).catch(() => undefined);
  if (!answer?.ok) return 0;
  const { versions } = (await answer.json()) as { versions: Record<string, Record<string, number>> };
  return Object.values(versions).reduce((count, byYear) => count + Object.keys(byYear).length, 0);
}

async function isServed(): Promise<boolean> {
  const answer = await fetch(`${stack.urls.edge}/api/v1/rates/historical?limit=1`).catch(() => undefined);
  return answer?.ok ?? false;
}

function printReady({ csvFile, recordedFile, banxicoToken }: StackOptions): void {
  const { edge, origin, banxico, redis } = stack.urls;
  const source = banxicoToken !== undefined ? "the real Banxico" : `${banxico}  simulated; faults: PUT /__faults`;
  console.log(`
Paridad is ready: ${CURRENCIES.join(", ")}
  API      ${edge}  docs: ${edge}/docs  health: ${edge}/health
  origin   ${origin}  the same API, straight from the store
  Banxico  ${source}
  Redis    ${redis}  simulated Upstash; faults: PUT /__faults

Try:  curl ${edge}/api/v1/rates/current
Ctrl-C stops everything.`);
  if ((csvFile ?? recordedFile) !== undefined && options.clockOffsetMs === 0) {
    console.log(
      "\nThe figures come from a file: where it ends in the past, --clock sets the day, and current rates come back.",
    );
  }
}

/** What works is told in one place; of what the parts print, only trouble is shown. */
function isWorthShowing(line: string): boolean {
  if (!line.startsWith("{")) return line.trim() !== "" && !/\bready on\b/.test(line);
  return /"level":"(warning|error)"|"event":"(breaker|corrupt_page|dead_letters|error|fatal|ingest_failed)"/.test(line);
}

function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    process.exit(2);
  }
}
