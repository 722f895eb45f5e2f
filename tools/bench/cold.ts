import { LOCAL } from "../dev/stack.ts";
import type { Finding, Measure, Settings } from "./findings.ts";
import { median } from "./rounds.ts";
import { latency, Stage } from "./stage.ts";

const CURRENT = "/api/v1/rates/current";
const STARTS = 9;

/** What the first client of an isolate waits for. */
export const cold: Measure = {
  name: "cold",
  title: "Cold: an isolate's first response, beside a bare worker that does the same I/O",
  run: firstResponses,
};

/** From a worker that listens to its first response: what the first client of an isolate waits for. Redis is 1 ms away. */
async function firstResponses({ report }: Settings): Promise<void> {
  const firstMs = { bare: [] as number[], reading: [] as number[], ours: [] as number[] };
  for (let round = 0; round < STARTS; round++) {
    const stage = new Stage();
    try {
      const stack = await stage.edge({ isCold: true });
      await latency(stack, 1);
      const redis = ["--redis", stack.urls.redis, "--redis-token", LOCAL.redisToken];
      const reading = await stage.server("bare-worker.ts", redis);
      const bare = await stage.server("bare-worker.ts");
      firstMs.ours.push(await timeOf(`${stack.urls.edge}${CURRENT}`));
      firstMs.reading.push(await timeOf(`${reading.url}/`));
      firstMs.bare.push(await timeOf(`${bare.url}/`));
    } finally {
      await stage.end();
    }
  }
  const [bareMs, readingMs, oursMs] = [median(firstMs.bare), median(firstMs.reading), median(firstMs.ours)];
  const row = (what: string, value: number, more: Partial<Finding> = {}) =>
    report({ measure: "cold", what, value, unit: "ms", ...more });
  row("bare worker: first response", bareMs);
  row("bare worker that reads Redis and fills the cache: first response", readingMs);
  const ratio = { ratio: readingMs / oursMs, of: "bare worker that reads", target: { min: 1 / 3, onRatio: true } };
  row("cold isolate: first response, page from Redis", oursMs, ratio);
}

async function timeOf(url: string): Promise<number> {
  const beganMs = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} responded ${response.status}`);
  return performance.now() - beganMs;
}
