import { bundleOf, startUpMs } from "./bundle.ts";
import { conversions } from "./edge.ts";
import type { Measure, Settings } from "./findings.ts";
import { runLoad } from "./load.ts";
import { MIXED_PATHS } from "./mixed.ts";
import { bareOrigin, productionOrigin } from "./origin-server.ts";
import { seedStore } from "./pages.ts";
import { usageOf } from "./processes.ts";
import { median } from "./rounds.ts";
import { Stage } from "./stage.ts";

const CURRENT = "/api/v1/rates/current";
const MANY = { usual: 50_000, long: 1_000_000 };
const MEGABYTE = 1e6;
const STARTS = 5;

/** What a start costs and what stays in memory. */
export const start: Measure = {
  name: "start",
  title: "Start: the worker's bundle and start-up, the origin's first response, and memory",
  async run(settings) {
    const stage = new Stage();
    try {
      await worker(stage, settings);
      await originStart(settings);
      await stage.moveTo("server");
      await memory(stage, settings);
    } finally {
      await stage.end();
    }
  },
};

async function worker(stage: Stage, { report }: Settings): Promise<void> {
  const bundle = await bundleOf(await stage.folder());
  const row = (what: string, value: number, unit: string, more = {}) =>
    report({ measure: "start", what: `worker: ${what}`, value, unit, ...more });
  row("bundle", bundle.bytes / 1024, "KiB");
  row("bundle, gzipped", bundle.gzippedBytes / 1000, "kB", { target: { max: 200 } });
  for (const [name, bytes] of bundle.byPackage.slice(0, 8)) row(`of which ${name}`, bytes / 1024, "KiB");
  const startUps: number[] = [];
  for (let round = 0; round < STARTS; round++) startUps.push(await startUpMs(bundle));
  row("start-up, processor time", median(startUps), "ms", { target: { max: 12 } });
}

async function originStart({ report }: Settings): Promise<void> {
  const tookMs: number[] = [];
  const rest: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    const stage = new Stage();
    try {
      const databaseUrl = `file:${await stage.folder()}/paridad.sqlite`;
      await seedStore(databaseUrl, { years: 2 });
      const { url, pid, spawnedMs } = await productionOrigin(stage, databaseUrl);
      await (await fetch(`${url}${CURRENT}`)).text();
      tookMs.push(performance.now() - spawnedMs);
      rest.push((usageOf(pid)?.residentBytes ?? Number.NaN) / MEGABYTE);
    } finally {
      await stage.end();
    }
  }
  const row = (what: string, value: number, unit: string, max: number) =>
    report({ measure: "start", what: `origin: ${what}`, value, unit, target: { max } });
  row("from its start to the first response", median(tookMs), "ms", 500);
  row("resident memory at rest", median(rest), "MB", 120);
}

/** Never the same, and every tenth is large, so that everything that can grow does. */
const EVER_NEW = conversions(100_000).map((path, index) =>
  index % 10 === 0 ? `/api/v1/rates/historical?limit=${(index % 3_000) + 1}` : path,
);
/** For the bare servers: as many large responses, of constants. */
const CONSTANTS = EVER_NEW.map((_, index) => (index % 10 === 0 ? "/large" : "/"));

async function memory(stage: Stage, settings: Settings): Promise<void> {
  const requests = settings.long ? MANY.long : MANY.usual;
  const databaseUrl = `file:${await stage.folder()}/paridad.sqlite`;
  await seedStore(databaseUrl);
  const { urls, parts } = await stage.edge();
  const bareWorker = await stage.server("bare-worker.ts");
  const bareHono = await bareOrigin(stage, []);
  const origin = await productionOrigin(stage, databaseUrl);
  const worker = { name: "worker", url: urls.edge, pid: parts.edge.pid, only: "workerd" };
  const reads: Reads[] = [
    { ...bareHono, name: "bare Hono", of: "constants", paths: CONSTANTS },
    { ...origin, name: "origin", of: "mixed reads", paths: MIXED_PATHS, max: 120 },
    { ...origin, name: "origin", of: "reads that are ever new", paths: EVER_NEW },
    {
      name: "bare worker",
      url: bareWorker.url,
      pid: bareWorker.part.pid,
      only: "workerd",
      of: "constants",
      paths: ["/"],
    },
    { ...worker, of: "mixed reads", paths: MIXED_PATHS },
    { ...worker, of: "reads that are ever new", paths: EVER_NEW },
  ];
  for (const { name, url, pid, only, of, paths, max } of reads) {
    for (let done = 0; done < requests; ) done += (await runLoad({ url, paths, seconds: 5 })).requests;
    settings.report({
      measure: "start",
      what: `${name}: resident after ${requests} ${of}`,
      value: (usageOf(pid, only)?.residentBytes ?? Number.NaN) / MEGABYTE,
      unit: "MB",
      ...(max !== undefined && { target: { max } }),
    });
  }
}

interface Reads {
  name: string;
  url: string;
  pid: number;
  /** The one process that is looked at; all of them without. */
  only?: string;
  of: string;
  paths: readonly string[];
  max?: number;
}
