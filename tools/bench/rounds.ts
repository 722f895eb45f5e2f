import { type LoadPlan, type LoadResult, runLoad } from "./load.ts";
import { usageOf } from "./processes.ts";
import { Stage } from "./stage.ts";

/** One thing to measure against others. */
export interface Contestant extends Omit<LoadPlan, "seconds"> {
  name: string;
  /** The server's process, whose processor time is counted. */
  pid: number;
}

export interface Standing {
  name: string;
  /** Medians over the rounds. */
  perSecond: number;
  cpuMicros: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  bytesPerResponse: number;
  errors: number;
  /** Of the least disturbed round: other processes only add to it. */
  minCpuMicros: number;
  /** The slowest and the fastest round. */
  range: [number, number];
}

export interface RoundsPlan {
  rounds: number;
  seconds: number;
}

/** Starts what is to be measured, to be stopped with the stage. */
export type Opening<C extends Contestant> = (stage: Stage) => Promise<readonly C[]>;

const WARM_UP_SECONDS = 1;
const STARTS = 3;

interface Sample extends LoadResult {
  cpuMicros: number;
}

/**
 * Measures all contestants in turn, round after round, so that other load on the machine affects all of them; every
 * second round runs in reverse order. Servers are warmed up before.
 */
export async function compete(contestants: readonly Contestant[], plan: RoundsPlan): Promise<Standing[]> {
  return (await play(contestants, plan)).map((samples, index) => standingOf(contestants[index] as Contestant, samples));
}

/**
 * The same with servers restarted every few rounds: two starts of one program differ by up to a tenth, because of its
 * memory layout. Each standing comes with its contestant.
 */
export async function competeAfresh<C extends Contestant>(
  open: Opening<C>,
  { rounds, seconds }: RoundsPlan,
): Promise<(Standing & { contestant: C })[]> {
  const played: { contestant: C; samples: Sample[] }[] = [];
  for (let start = 0; start < STARTS; start++) {
    const stage = new Stage();
    try {
      await stage.moveTo("server");
      const contestants = await open(stage);
      const share = Math.ceil(rounds / STARTS);
      const turns = await play(contestants, { rounds: share, seconds }, start * share);
      for (const [index, contestant] of contestants.entries()) {
        played[index] ??= { contestant, samples: [] };
        played[index].samples.push(...(turns[index] ?? []));
      }
    } finally {
      await stage.end();
    }
  }
  return played.map(({ contestant, samples }) => ({ ...standingOf(contestant, samples), contestant }));
}

/** The samples of each contestant; `played` rounds came before. */
async function play(
  contestants: readonly Contestant[],
  { rounds, seconds }: RoundsPlan,
  played = 0,
): Promise<Sample[][]> {
  const samples = contestants.map((): Sample[] => []);
  const turns = [...contestants.entries()];
  for (const contestant of contestants) await runLoad({ ...contestant, seconds: WARM_UP_SECONDS });
  for (let round = played; round < played + rounds; round++) {
    for (const [index, contestant] of round % 2 === 0 ? turns : turns.toReversed())
      samples[index]?.push(await measure(contestant, seconds));
  }
  return samples;
}

async function measure(contestant: Contestant, seconds: number): Promise<Sample> {
  const before = usageOf(contestant.pid);
  const result = await runLoad({ ...contestant, seconds });
  const after = usageOf(contestant.pid);
  const cpuMs = before && after ? after.cpuMs - before.cpuMs : Number.NaN;
  return { ...result, cpuMicros: (cpuMs * 1000) / result.requests };
}

function standingOf({ name }: Contestant, samples: readonly Sample[]): Standing {
  const middle = (of: (sample: Sample) => number) => median(samples.map(of));
  const rates = samples.map(({ perSecond }) => perSecond);
  return {
    name,
    perSecond: middle(({ perSecond }) => perSecond),
    cpuMicros: middle(({ cpuMicros }) => cpuMicros),
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p95Ms: middle(({ p95Ms }) => p95Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    bytesPerResponse: middle(({ bytes, requests }) => bytes / requests),
    errors: samples.reduce((sum, { errors }) => sum + errors, 0),
    minCpuMicros: Math.min(...samples.map(({ cpuMicros }) => cpuMicros)),
    range: [Math.min(...rates), Math.max(...rates)],
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)] as number;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
