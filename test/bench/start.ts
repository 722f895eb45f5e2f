import { bundleOf, startUpMs } from "./bundle.ts";
import { conversions } from "./edge.ts";
import type { Measure, Settings } from "./findings.ts";
import { runLoad } from "./load.ts";
import { productionOrigin } from "./origin-server.ts";
import { seedStore } from "./pages.ts";
import { usageOf } from "./processes.ts";
import { median } from "./rounds.ts";
import { Stage } from "./stage.ts";

const CURRENT = "/api/v1/rates/current";
const MANY = { usual: 50_000, long: 1_000_000 };
const MEGABYTE = 1024 * 1024;

/** What a start costs and what stays in memory. */
export const start: Measure = {
  name: "start",
  title: "Start: the worker's bundle and start-up, the origin's first answer, and memory",
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

async function worker(stage: Stage, { rounds, report }: Settings): Promise<void> {
  const bundle = await bundleOf(await stage.folder());
  const row = (what: string, value: number, unit: string, more = {}) =>
    report({ measure: "start", what: `worker: ${what}`, value, unit, ...more });
  row("bundle", bundle.bytes / 1024, "KiB");
  row("bundle, gzipped", bundle.gzippedBytes / 1000, "kB", { target: { most: 200 } });
  for (const [name, bytes] of bundle.byPackage.slice(0, 8)) row(`of which ${name}`, bytes / 1024, "KiB");
  const startUps = { busy: [] as number[] };
  for (let round = 0; round < rounds; round++) startUps.busy.push(await startUpMs(bundle));
  row("start-up, processor time", median(startUps.busy), "ms", { target: { most: 30 } });
}

async function originStart({ rounds, report }: Settings): Promise<void> {
  const tookMs: number[] = [];
  const rest: number[] = [];
  for (let round = 0; round < rounds; round++) {
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
  const row = (what: string, value: number, unit: string, most: number) =>
    report({ measure: "start", what: `origin: ${what}`, value, unit, target: { most } });
  row("from its start to the first answer", median(tookMs), "ms", 500);
  row("resident memory at rest", median(rest), "MiB", 120);
}

async function memory(stage: Stage, settings: Settings): Promise<void> {
  const requests = settings.long ? MANY.long : MANY.usual;
  const databaseUrl = `file:${await stage.folder()}/paridad.sqlite`;
  await seedStore(databaseUrl);
  const origin = await productionOrigin(stage, databaseUrl);
  const stack = await stage.edge();
  const edge = { url: stack.urls.edge, pid: stack.parts.edge.pid };
  // Every tenth asks for much, and the amounts are ever new, so that whatever can grow does.
  const paths = conversions(100_000).map((path, index) =>
    index % 10 === 0 ? `/api/v1/rates/historical?limit=${(index % 3_000) + 1}` : path,
  );
  for (const [name, server, most] of [
    ["origin", { ...origin, process: undefined }, 120],
    ["workerd", { ...edge, process: "workerd" }, undefined],
  ] as const) {
    const resident = () => (usageOf(server.pid, server.process)?.residentBytes ?? Number.NaN) / MEGABYTE;
    const row = (what: string, value: number, more = {}) =>
      settings.report({ measure: "start", what: `${name}: ${what}`, value, unit: "MiB", ...more });
    row("resident memory before the load", resident());
    for (let done = 0; done < requests; ) done += (await runLoad({ url: server.url, paths, seconds: 5 })).requests;
    row(`resident memory after ${requests} requests`, resident(), most === undefined ? {} : { target: { most } });
  }
}
