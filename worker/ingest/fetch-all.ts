import { joined } from "#core/ingest/completeness.ts";
import { classOf } from "#core/ingest/plan.ts";
import type { Limit } from "#core/ingest/schedule-settle.ts";
import { hashesOf } from "#core/ops/hash.ts";
import {
  type DateRange,
  type Provider,
  type ProviderRequest,
  type SeriesData,
  type SeriesFault,
  type SettlementRates,
  seriesIn,
} from "#core/providers/provider.ts";
import { later } from "#core/time/dates.ts";
import type { Publication } from "#core/time/publication.ts";
import type { SourceClient, Watch } from "./ports.ts";
import type { FetchError, FetchOptions } from "./provider-client.ts";

/** What a provider said in response to several requests. */
export interface Fetched {
  data: SeriesData[];
  faults: SeriesFault[];
  /** Requests that went out. */
  requests: number;
  /** The dates that were read without a gap; null if it was only the newest values. */
  range: DateRange | null;
  settlement?: SettlementRates;
  error?: FetchError;
  /** The last request that was sent. */
  lastSent?: ProviderRequest;
  /** The first request that must be made again. */
  stoppedAt?: ProviderRequest;
  limit?: Limit;
}

const EARLIEST = "1900-01-01";
/** Of requests for different series: two that fail open the breaker, which takes three failures in a row; one does not. */
const SEPARATE = { maxAttempts: 2 };
const MAX_FAILURES_IN_A_ROW = 2;
const MINUTE_MS = 60_000;

/**
 * Requests that are each for other series begin with another one each minute, so that not always the same are left out
 * when time runs out. By a hash, since readings a fixed number of minutes apart would keep step with a count.
 */
export function rotated(requests: readonly ProviderRequest[], nowMs: number): readonly ProviderRequest[] {
  if (!areSeparate(requests)) return requests;
  const [hash] = hashesOf(String(Math.floor(nowMs / MINUTE_MS)));
  const start = hash % requests.length;
  return [...requests.slice(start), ...requests.slice(0, start)];
}

/**
 * Sends requests, newest dates first, until one fails for another reason than what the response says; if they are for
 * different series, until two in a row do.
 */
export async function fetchInTurn(
  requests: readonly ProviderRequest[],
  client: SourceClient,
  watch: Watch,
  options: FetchOptions,
): Promise<Fetched> {
  const fetched: Fetched = { data: [], faults: [], requests: 0, range: null };
  const isSeparate = areSeparate(requests);
  let failures = 0;
  for (const request of requests) {
    const { result, requests: sent } = await client.fetch(
      request,
      watch,
      isSeparate ? { ...options, ...SEPARATE } : options,
    );
    fetched.requests += sent;
    if (sent > 0) fetched.lastSent = request;
    failures = !result.ok && result.error.kind === "transient" ? failures + 1 : 0;
    if (result.ok) {
      fetched.data.push(...result.series);
      fetched.faults.push(...result.faults);
      if (result.settlement !== undefined) fetched.settlement = result.settlement;
      if (result.notice !== undefined) watch.notice(result.notice, { provider: client.provider.id });
      if (fetched.error === undefined || isSeparate) fetched.range = extended(fetched.range, request);
      continue;
    }
    const { error } = result;
    if (error.kind === "series_missing") {
      fetched.faults.push(...error.series.map((series) => missing(series)));
      continue;
    }
    // That the breaker opened or time ran out says less than the failure before it.
    fetched.error = isRefusalOfOurs(error) ? (fetched.error ?? error) : error;
    if (error.kind === "rate_limited") fetched.limit = { limitClass: classOf(request), resetMs: error.resetMs };
    if (error.kind === "invalid_response" || error.kind === "bad_request") continue;
    fetched.stoppedAt ??= request;
    if (error.kind !== "transient" || !isSeparate || failures === MAX_FAILURES_IN_A_ROW) break;
  }
  return fetched;
}

/** The data of each series in one piece: dates ascending, and those vouched for as far back as they are without a gap. */
export function merged(data: readonly SeriesData[], provider: Provider): SeriesData[] {
  const bySeries = Map.groupBy(data, ({ series }) => series);
  return Array.from(bySeries, ([series, parts]) => {
    const [only] = parts;
    if (parts.length === 1 && only) return only;
    const observations = new Map(parts.flatMap((part) => part.observations));
    const ranges = parts.flatMap(({ complete }) => (complete === null ? [] : [complete]));
    return {
      series,
      observations: [...observations].sort(([a], [b]) => (a < b ? -1 : 1)),
      complete: newestRun(ranges, seriesIn(provider, series)?.publication ?? provider.publication),
    };
  });
}

function isRefusalOfOurs({ kind }: FetchError): boolean {
  return kind === "circuit_open" || kind === "over_budget" || kind === "out_of_time";
}

/** Whether no two of several requests are for the same series. */
function areSeparate(requests: readonly ProviderRequest[]): boolean {
  const ids = requests.flatMap(({ want }) => want.series.map(({ id }) => id));
  return requests.length > 1 && new Set(ids).size === ids.length;
}

function newestRun(ranges: readonly DateRange[], publication: Publication): DateRange | null {
  const [newest, ...older] = ranges.toSorted((a, b) => (a.to < b.to ? 1 : -1));
  let run = newest ?? null;
  for (const range of older) {
    const both = run && joined(range, run, publication);
    if (!both) break;
    run = both;
  }
  return run;
}

function extended(range: DateRange | null, { want: { span } }: ProviderRequest): DateRange | null {
  if (span === "newest") return range;
  const added = span === "all" ? { from: EARLIEST, to: "" } : span;
  return { from: range && range.from < added.from ? range.from : added.from, to: later(range?.to ?? "", added.to) };
}

function missing(series: string): SeriesFault {
  return { series, kind: "missing", reason: "not in the response" };
}
