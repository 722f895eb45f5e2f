import { CLOCK, System, until } from "../dev/system.ts";
import { newestValues, openReaders, type Reader, send } from "../load/readers.ts";
import type { Measure, Settings } from "./findings.ts";
import { usageOf } from "./processes.ts";
import { median } from "./rounds.ts";

/** As many as a hub takes. */
const SOCKETS = 5_000;
/** The first connections also pay for what all share. */
const FIRST_SOCKETS = 200;
const VALUES = 7;
const KILOBYTE = 1_000;
const TARGETS = { medianMs: 1_500, lastMs: 2_000, broadcastMs: 500, kilobytes: 90 };

/** Live updates on the whole stack, with one hub for all: needs as many open files as there are sockets, twice. */
export const live: Measure = {
  name: "live",
  title: "Live updates: from a commit to a reader, and 5,000 sockets on one hub",
  async run(settings) {
    const clockOffsetMs = Date.parse(CLOCK) - Date.now();
    const system = await System.start({
      clockOffsetMs,
      isUnlimited: true,
      withoutPages: true,
      vars: { HUB_SHARDS: "1" },
    });
    const nowMs = () => Date.now() + clockOffsetMs;
    try {
      await system.faults("banxico", [{ type: "unavailable" }]);
      const values = newestValues(nowMs());
      const publish = async (readers: readonly Reader[], count: number) => {
        for (let sent = 0; sent < count; sent++) {
          const before = readers[0]?.ids.length ?? 0;
          const value = values.shift();
          if (value === undefined) throw new Error("there are no more values to send");
          await send(system, value, nowMs());
          await until("all have it", async () => readers.every(({ ids }) => ids.length > before));
        }
      };
      await fullHub(system, nowMs, publish, settings);
      await oneReader(system, nowMs, publish, settings);
    } finally {
      await system.stop();
    }
  },
};

type Publish = (readers: readonly Reader[], count: number) => Promise<void>;

async function oneReader(system: System, nowMs: () => number, publish: Publish, { report }: Settings): Promise<void> {
  const readers: Reader[] = [];
  await until("the hub has seen the sockets go", async () => {
    readers.push(...(await openReaders(system.stack.urls.edge, ["sse"], nowMs).catch(() => [])));
    return readers.length > 0;
  });
  await publish(readers, VALUES);
  const value = median(readers.flatMap(({ lagsMs }) => lagsMs));
  const target = { max: TARGETS.medianMs };
  report({ measure: "live", what: "commit to a reader over SSE, median", value, unit: "ms", target });
  for (const reader of readers) reader.close();
}

async function fullHub(system: System, nowMs: () => number, publish: Publish, { report }: Settings): Promise<void> {
  const row = (what: string, value: number, unit: string, max: number) =>
    report({ measure: "live", what, value, unit, target: { max } });
  const open = (count: number) => openReaders(system.stack.urls.edge, Array<"socket">(count).fill("socket"), nowMs);
  const resident = () => usageOf(system.stack.parts.edge.pid, "workerd")?.residentBytes ?? Number.NaN;
  const first = await open(FIRST_SOCKETS);
  const before = resident();
  const others = await open(SOCKETS - FIRST_SOCKETS);
  row("memory of a socket", (resident() - before) / others.length / KILOBYTE, "kB", TARGETS.kilobytes);
  const readers = [...first, ...others];
  await publish(readers, VALUES);
  const rounds = Array.from({ length: VALUES }, (_, round) => readers.map(({ lagsMs }) => lagsMs[round] ?? Number.NaN));
  const spreads = rounds.map((lags) => Math.max(...lags) - Math.min(...lags));
  row(`from the first of ${SOCKETS} sockets to the last, median`, median(spreads), "ms", TARGETS.broadcastMs);
  row(
    `commit to the last of ${SOCKETS} sockets, median`,
    median(rounds.map((lags) => Math.max(...lags))),
    "ms",
    TARGETS.lastMs,
  );
  for (const reader of readers) reader.close();
}
