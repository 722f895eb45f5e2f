import { TITLE_WORDS } from "../providers/banxico.ts";
import { isRateValue, type Observation } from "../rates/page.ts";
import type { Series } from "../rates/series.ts";
import { isPlainDate, type PlainDate } from "../time/dates.ts";
import { limitResetMs, plain, type RawResponse } from "./banxico-limit.ts";

/**
 * Banxico's SIE REST API as pure functions: what to request, and what a response means. Each series of a response is
 * judged on its own: one that is missing or invalid does not hold up the others.
 */
export const BANXICO_URL = "https://www.banxico.org.mx/SieAPIRest/service/v1";

/** The newest observation of each series, everything, or the days from one to another, both included. */
export type Span = "newest" | "everything" | { from: PlainDate; to: PlainDate };

/** Banxico counts these apart, for each token: the newest values, and everything else. */
export type RequestClass = "oportuna" | "historica";

export interface SieRequest {
  series: readonly Series[];
  span: Span;
}

/** What Banxico says of one series: dates ascending, values exactly as published. */
export interface SeriesData {
  series: string;
  observations: Observation[];
}

/** A series that the response lacks, or about which it can't be believed. */
export interface SeriesFault {
  series: string;
  kind: "missing" | "invalid";
  reason: string;
}

/**
 * rate_limited: requests of this class may go on at `resetMs`. bad_token: no request can succeed. bad_request: the fault
 * is ours. invalid_response: Banxico responds, but with something else. transient: another try may succeed.
 */
export type SieError =
  | { kind: "rate_limited"; resetMs: number }
  | { kind: "bad_token" }
  | { kind: "bad_request"; reason: string }
  | { kind: "transient"; reason: string }
  | { kind: "invalid_response"; reason: string };

export type SieResult = { ok: true; data: SeriesData[]; faults: SeriesFault[] } | { ok: false; error: SieError };

/** Five series since 1991 are some 2 MB. */
export const MAX_RESPONSE_BYTES = 8_000_000;
const MAX_ROWS_PER_SERIES = 20_000;
const MAX_SERIES_PER_REQUEST = 20;

const EARLIEST: PlainDate = "1900-01-01";
const ABSENT = "N/E";
/** Two series that agree on all of at least so many dates are one series under two names. */
const MIN_COMMON_DATES = 5;

/** The path of a request below the API's base URL. */
export function pathOf({ series, span }: SieRequest): string {
  if (series.length === 0 || series.length > MAX_SERIES_PER_REQUEST) throw new RangeError("1 to 20 series per request");
  const path = `/series/${series.map(({ providerId }) => providerId).join(",")}/datos`;
  if (span === "everything") return path;
  return span === "newest" ? `${path}/oportuno` : `${path}/${span.from}/${span.to}`;
}

/** The limit class under which Banxico counts a request. */
export function classOf(span: Span): RequestClass {
  return span === "newest" ? "oportuna" : "historica";
}

/** What a response to `request` means. `today` is the date in Mexico City: nothing is published for a later one. */
export function readResponse(response: RawResponse, request: SieRequest, today: PlainDate, nowMs: number): SieResult {
  const { status, body } = response;
  const isJson = /^application\/json\b/i.test(response.headers.get("Content-Type") ?? "");
  const parsed = isJson ? parseJson(body) : undefined;
  const error = isObject(parsed) && isObject(parsed.error) ? parsed.error : undefined;

  const resetMs = limitResetMs(response, error, nowMs);
  // At least a second ahead, so that it is a wait.
  if (resetMs !== undefined) return failure({ kind: "rate_limited", resetMs: Math.max(resetMs, nowMs + 1_000) });
  if (status === 404) return { ok: true, data: [], faults: request.series.map(({ id }) => missing(id)) };
  if (error && status < 500) {
    if (isAboutToken(error)) return failure({ kind: "bad_token" });
    return failure({ kind: "bad_request", reason: plain(String(error.mensaje ?? status)).slice(0, 100) });
  }
  if (status !== 200) return failure({ kind: "transient", reason: `status ${status}` });
  if (parsed === undefined) return failure({ kind: "transient", reason: isJson ? "broken JSON" : "not JSON" });
  return readBody(parsed, request, today);
}

/**
 * The series whose values equal another's, if no data of one of the two are known: then nobody can say to which of them
 * the values belong. Otherwise the origin can, which compares them with what it has stored.
 */
export function twinsIn(data: readonly SeriesData[], hasData: (series: string) => boolean): SeriesFault[] {
  const faults = new Map<string, SeriesFault>();
  for (const [index, one] of data.entries()) {
    for (const other of data.slice(index + 1)) {
      if ((hasData(one.series) && hasData(other.series)) || !areTwins(one, other)) continue;
      faults.set(one.series, invalid(one.series, `the same values as ${other.series}`));
      faults.set(other.series, invalid(other.series, `the same values as ${one.series}`));
    }
  }
  return [...faults.values()];
}

function readBody(parsed: unknown, { series, span }: SieRequest, today: PlainDate): SieResult {
  const entries = isObject(parsed) && isObject(parsed.bmx) ? parsed.bmx.series : undefined;
  if (!Array.isArray(entries)) return failure({ kind: "invalid_response", reason: "no list of series" });
  const byId = Map.groupBy(entries, (entry: unknown) => (isObject(entry) ? entry.idSerie : undefined));
  const data: SeriesData[] = [];
  const faults: SeriesFault[] = [];
  for (const one of series) {
    const [entry, ...more] = byId.get(one.providerId) ?? [];
    const observations = more.length > 0 ? "twice in the response" : readEntry(entry, one, span, today);
    if (entry === undefined) faults.push(missing(one.id));
    else if (typeof observations === "string") faults.push(invalid(one.id, observations));
    else data.push({ series: one.id, observations });
  }
  return { ok: true, data, faults };
}

/** The observations of one series, or what is wrong with them. */
function readEntry(entry: unknown, series: Series, span: Span, today: PlainDate): Observation[] | string {
  if (!isObject(entry)) return "not an object";
  if (!hasTitleOf(series, entry.titulo)) return "another title";
  const { from, to } = typeof span === "string" ? { from: EARLIEST, to: today } : span;
  const observations = readRows(entry.datos, from, to < today ? to : today);
  if (typeof observations === "string") return observations;
  return observations.filter(([date]) => date >= series.since);
}

function readRows(rows: unknown, from: PlainDate, to: PlainDate): Observation[] | string {
  if (rows === undefined || rows === null) return [];
  if (!Array.isArray(rows)) return "no list of observations";
  if (rows.length > MAX_ROWS_PER_SERIES) return "too many observations";
  const observations: Observation[] = [];
  let before = "";
  for (const row of rows) {
    if (!isObject(row)) return "an observation that is not an object";
    const date = readDate(row.fecha);
    if (date === undefined) return "a date that does not exist";
    if (date < from || date > to) return "a date outside the range";
    if (date <= before) return "dates twice or out of order";
    before = date;
    if (row.dato === ABSENT) continue;
    const value = readValue(row.dato);
    if (value === undefined) return "a value that is not a rate";
    observations.push([date, value]);
  }
  return observations;
}

/** "13/03/2026" as 2026-03-13; undefined if there is no such date. */
function readDate(text: unknown): PlainDate | undefined {
  const parts = typeof text === "string" ? /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text) : null;
  if (!parts) return undefined;
  const date = `${parts[3]}-${parts[2]}-${parts[1]}`;
  return isPlainDate(date) ? date : undefined;
}

/** The published digits, without thousands separators. */
function readValue(text: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  const value = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(",", "") : text;
  return isRateValue(value) ? value : undefined;
}

function hasTitleOf(series: Series, title: unknown): boolean {
  if (typeof title !== "string" || title.length > 1_000) return false;
  const words = new Set(plain(title).split(/[^\p{L}\p{N}]+/u));
  return (TITLE_WORDS[series.providerId] ?? []).every((word) => words.has(word));
}

function areTwins(one: SeriesData, other: SeriesData): boolean {
  const values = new Map(one.observations);
  let common = 0;
  for (const [date, value] of other.observations) {
    const own = values.get(date);
    if (own === undefined) continue;
    if (Number(own) !== Number(value)) return false;
    common++;
  }
  return common >= MIN_COMMON_DATES;
}

/** The error names the page that gives out tokens or, should that change, the token in its message. */
function isAboutToken({ url, mensaje }: Fields): boolean {
  return (typeof url === "string" && url.endsWith("/token")) || /\btoken\b/.test(plain(String(mensaje ?? "")));
}

function missing(series: string): SeriesFault {
  return { series, kind: "missing", reason: "not in the response" };
}

function invalid(series: string, reason: string): SeriesFault {
  return { series, kind: "invalid", reason };
}

function failure(error: SieError): SieResult {
  return { ok: false, error };
}

type Fields = Record<string, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
