import { type Blind, due, type ReadingTask, type Task } from "#core/ingest/schedule.ts";
import { begin, settle } from "#core/ingest/schedule-settle.ts";
import { banxico } from "#core/providers/banxico.ts";
import { mexicoCityDate } from "#core/time/mexico.ts";
import type { Run } from "#core/wire/internal.ts";
import { replayDeadLetters } from "./dead-letters.ts";
import type { RunRecord, Watch } from "./ports.ts";
import { carryOut, type ReadingDeps } from "./reading.ts";
import { hasData, republish } from "./republish.ts";
import { changeCommands, decodeMemory, garbageFields, INGEST_KEY, type Memory, readFields } from "./state.ts";

export interface CollectDeps extends ReadingDeps {
  /** A fresh id for each run. */
  newId(): string;
}

/** One tick of the cron: does what is due. Nothing that fails in it keeps the rest from being done. */
export async function collect(deps: CollectDeps, watch: Watch): Promise<void> {
  await replayDeadLetters(deps, watch);
  const token = await deps.banxico.fingerprint();
  const memory = await recall(deps, token);
  if (memory) await new Tick(deps, watch, token, memory).run();
  else await runBlindly(deps, watch);
}

/** What is remembered; undefined if Redis can't be used. */
async function recall({ redis, now }: CollectDeps, token: string): Promise<Memory | undefined> {
  try {
    const nowMs = now();
    const fields = await readFields(redis, nowMs);
    const garbage = garbageFields(fields, nowMs);
    if (garbage.length > 0) await redis.send(["HDEL", INGEST_KEY, ...garbage]);
    return decodeMemory(fields, token, nowMs);
  } catch {
    return undefined;
  }
}

class Tick {
  readonly #deps: CollectDeps;
  readonly #watch: Watch;
  readonly #token: string;
  readonly #nowMs: number;
  #memory: Memory;

  constructor(deps: CollectDeps, watch: Watch, token: string, memory: Memory) {
    this.#deps = deps;
    this.#watch = watch;
    this.#token = token;
    this.#nowMs = deps.now();
    this.#memory = memory;
  }

  /** What one task finds out may make another one due: of two classes of request one may be limited. */
  async run(): Promise<void> {
    const done = new Set<string>();
    for (let task = this.#next(done); task; task = this.#next(done)) {
      done.add(nameOf(task));
      try {
        if (task.kind === "republish") await this.#compare();
        else await this.#read(task);
      } catch (error) {
        this.#watch.exception(error, `cron: ${task.kind}`);
      }
    }
  }

  #next(done: ReadonlySet<string>): Task | undefined {
    const closures = this.#deps.policy.EXTRA_CLOSURES.get("banxico");
    return due(this.#nowMs, this.#memory.schedule, closures).find((task) => !done.has(nameOf(task)));
  }

  async #read(task: ReadingTask): Promise<void> {
    const startedMs = this.#deps.now();
    const before = this.#memory;
    await this.#remember({ ...before, schedule: begin(before.schedule, task, this.#nowMs) });
    const { outcome, record, sent } = await carryOut(task, before, this.#deps, this.#watch);
    await this.#remember({ ...before, schedule: settle(before.schedule, task, outcome, this.#nowMs), sent });
    await recordRun(task, record, startedMs, this.#deps);
  }

  async #compare(): Promise<void> {
    const found = await republish(this.#deps, this.#watch);
    const today = mexicoCityDate(this.#nowMs);
    const { schedule } = this.#memory;
    const later = [...found.newest].filter(([id, date]) => date <= today && date > (schedule.newest[id] ?? ""));
    const newest = { ...schedule.newest, ...Object.fromEntries(later) };
    await this.#remember({ ...this.#memory, schedule: { ...schedule, newest, republishedMs: this.#nowMs } });
  }

  /** What can't be remembered is done once more. */
  async #remember(after: Memory): Promise<void> {
    const commands = changeCommands(this.#memory, after, this.#token);
    this.#memory = after;
    if (commands.length > 0) await this.#deps.redis.pipeline(commands).catch(() => undefined);
  }
}

async function runBlindly(deps: CollectDeps, watch: Watch): Promise<void> {
  const nowMs = deps.now();
  const blind: Blind = { blind: true, empty: await emptySeries(deps) };
  for (const task of due(nowMs, blind, deps.policy.EXTRA_CLOSURES.get("banxico"))) {
    if (task.kind === "republish") continue;
    try {
      watch.notice("Redis can't be read or written: ingesting without memory", { kind: task.kind });
      const { record } = await carryOut(task, undefined, deps, watch);
      await recordRun(task, record, nowMs, deps);
    } catch (error) {
      watch.exception(error, `cron: ${task.kind}`);
    }
  }
}

/** The series without any data, as far as the origin can tell. */
async function emptySeries({ origin }: CollectDeps): Promise<string[]> {
  const versions = await origin.versions().catch(() => undefined);
  return versions ? banxico.series.map(({ id }) => id).filter((id) => !hasData(versions, id)) : [];
}

/** A sync in either class of request is another task. */
function nameOf(task: Task): string {
  return task.kind === "sync" ? `sync ${task.requestClass}` : task.kind;
}

/** Every attempt goes on record at the origin; best effort, since the data themselves are what matters. */
async function recordRun(
  { kind }: ReadingTask,
  record: RunRecord,
  startedMs: number,
  { origin, now, newId }: CollectDeps,
): Promise<void> {
  if (record.requests === 0) return;
  const run: Run = {
    run_id: newId(),
    provider: "banxico",
    kind,
    started_at: new Date(startedMs).toISOString(),
    ended_at: new Date(now()).toISOString(),
    ...record,
    error: record.error?.slice(0, 300) ?? null,
  };
  await origin.recordRun(run).catch(() => undefined);
}
