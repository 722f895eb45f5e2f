import { orExit, positiveNumber, readCommandLine, wholeNumber } from "../../origin/command-line.ts";
import { percentile, startLoad, total } from "../chaos/load.ts";
import { CLOCK, System } from "../dev/system.ts";
import { loadIngestion } from "./ingestion.ts";
import { loadReaders } from "./readers.ts";

const USAGE = `Usage: npm run load -- [options]
Starts a local stack of its own and loads it: new values a second through queue, origin and Redis, or reads with --reads.
Exits with 1 if a message was lost, a read failed or the lag passed its bound.
  --rate N      messages or reads per second (100)
  --duration N  seconds (60)
  --max-lag N   bound of the 99th percentile of the lag, in seconds (30)
  --reads       reads of warm rates instead of messages
  --readers N   N readers of live updates over SSE and N over WebSockets instead, who get each new value`;

interface Settings {
  rate: number;
  seconds: number;
  maxLagSeconds: number;
}

const print = (what: string, value: string | number) => console.log(`${what.padEnd(24)}${value}`);
const round = (value: number) => Math.round(value * 10) / 10;

/** Prints the report of the ingestion; whether it was as promised. */
async function ingestion({ rate, seconds, maxLagSeconds }: Settings): Promise<boolean> {
  const offsetMs = Date.parse(CLOCK) - Date.now();
  const system = await System.start();
  try {
    // The history is what is sent; Banxico must not bring it as well.
    await system.faults("banxico", [{ type: "unavailable" }]);
    const report = await loadIngestion(system, rate, seconds, () => Date.now() + offsetMs);
    const { p50, p95, p99, max } = report.lagMs;
    print("messages", report.messages);
    print("sent per second", round(report.sentPerSecond));
    print("stored per second", round(report.storedPerSecond));
    print(
      "lag, seconds",
      `p50 ${round(p50 / 1e3)}  p95 ${round(p95 / 1e3)}  p99 ${round(p99 / 1e3)}  max ${round(max / 1e3)}`,
    );
    print("lost", report.lost);
    return report.lost === 0 && report.messages > 0 && p99 <= maxLagSeconds * 1_000;
  } finally {
    await system.stop();
  }
}

/** Prints the report of reads; whether none failed. */
async function reads({ rate, seconds }: Settings): Promise<boolean> {
  const system = await System.start({ isUnlimited: true });
  try {
    await system.fill();
    const load = startLoad(system.stack.urls.edge, { requestsPerSecond: rate });
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    await load.stop();
    const { requests, failures, latenciesMs, tiers } = load.take();
    const at = (share: number) => round(percentile(latenciesMs, share));
    print("reads", requests);
    print("per second", round(requests / seconds));
    print("latency, ms", `p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)}  max ${at(1)}`);
    print("tiers", Array.from(tiers, ([tier, count]) => `${tier} ${count}`).join("  "));
    print("failed", total(failures));
    for (const [what, count] of failures) print("", `${count} × ${what}`);
    return requests > 0 && total(failures) === 0;
  } finally {
    await system.stop();
  }
}

/** Prints the report of live updates; whether every reader had every event once. */
async function liveReaders(count: number): Promise<boolean> {
  const offsetMs = Date.parse(CLOCK) - Date.now();
  const system = await System.start({ clockOffsetMs: offsetMs, isUnlimited: true });
  try {
    await system.faults("banxico", [{ type: "unavailable" }]);
    const report = await loadReaders(system, count, () => Date.now() + offsetMs);
    print("readers", report.readers);
    print("events", report.events);
    for (const [kind, { p50, p99, max }] of Object.entries(report.lagMs))
      print(`lag, ms, ${kind}`, `p50 ${round(p50)}  p99 ${round(p99)}  max ${round(max)}`);
    print("faults", report.faults);
    return report.faults === 0 && report.events > 0;
  } finally {
    await system.stop();
  }
}

const { values } = readCommandLine(USAGE, {
  rate: { type: "string", default: "100" },
  duration: { type: "string", default: "60" },
  "max-lag": { type: "string", default: "30" },
  reads: { type: "boolean", default: false },
  readers: { type: "string" },
});
const settings = orExit(() => ({
  rate: wholeNumber("rate", values.rate, { min: 1, max: 100_000 }),
  seconds: positiveNumber("duration", values.duration),
  maxLagSeconds: positiveNumber("max-lag", values["max-lag"]),
  readers: values.readers === undefined ? undefined : wholeNumber("readers", values.readers, { min: 1, max: 4_000 }),
}));
const { readers } = settings;
const run = readers === undefined ? (values.reads ? reads(settings) : ingestion(settings)) : liveReaders(readers);
if (!(await run)) process.exitCode = 1;
