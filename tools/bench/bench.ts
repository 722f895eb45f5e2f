import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { orExit, positiveNumber, readCommandLine, UsageError, wholeNumber } from "../../origin/command-line.ts";
import { alerts } from "./alerts.ts";
import { alternatives } from "./alternatives.ts";
import { cold } from "./cold.ts";
import { isPinned } from "./cores.ts";
import { dashboard } from "./dashboard.ts";
import { deployment } from "./deployment.ts";
import { edge } from "./edge.ts";
import { endpoints } from "./endpoints.ts";
import { type Finding, format, isMet, type Measure, type Settings } from "./findings.ts";
import { ingestion } from "./ingestion.ts";
import { live } from "./live.ts";
import { mixed } from "./mixed.ts";
import { origin } from "./origin.ts";
import { scale } from "./scale.ts";
import { start } from "./start.ts";
import { tiers } from "./tiers.ts";
import { volume } from "./volume.ts";

const MEASURES: readonly Measure[] = [
  edge,
  cold,
  endpoints,
  tiers,
  origin,
  ingestion,
  volume,
  start,
  scale,
  mixed,
  live,
  deployment,
  alerts,
  dashboard,
  alternatives,
];

const NAMES = MEASURES.map(({ name }) => name);

const USAGE = `Usage: npm run bench [-- options]
Measures Paridad beside the minimum that its runtimes can do, in alternating rounds.
  --only NAME[,NAME]  ${NAMES.join(", ")}
  --rounds N          rounds of each comparison (15)
  --seconds N         length of each turn (1)
  --long              a million requests, and a minute of mixed load
  --json FILE         writes the findings there`;

const { values } = readCommandLine(USAGE, {
  only: { type: "string" },
  rounds: { type: "string", default: "15" },
  seconds: { type: "string", default: "1" },
  json: { type: "string" },
  long: { type: "boolean", default: false },
});
const wanted = values.only?.split(",") ?? NAMES;
const { rounds, seconds } = orExit(() => {
  const unknown = wanted.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`No measure is called '${unknown.join("', '")}'; there are ${NAMES.join(", ")}`);
  return {
    rounds: wholeNumber("rounds", values.rounds, { min: 1, max: 10_000 }),
    seconds: positiveNumber("seconds", values.seconds),
  };
});

const findings: Finding[] = [];
const settings: Settings = {
  rounds,
  seconds,
  long: values.long,
  report: (finding) => {
    findings.push(finding);
    console.log(format(finding));
  },
};

if (!isPinned) console.log("Without taskset and two cores, servers and load disturb each other: trust only ratios.");
for (const { name, title, run } of MEASURES.filter((measure) => wanted.includes(measure.name))) {
  console.log(`\n${title} (${name})`);
  await run(settings);
}

const judged = findings.filter((finding) => isMet(finding) !== undefined);
console.log(`\n${judged.filter(isMet).length} of ${judged.length} targets met.`);
if (values.json !== undefined) {
  const { long } = settings;
  const machine = { processor: cpus()[0]?.model, cores: cpus().length, node: process.version, isPinned };
  writeFileSync(values.json, `${JSON.stringify({ machine, rounds, seconds, long, findings }, null, 2)}\n`);
}
process.exit(0);
