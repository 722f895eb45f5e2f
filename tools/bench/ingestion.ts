import { System, until } from "../dev/system.ts";
import type { Measure, Settings } from "./findings.ts";
import { usageOf } from "./processes.ts";
import { median } from "./rounds.ts";

const DOLLAR = { currency: "USD", series: "SF43718" };
const POLL_MS = 10;
const GIVE_UP_MS = 180_000;
/** Each waits until the entries of isolate and data centre have expired: up to a minute and a half. */
const MAX_ROUNDS = 3;

/** From Banxico to the last client: the whole stack as `npm run dev` starts it, on both cores. */
export const ingestion: Measure = {
  name: "ingestion",
  title: "Ingestion: the first fill, a tick with nothing new, and one new rate step by step",
  async run(settings) {
    const system = await System.start({ isUnlimited: true, withoutPages: true });
    try {
      await firstFill(system, settings);
      await nothingNew(system, settings);
      await oneNewRate(system, settings);
    } finally {
      await system.stop();
    }
  },
};

async function firstFill(system: System, { report }: Settings): Promise<void> {
  const published = (await system.published(DOLLAR.series)).length;
  const before = usage(system);
  const beganMs = performance.now();
  const tick = system.stack.tick();
  await until("the dollar's history is stored", async () => (await system.served(DOLLAR.currency)).length >= published);
  const dollarMs = performance.now() - beganMs;
  await tick;
  await until("all history is stored", async () => (await system.missing()).length === 0);
  const allMs = performance.now() - beganMs;
  const after = usage(system);
  const stored = await stored5(system);
  const row = (what: string, value: number, unit: string, more = {}) =>
    report({ measure: "ingestion", what: `first fill: ${what}`, value, unit, ...more });
  row("one series since 1991, until all of it is served", dollarMs / 1000, "s", { target: { max: 5 } });
  row("all five series", allMs / 1000, "s");
  row("observations", stored, "");
  row("pace", stored / (allMs / 1000), "observations/s");
  row("processor time of the origin", (after.origin - before.origin) / stored, "µs/observation");
  row("processor time of the edge", (after.edge - before.edge) / stored, "µs/observation");
}

async function nothingNew(system: System, { rounds, report }: Settings): Promise<void> {
  const elapsed: number[] = [];
  const before = usage(system);
  for (let round = 0; round < rounds; round++) {
    await system.forgetSchedule();
    const beganMs = performance.now();
    await system.stack.tick();
    elapsed.push(performance.now() - beganMs);
  }
  const after = usage(system);
  const row = (what: string, value: number) =>
    report({ measure: "ingestion", what: `tick with nothing new: ${what}`, value, unit: "ms" });
  row("time", median(elapsed));
  row("processor time of the edge", (after.edge - before.edge) / 1000 / rounds);
  row("processor time of the origin", (after.origin - before.origin) / 1000 / rounds);
}

/** A value that Banxico changes: it takes the same path as a new one and can be repeated. */
async function oneNewRate(system: System, { rounds, report }: Settings): Promise<void> {
  const steps = { tick: [] as number[], origin: [] as number[], redis: [] as number[], reader: [] as number[] };
  const path = "/api/v1/rates/current";
  for (let round = 0; round < Math.min(rounds, MAX_ROUNDS); round++) {
    const value = `16.${String(9_100 + round)}`;
    const before = JSON.parse((await system.edge(path)).body) as { rate: string; date: string };
    const revision = { type: "revision", series: DOLLAR.series, date: before.date, value };
    await system.faults("banxico", [revision]);
    await system.forgetSchedule();
    const beganMs = performance.now();
    const since = () => performance.now() - beganMs;
    const tick = system.stack.tick().then(since);
    const [origin, redis, reader] = await Promise.all([
      seen(async () => (await system.origin(path)).body.includes(value)).then(since),
      seen(async () => String(await system.redis("GET", keyOf(before.date))).includes(value)).then(since),
      seen(async () => (await system.edge(path)).body.includes(value)).then(since),
    ]);
    steps.tick.push(await tick);
    steps.origin.push(origin);
    steps.redis.push(redis);
    steps.reader.push(reader);
  }
  const row = (what: string, values: number[], more = {}) =>
    report({ measure: "ingestion", what: `one new rate: ${what}`, value: median(values) / 1000, unit: "s", ...more });
  row("the tick has read Banxico and queued it", steps.tick);
  row("the origin serves it", steps.origin);
  row("Redis has it", steps.redis);
  row("a reader of a warm isolate sees it", steps.reader, { target: { max: 300 } });
}

function keyOf(date: string): string {
  return `paridad:v1:page:banxico.${DOLLAR.series}:${date.slice(0, 4)}`;
}

async function seen(check: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + GIVE_UP_MS;
  while (!(await check())) {
    if (performance.now() > deadlineMs) throw new Error("the new rate did not arrive");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function stored5(system: System): Promise<number> {
  const counts = await Promise.all(["USD", "EUR", "JPY", "GBP", "CAD"].map((currency) => system.served(currency)));
  return counts.reduce((sum, { length }) => sum + length, 0);
}

/** Processor time in microseconds. */
function usage(system: System): { origin: number; edge: number } {
  const of = (pid: number) => (usageOf(pid)?.cpuMs ?? Number.NaN) * 1000;
  return { origin: of(system.stack.parts.origin.pid), edge: of(system.stack.parts.edge.pid) };
}
