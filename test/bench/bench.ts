import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { isPinned } from "./cores.ts";
import { edge } from "./edge.ts";
import { type Finding, format, isMet, type Measure, type Settings } from "./findings.ts";
import { ingestion } from "./ingestion.ts";
import { mixed } from "./mixed.ts";
import { origin } from "./origin.ts";
import { scale } from "./scale.ts";
import { start } from "./start.ts";
import { tiers } from "./tiers.ts";

/**
 * `npm run bench [-- options]`: measures Paridad beside the least that its runtimes can do, in rounds that alternate.
 *   --only NAME[,NAME]  edge, tiers, origin, ingestion, start, scale, mixed
 *   --rounds N          rounds of each comparison (15)     --seconds N   length of each turn (1)
 *   --json FILE         writes the findings there          --long        a million requests, a minute of mixed load
 */
const MEASURES: readonly Measure[] = [edge, tiers, origin, ingestion, start, scale, mixed];

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "15" },
    seconds: { type: "string", default: "1" },
    json: { type: "string" },
    long: { type: "boolean", default: false },
  },
});
const wanted = values.only?.split(",") ?? MEASURES.map(({ name }) => name);
const unknown = wanted.filter((name) => !MEASURES.some((measure) => measure.name === name));
if (unknown.length > 0) {
  console.error(`There is no measure ${unknown.join(", ")}; there are ${MEASURES.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}

const findings: Finding[] = [];
const settings: Settings = {
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  long: values.long,
  report: (finding) => {
    findings.push(finding);
    console.log(format(finding));
  },
};

if (!isPinned) console.log("Without taskset and two cores, servers and load disturb each other: trust ratios alone.");
for (const { name, title, run } of MEASURES.filter((measure) => wanted.includes(measure.name))) {
  console.log(`\n${title} (${name})`);
  await run(settings);
}

const judged = findings.filter((finding) => isMet(finding) !== undefined);
console.log(`\n${judged.filter(isMet).length} of ${judged.length} targets met.`);
if (values.json !== undefined) {
  const { rounds, seconds, long } = settings;
  const machine = { processor: cpus()[0]?.model, cores: cpus().length, node: process.version, isPinned };
  writeFileSync(values.json, `${JSON.stringify({ machine, rounds, seconds, long, findings }, null, 2)}\n`);
}
process.exit(0);
