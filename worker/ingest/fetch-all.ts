import { joined } from "#core/ingest/completeness.ts";
import { classOf } from "#core/ingest/plan.ts";
import type { Limit } from "#core/ingest/schedule-settle.ts";
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
  /** The request after which no other was sent. */
  stoppedAt?: ProviderRequest;
  limit?: Limit;
}

const EARLIEST = "1900-01-01";

/** Sends requests, newest dates first, until one fails for another reason than what the response says. */
export async function fetchInTurn(
  requests: readonly ProviderRequest[],
  client: SourceClient,
  watch: Watch,
  options: FetchOptions,
): Promise<Fetched> {
  const fetched: Fetched = { data: [], faults: [], requests: 0, range: null };
  for (const request of requests) {
    const { result, requests: sent } = await client.fetch(request, watch, options);
    fetched.requests += sent;
    if (result.ok) {
      fetched.data.push(...result.series);
      fetched.faults.push(...result.faults);
      if (result.settlement !== undefined) fetched.settlement = result.settlement;
      if (result.notice !== undefined) watch.notice(result.notice, { provider: client.provider.id });
      if (fetched.error === undefined) fetched.range = extended(fetched.range, request);
      continue;
    }
    const { error } = result;
    if (error.kind === "series_missing") {
      fetched.faults.push(...error.series.map((series) => missing(series)));
      continue;
    }
    fetched.error = error;
    if (error.kind === "rate_limited") fetched.limit = { limitClass: classOf(request), resetMs: error.resetMs };
    if (error.kind === "invalid_response" || error.kind === "bad_request") continue;
    fetched.stoppedAt = request;
    break;
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
