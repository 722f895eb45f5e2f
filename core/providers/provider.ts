import type { Series } from "../rates/series.ts";
import type { PlainDate } from "../time/dates.ts";
import type { Publication } from "../time/publication.ts";

const DAY_SECONDS = 86_400;

/** Plain text in the two languages of the product. */
export interface Bilingual {
  en: string;
  es: string;
}

/** "2026-03-13" for daily values, "2026-03-13T18:00:30Z" for intraday ones: both sort as text. */
export type Moment = string;

/** Dates from one to another, both included. */
export interface DateRange {
  from: PlainDate;
  to: PlainDate;
}

export type Authority = "central_bank" | "statutory" | "aggregator";

export interface Licence {
  name: string;
  url: string;
  /** Only "yes" may be served in production without being switched on by name. */
  redistribution: "yes" | "no" | "unverified";
}

/** What readers are told of a provider. */
export interface ProviderInfo {
  id: string;
  name: Bilingual;
  authority: Authority;
  /** Where a central bank is, by ISO 3166, or "EU"; what it calls its rates. */
  country?: string;
  rateType?: string;
  attribution: Bilingual;
  licence: Licence;
}

/** The newest values, all of them, or those of some dates. */
export type DateSpan = "newest" | "all" | DateRange;

export interface Want {
  series: readonly Series[];
  span: DateSpan;
}

/** How a body's bytes become text. A zip holds one CSV file. */
export type BodyEncoding = "utf-8" | "windows-1251" | "zip";

export interface ProviderRequest {
  /** Below the provider's URL. */
  path: string;
  query: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string>>;
  encoding: BodyEncoding;
  /** What this request covers: the `want` for parsing its response. */
  want: Want;
  /** Limits of the provider that count apart from others, if it has several. */
  limitClass?: string;
}

/** An HTTP response with its body decoded. */
export interface ProviderResponse {
  status: number;
  headers: { get(name: string): string | null };
  body: string;
}

export interface RequestContext {
  nowMs: number;
  hasSecret: boolean;
}

/** How a provider is given its secret. It never becomes part of a request that is logged. */
export interface Secret {
  /** The name of the binding or environment variable. */
  name: string;
  isRequired: boolean;
  /** Another base URL for requests that carry it. */
  url?: string;
  place(secret: string): { query?: Record<string, string>; headers?: Record<string, string> };
}

/** How many requests a provider may be sent. */
export interface Budget {
  perDay: number;
  perFiveMinutes: number;
}

export interface Provider extends ProviderInfo {
  pivot: string;
  /** Default base URL, without a slash at its end. */
  url: string;
  publication: Publication;
  /** Of a provider that may have several values a day: seconds between two polls. A day or more: it has one. */
  everySeconds?: number;
  /** The currencies whose ticks are kept, if it is polled more often than daily. */
  tracked?: readonly string[];
  /** How far ahead of today, in the provider's zone, a date may lie. */
  horizonDays: number;
  /** Whether Saturdays and Sundays have values too. */
  hasWeekendDates?: true;
  /** Whether no two series ever have the same values: if a response says so, its columns are mixed up. */
  hasDistinctSeries?: true;
  /** Whether each row says for how many units its value is, which changes over the years. Else another unit is a fault. */
  hasUnitsByRow?: true;
  firstDate: PlainDate;
  budget: Budget;
  maxBodyBytes: number;
  secret?: Secret;
  /** Not served unless a deployment switches it on, and then to holders of `rates:private` only. */
  isPrivate?: true;
  series: readonly Series[];
  /** Significant digits of computed rates, which have 8 decimals at least. Absent: 8. */
  derivedDigits?: number;
  /** The requests that cover `want`, newest dates first, so that a spent budget costs the least. */
  requests(want: Want, context: RequestContext): ProviderRequest[];
  parse(response: ProviderResponse, want: Want, nowMs: number): ParseResult;
}

/** What a response says of one series: moments ascending and unique, values per one unit, otherwise as published. */
export interface SeriesData {
  series: string;
  observations: (readonly [Moment, string])[];
  /** The dates for which the response was whole, so that a stored value missing from it was taken back. Null: no such claim, or dates were left out. */
  complete: DateRange | null;
}

/** Why a series, or a few of its dates, is missing from an otherwise good response. */
export interface SeriesFault {
  series: string;
  kind: "missing" | "invalid";
  reason: string;
}

export interface Parsed {
  ok: true;
  series: SeriesData[];
  faults: SeriesFault[];
  /** When the provider says that it will have new values. */
  nextUpdateMs?: number;
  /** For operators, e.g. that an endpoint will be switched off. */
  notice?: string;
  /** The FIX by settlement date as Banxico publishes it (core/providers/settlement-check.ts), or why it could not be read. */
  settlement?: SettlementRates;
}

export type SettlementRates = readonly (readonly [PlainDate, string])[] | string;

export type ParseResult = Parsed | { ok: false; error: ProviderError };

/**
 * transient: another try may succeed. rate_limited: not before `resetMs`. unauthorized: no request can succeed with this
 * secret. bad_request: the fault is ours. series_missing, invalid_response: the provider responds, but not rightly.
 */
export type ProviderError =
  | { kind: "transient"; reason: string }
  | { kind: "rate_limited"; resetMs: number }
  | { kind: "unauthorized"; reason: string }
  | { kind: "bad_request"; reason: string }
  | { kind: "series_missing"; series: readonly string[] }
  | { kind: "invalid_response"; reason: string };

/** Whether a provider is polled for ticks, rather than read for daily values. */
export function isIntraday({ everySeconds = DAY_SECONDS }: Pick<Provider, "everySeconds">): boolean {
  return everySeconds < DAY_SECONDS;
}

/** The ids of the series whose ticks are kept. */
export function trackedSeries({
  series,
  pivot,
  tracked = [],
}: Pick<Provider, "series" | "pivot" | "tracked">): string[] {
  const isTracked = ({ base, quote }: Series) => tracked.includes(base === pivot ? quote : base);
  return series.filter(isTracked).map(({ id }) => id);
}

/** The series of an id among a provider's. */
export function seriesIn({ series }: Pick<Provider, "series">, id: string): Series | undefined {
  return series.find((one) => one.id === id);
}

/** The name of a provider's setting in the environment: ("exchangerate-api", "URL") → "EXCHANGERATE_API_URL". */
export function variableOf(providerId: string, setting: string): string {
  return `${providerId.toUpperCase().replaceAll("-", "_")}_${setting}`;
}

/** The full URL of a request below `url`. Of the reserved characters those that OData and Socrata use stay readable. */
export function urlOf(url: string, { path, query }: Pick<ProviderRequest, "path" | "query">): string {
  const pairs = Object.entries(query).map(([name, value]) => `${escaped(name)}=${escaped(value)}`);
  return `${url}${path}${pairs.length > 0 ? `?${pairs.join("&")}` : ""}`;
}

function escaped(text: string): string {
  return encodeURIComponent(text).replace(/%(24|40|2C|3A|2F)/g, decodeURIComponent);
}
