import { orExit, positiveNumber, readCommandLine, UsageError, wholeNumber } from "../../origin/command-line.ts";
import { until } from "../dev/system.ts";
import { type Load, MIXED_READS, type Pace, percentile, startLoad, total } from "./load.ts";
import { PROVIDER_STRIKES, SECOND_READS } from "./providers.ts";
import { STRIKES, type Strike } from "./strikes.ts";
import { World } from "./world.ts";

/**
 * `npm run chaos`: a steady load of warm reads while each fault strikes in turn. Prints a table, and exits with 1 if a
 * read failed, a response was marked stale without need, the 99th percentile passed its bound, or recovery took too long.
 */
export interface ChaosOptions extends Pace {
  /** How long each fault lasts. */
  strikeMs: number;
  /** Overrides of core/ops/policy, beside those that make the tiers impatient. */
  vars?: Record<string, string>;
  onRow?: (row: Row) => void;
}

export interface Row {
  fault: string;
  requests: number;
  failures: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  longestStaleMs: number;
  healedMs: number;
  /** What did not hold; empty if all did. */
  broken: string[];
}

const MAX_P99_MS = 200;
const MAX_RECOVERY_MS = 90_000;
const HEALTH_POLL_MS = 500;
const CRON_MS = 5_000;

/** Runs the strikes one after the other on one world; every row says what did not hold. */
export async function runChaos(strikes: readonly Strike[], options: ChaosOptions): Promise<Row[]> {
  const providers = [...new Set(["banxico", ...strikes.flatMap((strike) => strike.providers ?? [])])];
  const reads = providers.length > 1 ? [...MIXED_READS, ...SECOND_READS] : MIXED_READS;
  const world = await World.start({ providers, ...(options.vars && { vars: options.vars }) });
  const rows: Row[] = [];
  const cron = setInterval(() => void world.system.stack.tick(), CRON_MS);
  try {
    await world.warm(reads);
    await until("all is well before the first fault", () => world.isHealthy());
    const load = startLoad(world.system.stack.urls.edge, options, reads);
    for (const strike of strikes) {
      const row = await strikeOnce(world, load, strike, options.strikeMs);
      rows.push(row);
      options.onRow?.(row);
    }
    await load.stop();
  } finally {
    clearInterval(cron);
    await world.stop();
  }
  return rows;
}

async function strikeOnce(world: World, load: Load, strike: Strike, strikeMs: number): Promise<Row> {
  load.take();
  await strike.begin(world);
  const [unheld = []] = await Promise.all([strike.during?.(world), pause(strikeMs)]);
  await strike.end(world);
  const endedMs = performance.now();
  let healedMs = Number.POSITIVE_INFINITY;
  while (performance.now() - endedMs < MAX_RECOVERY_MS && healedMs === Number.POSITIVE_INFINITY) {
    if (await world.isHealthy()) healedMs = performance.now() - endedMs;
    else await pause(HEALTH_POLL_MS);
  }
  const { requests, failures, latenciesMs, longestStaleMs, staleByReason } = load.take();
  const p99Ms = percentile(latenciesMs, 0.99);
  const broken = [
    ...unheld,
    ...Array.from(failures, ([what, times]) => `${times} × ${what}`),
    ...Array.from(staleByReason, ([reason, times]) => `${times} responses marked stale without need: ${reason}`),
    ...(healedMs > MAX_RECOVERY_MS ? [`not healthy within ${MAX_RECOVERY_MS / 1000} s of its end`] : []),
  ];
  return {
    fault: strike.name,
    requests,
    failures: total(failures),
    p50Ms: percentile(latenciesMs, 0.5),
    p95Ms: percentile(latenciesMs, 0.95),
    p99Ms,
    longestStaleMs,
    healedMs,
    broken,
  };
}

/** Whether clients waited longer than promised. Separate from what is broken, since time depends on the machine. */
function isSlow({ p99Ms }: Row): boolean {
  return p99Ms > MAX_P99_MS;
}

/** A row of the table, in columns. */
export function format(row: Row): string {
  const ms = (value: number) => (Number.isFinite(value) ? value.toFixed(1) : "never").padStart(9);
  const counts = `${String(row.requests).padStart(9)}${String(row.failures).padStart(9)}`;
  const healed = (Number.isFinite(row.healedMs) ? (row.healedMs / 1000).toFixed(1) : "never").padStart(9);
  const line = `${row.fault.padEnd(36)}${counts}${ms(row.p50Ms)}${ms(row.p95Ms)}${ms(row.p99Ms)}${ms(row.longestStaleMs)}${healed}`;
  const notes = isSlow(row) ? [...row.broken, `p99 is over ${MAX_P99_MS} ms`] : row.broken;
  return [line, ...notes.map((what) => `    ! ${what}`)].join("\n");
}

const HEADER = `${"fault".padEnd(36)} requests failures   p50 ms   p95 ms   p99 ms stale ms healed s`;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const USAGE = `Usage: npm run chaos [-- options]
Breaks each dependency in turn under a steady load, and prints what readers noticed.
  --only TEXT    only faults whose names hold this text
  --rps N        requests per second (200)
  --seconds N    how long each fault lasts (20)
  --rounds N     how often all of them are run (1)`;

/** The faults whose names hold `text`. Throws UsageError with all names if there are none. */
export function strikesNamed(text: string): readonly Strike[] {
  const all = [...STRIKES, ...PROVIDER_STRIKES];
  const found = all.filter(({ name }) => name.includes(text));
  if (found.length > 0) return found;
  throw new UsageError(`No fault is called '${text}'; there are:\n${all.map(({ name }) => `  ${name}`).join("\n")}\n`);
}

if (import.meta.main) {
  const { values } = readCommandLine(USAGE, {
    rps: { type: "string", default: "200" },
    seconds: { type: "string", default: "20" },
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "1" },
  });
  const { strikes, rounds, options } = orExit(() => ({
    strikes: strikesNamed(values.only),
    rounds: wholeNumber("rounds", values.rounds, { min: 1, max: 1_000 }),
    options: {
      requestsPerSecond: wholeNumber("rps", values.rps, { min: 1, max: 100_000 }),
      strikeMs: positiveNumber("seconds", values.seconds) * 1000,
    },
  }));
  console.log(HEADER);
  const rows = await runChaos(Array.from({ length: rounds }, () => strikes).flat(), {
    ...options,
    onRow: (row) => console.log(format(row)),
  });
  const broken = rows.filter((row) => row.broken.length > 0 || isSlow(row));
  console.log(`\n${rows.length - broken.length} of ${rows.length} faults went unnoticed by clients.`);
  process.exit(broken.length > 0 ? 1 : 0);
}
