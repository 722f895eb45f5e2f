import { LOCAL, type Stack } from "../dev/stack.ts";
import { conversions } from "./edge.ts";
import type { Finding, Measure, Settings } from "./findings.ts";
import { seedStore } from "./pages.ts";
import { type Contestant, compete } from "./rounds.ts";
import { faults, latency, Stage } from "./stage.ts";

/** No entry is fresh in these tiers, so that each read goes on to the one below. */
const NO_ISOLATE = { ISOLATE_FRESH_MS: "0", ISOLATE_FRESH_PAST_MS: "0" };
const NO_COLO = { ...NO_ISOLATE, COLO_FRESH_MS: "0", COLO_FRESH_PAST_MS: "0" };
const BARE_REDIS = "bare worker that reads Redis and fills the cache";
const PAGE = "banxico.SF43718";

/** One client, one request at a time: what each tier adds to a response, beyond what the tier itself takes. */
export const tiers: Measure = {
  name: "tiers",
  title: "Edge by tier: one reader, every query new; latency and processor time over a read from the isolate",
  async run(settings) {
    const stage = new Stage();
    try {
      await stage.moveTo("server");
      const entrants = await open(stage);
      const standings = await compete(entrants, settings);
      report(standings, settings);
    } finally {
      await stage.end();
    }
  },
};

async function open(stage: Stage): Promise<Contestant[]> {
  const isolate = await stage.edge();
  const colo = await stage.edge({ vars: NO_ISOLATE });
  const below = { vars: NO_COLO };
  const redis = await stage.edge(below);
  const near = await stage.edge(below);
  const far = await stage.edge(below);
  await latency(near, 1);
  await latency(far, 20);
  const origin = await stage.stack(below);
  await seedStore(origin.databaseUrl, { years: 1 });
  await stage.runAll(origin);
  // An unreachable Redis: its breaker opens, and then no time is spent on it.
  await faults(origin, [{ type: "unavailable" }]);
  for (let times = 0; times < 5; times++) await fetch(`${origin.urls.edge}/api/v1/rates/current`);

  const bare = await stage.server("bare-worker.ts", ["--redis", redis.urls.redis, "--redis-token", LOCAL.redisToken]);

  const through = (name: string, stack: Stack): Contestant => ({
    name,
    url: stack.urls.edge,
    pid: stack.parts.edge.pid,
    paths: conversions(50_000),
    connections: 1,
  });
  const redisHeaders = { Authorization: `Bearer ${LOCAL.redisToken}` };
  const body = JSON.stringify(["MGET", `paridad:v1:page:${PAGE}:2023`]);
  const itself = (name: string, stack: Stack): Contestant => ({
    name,
    url: stack.urls.redis,
    pid: stack.parts.redis.pid,
    paths: ["/"],
    headers: redisHeaders,
    body,
    connections: 1,
  });
  return [
    through("isolate", isolate),
    through("colo", colo),
    through("redis", redis),
    { name: BARE_REDIS, url: bare.url, pid: bare.part.pid, paths: ["/"], connections: 1 },
    itself("redis itself", redis),
    through("redis, 1 ms away", near),
    itself("redis itself, 1 ms away", near),
    through("redis, 20 ms away", far),
    itself("redis itself, 20 ms away", far),
    through("origin", origin),
    {
      name: "origin itself",
      url: origin.urls.origin,
      pid: origin.parts.origin.pid,
      paths: [`/internal/pages/${PAGE}/2023-2023`],
      headers: { Authorization: `Bearer ${LOCAL.edgeToken}` },
      connections: 1,
    },
  ];
}

function report(standings: Awaited<ReturnType<typeof compete>>, { report: tell }: Settings): void {
  const [isolate] = standings;
  const find = (name: string) => standings.find((standing) => standing.name === name);
  if (isolate === undefined) return;
  for (const { name, p50Ms, p99Ms, minCpuMicros, errors } of standings) {
    const own = find(name.replace(/^(redis|origin)/, "$1 itself"));
    const note = errors > 0 ? { note: `${errors} responses were errors` } : {};
    const row = (what: string, value: number, unit: string, more: Partial<Finding> = {}) =>
      tell({ measure: "tiers", what: `${name}: ${what}`, value, unit, ...note, ...more });
    row("median", p50Ms, "ms");
    row("99th percentile", p99Ms, "ms");
    if (own === undefined || own.name === name) continue;
    row("added to the isolate's and the tier's own median", p50Ms - own.p50Ms - isolate.p50Ms, "ms");
    row("processor time at the edge over the isolate's", (minCpuMicros - isolate.minCpuMicros) / 1000, "ms");
  }
  // Most of that is workerd's own work in fetching, and the local emulation of the cache, which a bare worker has too.
  const [ours, bare] = [find("redis"), find(BARE_REDIS)];
  if (ours === undefined || bare === undefined) return;
  tell({
    measure: "tiers",
    what: "redis: processor time of our own code",
    value: (ours.minCpuMicros - bare.minCpuMicros) / 1000,
    unit: "ms",
    target: { max: 1 },
  });
}
