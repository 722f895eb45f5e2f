import { parseArgs } from "node:util";
import { System } from "../system/system.ts";
import { type FuzzOptions, fuzz } from "./fuzz.ts";

/**
 * `npm run fuzz -- [--requests 10000] [--seed N] [--url http://…]`: requests made from the OpenAPI document, good and bad.
 * Without --url against a stack of its own, edge and origin compared. Exits with 1 where an answer was not right.
 */
const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "10000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    url: { type: "string" },
  },
});
const [requests, seed] = [Number(values.requests), Number(values.seed)];
if (!Number.isInteger(requests) || requests < 1 || !Number.isInteger(seed)) {
  console.error("--requests and --seed must be whole numbers");
  process.exit(2);
}

console.log(`${requests} requests, seed ${seed}`);
const failures = values.url === undefined ? await againstOwn() : await report([values.url.replace(/\/+$/, "")]);
process.exit(failures === 0 ? 0 : 1);

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
  console.log(failures.length === 0 ? "Every answer was right." : `Not right. Again with --seed ${seed}.`);
  return failures.length;
}
