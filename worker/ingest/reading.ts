import type { Question, Reading, Span } from "#core/banxico.ts";
import type { Batch, Run } from "#core/internal.ts";
import { FIX, leavesGap, type Outcome, type ReadingTask, reconcileWindow, type ScheduleState } from "#core/schedule.ts";
import { findSeries } from "#core/series.ts";
import { queuedKeyOf } from "../keys.ts";
import { setCommand } from "../redis.ts";
import type { AskError, AskResult } from "./banxico.ts";
import { newestDates } from "./marks.ts";
import { enqueue, pagesTouched, type StoredPages, splitReadings } from "./messages.ts";
import type { IngestDeps, IngestRedis, Watch } from "./ports.ts";
import { knownToOrigin } from "./republish.ts";
import { readPages } from "./stored.ts";

export interface Asks {
  ask(question: Question, watch: Watch): Promise<AskResult>;
}

/** What came of one reading: for the schedule, for the record and for what is remembered. */
export interface ReadingResult {
  outcome: Outcome;
  record: Pick<Run, "outcome" | "requests" | "observations" | "queued" | "error">;
  /** The newest stored dates that were seen on the way. */
  newest: ReadonlyMap<string, string>;
}

/** What a reading goes by; undefined while Redis is away. */
type Remembered = Pick<ScheduleState, "newest">;

interface Asked {
  readings: Reading[];
  requests: number;
  error?: AskError;
}

/** A batch that was sent is not sent again within this time, unless it was dealt with. */
const QUEUED_SECONDS = 600;

/** Asks Banxico, drops what is stored already, and hands the rest to the queue. */
export async function carryOut(
  task: ReadingTask,
  remembered: Remembered | undefined,
  deps: IngestDeps & { banxico: Asks },
  watch: Watch,
): Promise<ReadingResult> {
  // Before the first request: what is answered may be older than its answer, but never newer than this says.
  const askedMs = deps.now();
  const { readings, requests, error } = await readFor(task, remembered, deps, watch);
  const observations = readings.reduce((total, reading) => total + reading.observations.length, 0);
  const base = { requests, observations, queued: 0, error: error ? describe(error) : null };
  if (error && error.kind !== "circuit_open") watch.event("ingest_failed", task.kind, describe(error));
  if (readings.length === 0 && error) {
    return { outcome: outcomeOf(error), record: { ...base, outcome: runOutcomeOf(error) }, newest: new Map() };
  }

  const stored = await storedPages(task, readings, deps);
  const batches = await splitReadings(readings, stored, askedMs);
  const newest = newestDates(stored.values());
  try {
    const fresh = await withoutQueued(deps.redis, batches);
    await enqueue(deps.queue, fresh);
    await markQueued(deps.redis, fresh);
    const series = readings.map((reading) => reading.series);
    const outcome: Outcome = { kind: "read", series, differences: batches.length };
    const record = { ...base, outcome: fresh.length > 0 ? "ok" : "nothing_new", queued: fresh.length } as const;
    return { outcome, record, newest };
  } catch (failure) {
    watch.exception(failure, "handing batches to the queue");
    watch.event("ingest_failed", task.kind, "the queue does not take batches");
    return { outcome: { kind: "failed" }, record: { ...base, outcome: "failed", error: "queue" }, newest };
  }
}

/** A newest observation that leaves days out before it would make a hole: then they are read along with it. */
async function readFor(
  { kind, series }: ReadingTask,
  remembered: Remembered | undefined,
  deps: IngestDeps & { banxico: Asks },
  watch: Watch,
): Promise<Asked> {
  const newest = remembered?.newest ?? {};
  // A latest comes often, and nobody counts what is asked without memory.
  const isFrugal = kind === "latest" || remembered === undefined;
  const alone = isFrugal ? series.filter((id) => id === FIX) : series;
  const window = reconcileWindow(deps.now(), series, newest, deps.policy.RECONCILE_DAYS);
  const asked = await askFor(series, spanOf(kind, window), alone, deps.banxico, watch);
  const isWhole = asked.readings.every(({ series: id, observations: [first] }) => {
    return first === undefined || !leavesGap(newest[id], first[0]);
  });
  if (kind !== "latest" || isWhole) return asked;
  const again = await askFor(series, window, alone, deps.banxico, watch);
  return { ...again, requests: asked.requests + again.requests };
}

function spanOf(kind: ReadingTask["kind"], window: Span): Span {
  switch (kind) {
    case "latest":
      return "newest";
    case "reconcile":
      return window;
    case "history":
    case "audit":
      return "everything";
  }
}

/**
 * All series in one request. Where the answer is wrong, those of `alone` are asked for one by one, so that a spoilt series
 * does not keep the others from being read.
 */
async function askFor(
  series: readonly string[],
  span: Span,
  alone: readonly string[],
  banxico: Asks,
  watch: Watch,
): Promise<Asked> {
  const question = (ids: readonly string[]): Question => ({
    series: ids.map(findSeries).filter((one) => one !== undefined),
    span,
  });
  const { answer, requests } = await banxico.ask(question(series), watch);
  if (answer.ok) return { readings: answer.readings, requests };
  const result: Asked = { readings: [], requests, error: answer.error };
  if (!isWrong(answer.error) || series.length === 1) return result;
  for (const id of alone) {
    const one = await banxico.ask(question([id]), watch);
    result.requests += one.requests;
    if (one.answer.ok) result.readings.push(...one.answer.readings);
    else result.error = one.answer.error;
    if (!one.answer.ok && !isWrong(one.answer.error)) break;
  }
  return result;
}

/** What Redis has of these pages; none where it can't be read, so that everything counts as new. */
async function storedPages(task: ReadingTask, readings: readonly Reading[], deps: IngestDeps): Promise<StoredPages> {
  try {
    const stored = await readPages(deps.redis, pagesTouched(readings));
    if (task.kind !== "audit") return stored;
    const versions = await deps.origin.versions().catch(() => undefined);
    return versions ? knownToOrigin(stored, versions) : stored;
  } catch {
    return new Map();
  }
}

/** The batches that do not wait in the queue yet, and that the origin has not just refused. */
async function withoutQueued(redis: IngestRedis, batches: readonly Batch[]): Promise<readonly Batch[]> {
  if (batches.length === 0) return batches;
  try {
    const marks = await redis.send(["MGET", ...batches.map(({ batch_id }) => queuedKeyOf(batch_id))]);
    return batches.filter((_, index) => !Array.isArray(marks) || marks[index] === null);
  } catch {
    return batches;
  }
}

async function markQueued(redis: IngestRedis, batches: readonly Batch[]): Promise<void> {
  const marks = batches.map(({ batch_id }) => setCommand(queuedKeyOf(batch_id), "1", { ttlSeconds: QUEUED_SECONDS }));
  // Unmarked, a batch may be sent twice: that changes nothing.
  if (marks.length > 0) await redis.pipeline(marks).catch(() => undefined);
}

function outcomeOf(error: AskError): Outcome {
  switch (error.kind) {
    case "rate_limited":
      return { kind: "limited", resetMs: error.resetMs };
    case "transient":
    case "bad_token":
      return { kind: "failed" };
    case "circuit_open":
    case "over_budget":
      return { kind: "undone" };
    case "bad_request":
    case "series_missing":
    case "invalid_answer":
      return { kind: "read", series: [], differences: 0 };
  }
}

function runOutcomeOf(error: AskError): Run["outcome"] {
  if (error.kind === "rate_limited") return "rate_limited";
  return error.kind === "transient" || isWrong(error) ? "failed" : "refused";
}

function isWrong({ kind }: AskError): boolean {
  return kind === "series_missing" || kind === "invalid_answer";
}

function describe(error: AskError): string {
  if ("reason" in error) return `${error.kind}: ${error.reason}`;
  return error.kind === "series_missing" ? `${error.kind}: ${error.series.join(", ")}` : error.kind;
}
