import { misdatedIn } from "#core/ingest/misdated.ts";
import type { ReadingTask } from "#core/ingest/schedule.ts";
import type { Outcome } from "#core/ingest/schedule-settle.ts";
import type { DateRange, DateSpan, ProviderRequest, SeriesFault } from "#core/providers/provider.ts";
import { checkSettlement, SETTLEMENT_SERIES, type SettlementCheck } from "#core/providers/settlement-check.ts";
import { twinsIn } from "#core/providers/twins.ts";
import { addDays } from "#core/time/dates.ts";
import { dateIn } from "#core/time/zones.ts";
import type { SeriesReading } from "#core/wire/internal.ts";
import { type Fetched, fetchInTurn, merged, rotated } from "./fetch-all.ts";
import { enqueue, messagesOf, readingsOf } from "./messages.ts";
import type { ReadingDeps, RunRecord, Watch } from "./ports.ts";
import type { FetchError } from "./provider-client.ts";
import {
  auditToOf,
  datesLeftOut,
  hasOwnDates,
  type Requests,
  requestsFor,
  requestsOf,
  spanOf,
  unreadOf,
} from "./requests.ts";
import { isNewContent, type Sent, wasJustSent, withSent } from "./sent.ts";
import type { Memory } from "./state.ts";

/** What came of one reading: for the schedule, for the record, and what was sent by now. */
export interface ReadingResult {
  outcome: Outcome;
  record: RunRecord;
  sent: Sent;
  check?: SettlementCheck | undefined;
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
  const { provider } = deps.client;
  const span = spanOf(task, memory, deps, nowMs);
  const wanted = requestsOf(task, span, memory, deps, nowMs);
  const sent = memory?.sent ?? {};
  if (wanted.requests.length === 0) return nothingToRead(task, wanted, sent);
  const fetched = await fetchAll(task, span, wanted.requests, memory, deps, watch);
  const { data, requests, error, limit, settlement } = fetched;
  const check = settlement === undefined ? undefined : checkSettlement(provider, data, settlement);
  const faults = check ? [...fetched.faults, ...faultsOf(check)] : fetched.faults;
  for (const { series, reason } of faults) watch.event("ingest_failed", series, reason);
  if (error && error.kind !== "circuit_open")
    watch.event("ingest_failed", `${provider.id} ${task.kind}`, describe(error));

  const observations = data.reduce((total, one) => total + one.observations.length, 0);
  const problem = error ? describe(error) : faults.length > 0 ? describeFaults(faults) : null;
  const record = { requests, observations, queued: 0, error: problem };
  const unread = unreadOf(wanted, fetched);
  if (data.length === 0 && error)
    return { outcome: outcomeOf(error, fetched, unread), record: { ...record, outcome: runOutcomeOf(error) }, sent };

  const isRepeated = task.kind === "audit" || task.isThorough;
  const toSend = data.filter((one) => isRepeated || !wasJustSent(one, sent, nowMs));
  const facts = {
    provider,
    range: rangeRead(fetched.range, deps, nowMs),
    isInPieces: wanted.requests.length > 1 && wanted.requests.every(hasOwnDates),
    fetchedAtMs: nowMs,
    versions: memory?.versions ?? {},
  };
  const readings = toSend.flatMap((one) => readingsOf(one, facts));
  if (facts.range !== null) reportCut(readings, fetched, watch);
  try {
    await enqueue(deps.queue, messagesOf(readings, provider));
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
  const auditTo = auditToOf(wanted, fetched);
  const leftOut = datesLeftOut(task, span, wanted, fetched, memory, deps);
  const isStuck = unread !== undefined && error?.kind === "transient";
  return {
    outcome: isStuck
      ? { kind: "failed", isQueue: false, unread }
      : { kind: "read", series, isNew, limit, auditTo, leftOut },
    record: { ...record, outcome: outcomeOfRun(readings, data.length), queued: readings.length },
    sent: withSent(sent, toSend, nowMs),
    check,
  };
}

/** A provider without a history has nothing to audit; with a spent budget it is for later. */
function nothingToRead({ series }: ReadingTask, { isInParts }: Requests, sent: Sent): ReadingResult {
  const record = { outcome: "nothing_new", requests: 0, observations: 0, queued: 0, error: null } as const;
  return { outcome: isInParts ? { kind: "undone" } : { kind: "read", series, isNew: false }, record, sent };
}

/**
 * All that is wanted. If a response says nothing of any series, and each can be requested alone, they are, so that a fault of
 * one does not keep the others from being read; only the first ones if requests are frequent or nobody counts them.
 */
async function fetchAll(
  task: ReadingTask,
  span: DateSpan,
  requests: readonly ProviderRequest[],
  memory: Memory | undefined,
  deps: ReadingDeps,
  watch: Watch,
): Promise<Fetched> {
  const { client, plan, endMs } = deps;
  const nowMs = deps.now();
  const each = (ids: readonly string[]) => ids.flatMap((id) => requestsFor([id], span, deps, nowMs));
  const options = { endMs, isProbe: task.kind === "sync" && task.isProbe };
  const isSplit = task.kind === "sync" && task.isSplit;
  const fetched = await fetchInTurn(rotated(isSplit ? each(task.series) : requests, nowMs), client, watch, options);
  if (isSplit || !plan.isDivisible || fetched.data.length > 0 || task.series.length === 1)
    return whole(fetched, span, memory, deps);
  const isInvalid = fetched.error?.kind === "invalid_response";
  const missing = fetched.faults.filter(({ kind }) => kind === "missing" && fetched.error === undefined);
  const unread = isInvalid ? task.series : missing.map(({ series }) => series);
  const isFrugal = memory === undefined || (task.kind === "sync" && !task.isThorough);
  const single = unread.filter((id) => !isFrugal || plan.groups.some(({ series }) => series[0] === id));
  if (single.length === 0) return fetched;
  const alone = await fetchInTurn(rotated(each(single), nowMs), client, watch, { endMs });
  const others = fetched.faults.filter(({ series }) => !single.includes(series));
  const faults = [...others, ...alone.faults];
  return whole({ ...alone, faults, requests: fetched.requests + alone.requests }, span, memory, deps);
}

/** What was fetched, each series in one piece, without series that cannot be told apart or are misdated. */
function whole(fetched: Fetched, span: DateSpan, memory: Memory | undefined, { client }: ReadingDeps): Fetched {
  const { provider } = client;
  const data = merged(fetched.data, provider);
  const newest = memory?.schedule.newest;
  const hasData = (id: string) => newest === undefined || newest[id] !== undefined;
  const refused = [
    ...(span === "newest" ? misdatedIn(data, newest ?? {}) : []),
    ...(provider.hasDistinctSeries ? twinsIn(data, hasData) : []),
  ];
  const isRefused = (id: string) => refused.some((fault) => fault.series === id);
  return {
    ...fetched,
    data: data.filter((one) => !isRefused(one.series)),
    faults: [...fetched.faults, ...refused],
  };
}

/** The end of a history is today's date, or the last that the provider may publish by now. */
function rangeRead(range: DateRange | null, { plan }: ReadingDeps, nowMs: number): DateRange | null {
  if (range === null || range.to !== "") return range;
  return { from: range.from, to: addDays(dateIn(plan.zone, nowMs), plan.horizonDays) };
}

/** What was cut short can take nothing back, and somebody should know that it was. What has a fault of its own is reported. */
function reportCut(readings: readonly SeriesReading[], { faults }: Fetched, watch: Watch): void {
  const isFaulty = (id: string) => faults.some(({ series }) => series === id);
  const cut = readings.filter(({ series, complete }) => complete === null && !isFaulty(series));
  const series = [...new Set(cut.map((one) => one.series))];
  if (series.length > 0) watch.notice("responses lack many days", { series: series.join(", "), pages: cut.length });
}

function outcomeOf(error: FetchError, { limit }: Fetched, unread: DateRange | undefined): Outcome {
  switch (error.kind) {
    case "rate_limited":
      return { kind: "limited", limitClass: limit?.limitClass ?? "", resetMs: error.resetMs };
    case "transient":
    case "unauthorized":
      return { kind: "failed", isQueue: false, unread };
    case "circuit_open":
    case "over_budget":
    case "out_of_time":
      return { kind: "undone" };
    case "bad_request":
    case "series_missing":
    case "invalid_response":
      // A part of which nothing can be read must not pass for the end of its audit.
      return unread ? { kind: "failed", isQueue: false, unread } : { kind: "read", series: [], isNew: false };
  }
}

function runOutcomeOf({ kind }: FetchError): RunRecord["outcome"] {
  if (kind === "rate_limited") return "rate_limited";
  return kind === "transient" || kind === "invalid_response" ? "failed" : "refused";
}

function outcomeOfRun(readings: readonly SeriesReading[], readSeries: number): RunRecord["outcome"] {
  if (readSeries === 0) return "failed";
  return readings.length > 0 ? "ok" : "nothing_new";
}

function describe(error: FetchError): string {
  return "reason" in error ? `${error.kind}: ${error.reason}` : error.kind;
}

function faultsOf(check: SettlementCheck): Pick<SeriesFault, "series" | "reason">[] {
  return check.state === "agrees" ? [] : [{ series: SETTLEMENT_SERIES, reason: check.detail }];
}

function describeFaults(faults: readonly Pick<SeriesFault, "series" | "reason">[]): string {
  return faults.map(({ series, reason }) => `${series}: ${reason}`).join("; ");
}
