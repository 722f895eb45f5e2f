import type { Run } from "#core/internal.ts";
import { type Blind, begin, due, type ReadingTask, type ScheduleState, settle } from "#core/schedule.ts";
import { SERIES } from "#core/series.ts";
import { replayDeadLetters } from "./dead-letters.ts";
import type { IngestDeps, IngestRedis, Watch } from "./ports.ts";
import { type Asks, carryOut, type ReadingResult } from "./reading.ts";
import { hasData, republish } from "./republish.ts";
import { changeCommands, decodeState, type Fields, newestField, readFields } from "./state.ts";

export interface CollectDeps extends IngestDeps {
  banxico: Asks;
  /** A fresh id for each run. */
  newId(): string;
}

/** One tick of the cron: does what is due. Nothing that fails in it keeps the rest from being done. */
export async function collect(deps: CollectDeps, watch: Watch): Promise<void> {
  const nowMs = deps.now();
  await replayDeadLetters(deps, watch);
  const fields = await readFields(deps.redis, nowMs).catch(() => undefined);
  const data = await findEmpty(fields, deps);
  let state: ScheduleState | Blind = fields ? decodeState(fields, data) : { blind: true, ...data };
  for (const task of due(nowMs, state)) {
    // What came before may have changed that: Banxico may have asked us to wait, or be away.
    if (!due(nowMs, state).some(({ kind }) => kind === task.kind)) continue;
    try {
      if (task.kind !== "republish") state = await read(task, state, nowMs, deps, watch);
      else if (!("blind" in state)) state = await compare(state, nowMs, deps, watch);
    } catch (error) {
      watch.exception(error, `cron: ${task.kind}`);
    }
  }
}

/** Which of the series that we remember no date of have no data, as far as the origin can tell. */
async function findEmpty(fields: Fields | undefined, deps: CollectDeps): Promise<Pick<Blind, "empty" | "unknown">> {
  const unsure = SERIES.map(({ id }) => id).filter((id) => !fields?.[newestField(id)]);
  if (unsure.length === 0) return { empty: [], unknown: [] };
  const versions = await deps.origin.versions().catch(() => undefined);
  if (!versions) return { empty: [], unknown: unsure };
  return { empty: unsure.filter((id) => !hasData(versions, id)), unknown: [] };
}

async function read<State extends ScheduleState | Blind>(
  task: ReadingTask,
  state: State,
  nowMs: number,
  deps: CollectDeps,
  watch: Watch,
): Promise<State> {
  const startedMs = deps.now();
  if ("blind" in state) {
    watch.notice("Redis can't be read or written: ingesting without memory", { kind: task.kind });
    const result = await carryOut(task, undefined, deps, watch);
    await record(task, result, startedMs, deps);
    return state;
  }
  const begun = begin(state, task, nowMs);
  await save(deps.redis, state, begun);
  const result = await carryOut(task, state, deps, watch);
  const after = withNewest(settle(state, task, result.outcome, nowMs), result.newest);
  await save(deps.redis, begun, after);
  await record(task, result, startedMs, deps);
  return after as State;
}

async function compare(state: ScheduleState, nowMs: number, deps: CollectDeps, watch: Watch): Promise<ScheduleState> {
  const { newest } = await republish(deps, watch);
  const after = withNewest({ ...state, republishedMs: nowMs }, newest);
  await save(deps.redis, state, after);
  return after;
}

function withNewest(state: ScheduleState, seen: ReadonlyMap<string, string>): ScheduleState {
  const later = [...seen].filter(([series, date]) => date > (state.newest[series] ?? ""));
  return later.length === 0 ? state : { ...state, newest: { ...state.newest, ...Object.fromEntries(later) } };
}

/** What can't be remembered is done once more. */
async function save(redis: IngestRedis, before: ScheduleState, after: ScheduleState): Promise<void> {
  await redis.pipeline(changeCommands(before, after)).catch(() => undefined);
}

/** Every attempt goes on record at the origin; best effort, since the data themselves are what matters. */
async function record(
  { kind }: ReadingTask,
  result: ReadingResult,
  startedMs: number,
  { origin, now, newId }: CollectDeps,
): Promise<void> {
  if (result.record.requests === 0) return;
  const run: Run = {
    run_id: newId(),
    provider: "banxico",
    kind,
    started_at: new Date(startedMs).toISOString(),
    ended_at: new Date(now()).toISOString(),
    ...result.record,
    error: result.record.error?.slice(0, 300) ?? null,
  };
  await origin.recordRun(run).catch(() => undefined);
}
