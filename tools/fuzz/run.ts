import { orExit, readCommandLine, UsageError, wholeNumber } from "../../origin/command-line.ts";
import { reasonOf } from "../../origin/ops/log.ts";
import { System } from "../dev/system.ts";
import { type FuzzOptions, fuzz } from "./fuzz.ts";

const USAGE = `Usage: npm run fuzz [-- options]
Sends requests made from the OpenAPI document, valid and hostile. Exits with 1 if a response was wrong.
  --requests N   how many (10000)
  --seed N       repeats a run
  --url URL      where to; without it, a stack is started, and edge and origin are compared`;

const { values } = readCommandLine(USAGE, {
  requests: { type: "string", default: "10000" },
  seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  url: { type: "string" },
});
const { requests, seed, url } = orExit(() => ({
  requests: wholeNumber("requests", values.requests, { min: 1, max: 10_000_000 }),
  seed: wholeNumber("seed", values.seed),
  url: values.url === undefined ? undefined : httpAddress(values.url),
}));

console.log(`${requests} requests, seed ${seed}`);
const failures = url === undefined ? await againstOwn() : await report([url]).catch(unusable);
process.exit(failures === 0 ? 0 : 1);

/** Nothing answers there, or not as the platform does. */
function unusable(error: unknown): never {
  console.error(reasonOf(error));
  process.exit(1);
}

function httpAddress(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ""))
    throw new UsageError(`--url must be http(s)://…, not '${text}'`);
  return text.replace(/\/+$/, "");
}

async function againstOwn(): Promise<number> {
  console.log("Starting a stack and filling it …");
  const system = await System.start();
  try {
    await system.fill();
    return await report([system.stack.urls.edge, system.stack.urls.origin]);
  } finally {
    await system.stop();
  }
}

async function report(urls: FuzzOptions["urls"]): Promise<number> {
  const beganMs = performance.now();
  const onProgress = (done: number) => {
    if (done % 1_000 === 0) console.log(`${done} …`);
  };
  const { sent, byKind, byStatus, failures } = await fuzz({ urls, requests, seed, onProgress });
  const list = (counts: ReadonlyMap<unknown, number>) =>
    Array.from(counts, ([name, times]) => `${name} ${times}`)
      .sort()
      .join(", ");
  console.log(`${sent} requests in ${((performance.now() - beganMs) / 1_000).toFixed(1)} s: ${list(byKind)}`);
  console.log(`statuses: ${list(byStatus)}`);
  for (const failure of failures) console.log(`! ${failure}`);
  console.log(failures.length === 0 ? "Every response was right." : `Not right. Again with --seed ${seed}.`);
  return failures.length;
}
