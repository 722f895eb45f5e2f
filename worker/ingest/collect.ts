import { planOf } from "#core/ingest/plan.ts";
import { type Blind, due, type ReadingTask, type Task } from "#core/ingest/schedule.ts";
import { begin, givenUp, settleTask } from "#core/ingest/schedule-settle.ts";
import { isIntraday } from "#core/providers/provider.ts";
import { rememberedCheck } from "#core/providers/settlement-check.ts";
import { addDays } from "#core/time/dates.ts";
import { dateIn } from "#core/time/zones.ts";
import type { Run } from "#core/wire/internal.ts";
import { ingestKeyOf } from "#core/wire/keys.ts";
import { replayDeadLetters } from "./dead-letters.ts";
import type { CollectDeps, ReadingDeps, RunRecord, SourceClient, Watch } from "./ports.ts";
import { carryOut } from "./reading.ts";
import { hasData, republish } from "./republish.ts";
import { changeCommands, decodeMemory, garbageFields, type Memory, readFields } from "./state.ts";

/** Providers at once: a worker may hold six connections, and Redis and the origin need some of them. */
const LANES = 4;
/** A provider's requests end this long after its turn began, before the next tick. */
const MAX_READING_MS = 40_000;
const GIVEN_UP = "an audit goes on without dates that it cannot read";

/** One tick of the cron: does what is due. Nothing that fails in it keeps the rest from being done. */
export async function collect(deps: CollectDeps, watch: Watch): Promise<void> {
  await replayDeadLetters(deps, watch);
  const waiting = [...deps.clients];
  const lane = async () => {
    for (let client = waiting.shift(); client; client = waiting.shift())
      await collectFrom(client, deps, watch).catch((error) => watch.exception(error, `cron: ${client?.provider.id}`));
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function collectFrom(client: SourceClient, shared: CollectDeps, watch: Watch): Promise<void> {
  const nowMs = shared.now();
  const plan = planOf(client.provider, shared.policy, nowMs);
  const deps = { ...shared, client, plan, endMs: nowMs + MAX_READING_MS };
  const token = await client.fingerprint();
  const memory = await recall(deps, token);
  if (memory) await new Tick(deps, watch, token, memory).run();
  else if (!isIntraday(client.provider)) await runBlindly(deps, watch);
}

type TickDeps = CollectDeps & ReadingDeps;

/** What is remembered; undefined if Redis can't be used. */
async function recall({ redis, now, client, plan }: TickDeps, token: string): Promise<Memory | undefined> {
  const { id } = client.provider;
  try {
    const nowMs = now();
    const fields = await readFields(redis, id, nowMs);
    const garbage = garbageFields(fields, plan, nowMs);
    if (garbage.length > 0) await redis.send(["HDEL", ingestKeyOf(id), ...garbage]);
    return decodeMemory(fields, plan, token, nowMs);
  } catch {
    return undefined;
  }
}

class Tick {
  readonly #deps: TickDeps;
  readonly #watch: Watch;
  readonly #token: string;
  readonly #nowMs: number;
  #memory: Memory;

  constructor(deps: TickDeps, watch: Watch, token: string, memory: Memory) {
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
        this.#watch.exception(error, `cron: ${this.#deps.client.provider.id} ${task.kind}`);
      }
    }
  }

  #next(done: ReadonlySet<string>): Task | undefined {
    const isPolled = isIntraday(this.#deps.client.provider);
    return due(this.#nowMs, this.#memory.schedule, this.#deps.plan).find(
      // What is polled has its daily values from the origin.
      (task) => !done.has(nameOf(task)) && (task.kind === "republish" || !isPolled),
    );
  }

  async #read(task: ReadingTask): Promise<void> {
    const { plan, now, client } = this.#deps;
    const startedMs = now();
    const before = this.#memory;
    await this.#remember({ ...before, schedule: begin(before.schedule, task, this.#nowMs) });
    const { outcome, record, sent, check } = await carryOut(task, before, this.#deps, this.#watch);
    const lost = givenUp(before.schedule, task, outcome);
    if (lost) this.#watch.notice(GIVEN_UP, { provider: client.provider.id, from: lost.from, to: lost.to });
    const schedule = settleTask(before.schedule, task, outcome, this.#nowMs, plan);
    const checked = check && { check: rememberedCheck(before.check, check) };
    await this.#remember({ ...before, ...checked, schedule, sent });
    await recordRun(task, record, startedMs, this.#deps);
  }

  async #compare(): Promise<void> {
    const { plan } = this.#deps;
    const { schedule } = this.#memory;
    const isFirst = schedule.republishedMs === undefined;
    const found = await republish({ provider: this.#deps.client.provider, isFirst }, this.#deps, this.#watch);
    const last = addDays(dateIn(plan.zone, this.#nowMs), plan.horizonDays);
    const later = [...found.newest].filter(([id, date]) => date <= last && date > (schedule.newest[id] ?? ""));
    const newest = { ...schedule.newest, ...Object.fromEntries(later) };
    await this.#remember({ ...this.#memory, schedule: { ...schedule, newest, republishedMs: this.#nowMs } });
  }

  /** What can't be remembered is done once more. */
  async #remember(after: Memory): Promise<void> {
    const commands = changeCommands(this.#memory, after, this.#deps.client.provider.id, this.#token);
    this.#memory = after;
    if (commands.length > 0) await this.#deps.redis.pipeline(commands).catch(() => undefined);
  }
}

async function runBlindly(deps: TickDeps, watch: Watch): Promise<void> {
  const nowMs = deps.now();
  if (due(nowMs, { blind: true, empty: [] }, deps.plan).length === 0) return;
  const blind: Blind = { blind: true, empty: await emptySeries(deps) };
  for (const task of due(nowMs, blind, deps.plan)) {
    if (task.kind === "republish") continue;
    try {
      watch.notice("Redis can't be read or written: ingesting without memory", { kind: task.kind });
      const { record } = await carryOut(task, undefined, deps, watch);
      await recordRun(task, record, nowMs, deps);
    } catch (error) {
      watch.exception(error, `cron: ${deps.client.provider.id} ${task.kind}`);
    }
  }
}

/** The series without any data, as far as the origin can tell. */
async function emptySeries({ origin, plan, client }: TickDeps): Promise<string[]> {
  const versions = await origin.versions(client.provider.id).catch(() => undefined);
  return versions ? plan.series.filter((id) => !hasData(versions, id)) : [];
}

/** A sync in either class of request is another task. */
function nameOf(task: Task): string {
  return task.kind === "sync" ? `sync ${task.limitClass}` : task.kind;
}

/** Every attempt goes on record at the origin; best effort, since the data themselves are what matters. */
async function recordRun(
  { kind }: ReadingTask,
  record: RunRecord,
  startedMs: number,
  { origin, now, newId, client }: TickDeps,
): Promise<void> {
  if (record.requests === 0) return;
  const run: Run = {
    run_id: newId(),
    provider: client.provider.id,
    kind,
    started_at: new Date(startedMs).toISOString(),
    ended_at: new Date(now()).toISOString(),
    ...record,
    error: record.error?.slice(0, 300) ?? null,
  };
  await origin.recordRun(run).catch(() => undefined);
}
