import {
  classOf,
  type SeriesData,
  type SeriesFault,
  type SieRequest,
  type Span,
  twinsIn,
} from "#core/ingest/banxico.ts";
import { announcedDate, FIX, type ReadingTask, syncWindow } from "#core/ingest/schedule.ts";
import type { Outcome } from "#core/ingest/schedule-settle.ts";
import { findSeries } from "#core/providers/provider-list.ts";
import { mexicoCityDate } from "#core/time/mexico.ts";
import type { SeriesReading } from "#core/wire/internal.ts";
import type { FetchError, FetchOptions, FetchResult } from "./banxico.ts";
import { enqueue, readingsOf } from "./messages.ts";
import type { IngestDeps, RunRecord, Watch } from "./ports.ts";
import { isNewContent, type Sent, wasJustSent, withSent } from "./sent.ts";
import type { Memory } from "./state.ts";

/** The provider's API, as a reading uses it. */
export interface SieClient {
  fetch(request: SieRequest, watch: Watch, options?: FetchOptions): Promise<FetchResult>;
  fingerprint(): Promise<string>;
}

export type ReadingDeps = IngestDeps & { banxico: SieClient };

/** What came of one reading: for the schedule, for the record, and what was sent by now. */
export interface ReadingResult {
  outcome: Outcome;
  record: RunRecord;
  sent: Sent;
}

interface Fetched {
  data: SeriesData[];
  faults: SeriesFault[];
  requests: number;
  error?: FetchError;
}

/** Reads what a task asks for and hands it to the queue. `memory` is undefined while Redis is away. */
export async function carryOut(
  task: ReadingTask,
  memory: Memory | undefined,
  deps: ReadingDeps,
  watch: Watch,
): Promise<ReadingResult> {
  // All taken before the first request: what is published meanwhile may be newer than the response, never older.
  const nowMs = deps.now();
  const span = spanOf(task, memory, deps);
  const fetched = await fetchAll(task, span, memory !== undefined, deps, watch);
  const { data, faults, requests, error } = withoutTwins(fetched, memory);
  for (const { series, reason } of faults) watch.event("ingest_failed", series, reason);
  if (error && error.kind !== "circuit_open") watch.event("ingest_failed", task.kind, describe(error));

  const observations = data.reduce((total, one) => total + one.observations.length, 0);
  const problem = error ? describe(error) : faults.length > 0 ? describeFaults(faults) : null;
  const record = { requests, observations, queued: 0, error: problem };
  const sent = memory?.sent ?? {};
  if (data.length === 0 && error)
    return { outcome: outcomeOf(error, span), record: { ...record, outcome: runOutcomeOf(error) }, sent };

  const isRepeated = task.kind === "audit" || task.isThorough;
  const toSend = data.filter((one) => isRepeated || !wasJustSent(one, sent, nowMs));
  const range = span === "newest" ? null : span === "everything" ? everything(nowMs) : span;
  const closures = deps.policy.EXTRA_CLOSURES.get("banxico");
  const facts = {
    range,
    fetchedAtMs: nowMs,
    announced: announcedDate(nowMs, closures),
    closures,
    versions: memory?.versions ?? {},
  };
  const readings = toSend.flatMap((one) => readingsOf(one, facts));
  reportCut(readings, range !== null, watch);
  try {
    await enqueue(deps.queue, readings);
  } catch (failure) {
    watch.exception(failure, "handing readings to the queue");
    watch.event("ingest_failed", task.kind, "the queue takes no readings");
    return {
      outcome: { kind: "failed", isQueue: true },
      record: { ...record, outcome: "failed", error: "queue" },
      sent,
    };
  }
  const series = data.map((one) => one.series);
  const isNew = data.some((one) => isNewContent(one, sent));
  return {
    outcome: { kind: "read", series, isNew },
    record: { ...record, outcome: outcomeOfRun(readings, data), queued: readings.length },
    sent: withSent(sent, toSend, nowMs),
  };
}

function spanOf(task: ReadingTask, memory: Memory | undefined, { now, policy }: ReadingDeps): Span {
  if (task.kind === "audit") return "everything";
  if (task.requestClass === "oportuna") return "newest";
  return syncWindow(now(), task.series, memory?.schedule.newest ?? {}, policy.RECONCILE_DAYS);
}

function everything(nowMs: number): { from: string; to: string } {
  return { from: "1900-01-01", to: mexicoCityDate(nowMs) };
}

/**
 * All series in one request. If the response says nothing of any of them, they are requested one by one, so that a fault
 * of one series does not keep the others from being read; the FIX alone if requests are frequent or nobody counts them.
 */
async function fetchAll(
  task: ReadingTask,
  span: Span,
  isCounted: boolean,
  deps: ReadingDeps,
  watch: Watch,
): Promise<Fetched> {
  const options = { isProbe: task.kind === "sync" && task.isProbe };
  if (task.kind === "sync" && task.isSplit) return await fetchEach(task.series, span, 0, options, deps, watch);
  const { result, requests } = await deps.banxico.fetch(requestFor(task.series, span), watch, options);
  if (result.ok && (result.data.length > 0 || task.series.length === 1)) return { ...result, requests };
  const isInvalid = !result.ok && result.error.kind === "invalid_response";
  const unread = result.ok ? result.faults.filter(({ kind }) => kind === "missing").map(({ series }) => series) : [];
  const failed: Fetched = result.ok ? { ...result, requests } : { data: [], faults: [], requests, error: result.error };
  const isFrugal = !isCounted || (task.kind === "sync" && !task.isThorough);
  const single = (isInvalid ? task.series : unread).filter((id) => !isFrugal || id === FIX);
  if (single.length === 0 || task.series.length === 1) return failed;
  const each = await fetchEach(single, span, requests, {}, deps, watch);
  const others = failed.faults.filter(({ series }) => !single.includes(series));
  return { ...each, faults: [...others, ...each.faults] };
}

/** One request for each series, until one fails for another reason than what it says. */
async function fetchEach(
  series: readonly string[],
  span: Span,
  requestsBefore: number,
  options: FetchOptions,
  { banxico }: ReadingDeps,
  watch: Watch,
): Promise<Fetched> {
  const fetched: Fetched = { data: [], faults: [], requests: requestsBefore };
  for (const id of series) {
    const { result, requests } = await banxico.fetch(requestFor([id], span), watch, options);
    fetched.requests += requests;
    if (result.ok) {
      fetched.data.push(...result.data);
      fetched.faults.push(...result.faults);
    } else {
      fetched.error = result.error;
      if (result.error.kind !== "invalid_response") break;
    }
  }
  return fetched;
}

/** What was fetched without series that cannot be told apart. */
function withoutTwins(fetched: Fetched, memory: Memory | undefined): Fetched {
  const newest = memory?.schedule.newest;
  const twins = twinsIn(fetched.data, (id) => newest === undefined || newest[id] !== undefined);
  const isTwin = (id: string) => twins.some((fault) => fault.series === id);
  return {
    ...fetched,
    data: fetched.data.filter((one) => !isTwin(one.series)),
    faults: [...fetched.faults, ...twins],
  };
}

function requestFor(ids: readonly string[], span: Span): SieRequest {
  return { series: ids.map(findSeries).filter((one) => one !== undefined), span };
}

/** What was cut short can take nothing back, and somebody should know that it was. */
function reportCut(readings: readonly SeriesReading[], isRange: boolean, watch: Watch): void {
  const cut = isRange ? readings.filter(({ complete }) => complete === null) : [];
  const series = [...new Set(cut.map((one) => one.series))];
  if (series.length > 0) watch.notice("responses lack many days", { series: series.join(", "), pages: cut.length });
}

function outcomeOf(error: FetchError, span: Span): Outcome {
  switch (error.kind) {
    case "rate_limited":
      return { kind: "limited", requestClass: classOf(span), resetMs: error.resetMs };
    case "transient":
    case "bad_token":
      return { kind: "failed", isQueue: false };
    case "circuit_open":
    case "over_budget":
      return { kind: "undone" };
    case "bad_request":
    case "invalid_response":
      return { kind: "read", series: [], isNew: false };
  }
}

function runOutcomeOf({ kind }: FetchError): RunRecord["outcome"] {
  if (kind === "rate_limited") return "rate_limited";
  return kind === "transient" || kind === "invalid_response" ? "failed" : "refused";
}

function outcomeOfRun(readings: readonly SeriesReading[], data: readonly SeriesData[]): RunRecord["outcome"] {
  if (data.length === 0) return "failed";
  return readings.length > 0 ? "ok" : "nothing_new";
}

function describe(error: FetchError): string {
  return "reason" in error ? `${error.kind}: ${error.reason}` : error.kind;
}

function describeFaults(faults: readonly SeriesFault[]): string {
  return faults.map(({ series, reason }) => `${series}: ${reason}`).join("; ");
}
