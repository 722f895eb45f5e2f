import { isPlainDate, type PlainDate } from "./dates.ts";
import { isRateValue, type Observation } from "./page.ts";
import type { Series } from "./series.ts";

/**
 * Banxico's SIE REST API as pure functions: what to ask, and what an answer means. An answer is taken whole or not at
 * all: whatever is wrong with a part of it casts doubt on the rest.
 */
export const BANXICO_URL = "https://www.banxico.org.mx/SieAPIRest/service/v1";

/** The newest observation of each series, everything, or the days from one to another, both included. */
export type Span = "newest" | "everything" | { from: PlainDate; to: PlainDate };

export interface Question {
  series: readonly Series[];
  span: Span;
}

/** What Banxico says of one series: dates ascending, values exactly as published. */
export interface Reading {
  series: string;
  observations: Observation[];
}

/**
 * rate_limited: not before `resetMs`. bad_token: no request can succeed. bad_request: the fault is ours. series_missing
 * and invalid_answer: Banxico answers, but not rightly. transient: it may succeed on another try.
 */
export type BanxicoError =
  | { kind: "rate_limited"; resetMs: number }
  | { kind: "bad_token" }
  | { kind: "bad_request"; reason: string }
  | { kind: "series_missing"; series: readonly string[] }
  | { kind: "transient"; reason: string }
  | { kind: "invalid_answer"; reason: string };

export type Answer = { ok: true; readings: Reading[] } | { ok: false; error: BanxicoError };

/** An HTTP answer, its body read in full. */
export interface RawAnswer {
  status: number;
  headers: { get(name: string): string | null };
  body: string;
}

/** Five series since 1991 are some 2 MB. */
export const MOST_ANSWER_BYTES = 8_000_000;
const MOST_ROWS_A_SERIES = 20_000;
const MOST_SERIES_A_REQUEST = 20;

const EARLIEST: PlainDate = "1900-01-01";
const LONGEST_WAIT_SECONDS = 25 * 3_600;
const WAIT_WITHOUT_RESET_SECONDS = 300;
const ABSENT = "N/E";

/** The address of a question below the API's base URL. */
export function pathOf({ series, span }: Question): string {
  if (series.length === 0 || series.length > MOST_SERIES_A_REQUEST) throw new RangeError("1 to 20 series a request");
  const path = `/series/${series.map(({ providerId }) => providerId).join(",")}/datos`;
  if (span === "everything") return path;
  return span === "newest" ? `${path}/oportuno` : `${path}/${span.from}/${span.to}`;
}

/** What an answer to `question` means. `today` is the date in Mexico City: nothing can have been published for a later one. */
export function readAnswer(answer: RawAnswer, question: Question, today: PlainDate, nowMs: number): Answer {
  const { status, body } = answer;
  const isJson = /^application\/json\b/i.test(answer.headers.get("Content-Type") ?? "");
  const parsed = isJson ? parseJson(body) : undefined;
  const error = isObject(parsed) && isObject(parsed.error) ? parsed.error : undefined;

  const waitSeconds = secondsToReset(answer, error, nowMs);
  if (waitSeconds !== undefined) return failure({ kind: "rate_limited", resetMs: nowMs + waitSeconds * 1_000 });
  if (status === 404) {
    return failure({ kind: "series_missing", series: question.series.map(({ id }) => id) });
  }
  if (error && status < 500) {
    if (isAboutToken(error)) return failure({ kind: "bad_token" });
    return failure({ kind: "bad_request", reason: plain(String(error.mensaje ?? status)).slice(0, 100) });
  }
  if (status !== 200) return failure({ kind: "transient", reason: `status ${status}` });
  if (parsed === undefined) return failure({ kind: "transient", reason: isJson ? "broken JSON" : "not JSON" });
  return readBody(parsed, question, today);
}

/** Accents, case and runs of white space removed: the words of a title can be compared. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

function readBody(parsed: unknown, { series, span }: Question, today: PlainDate): Answer {
  const entries = isObject(parsed) && isObject(parsed.bmx) ? parsed.bmx.series : undefined;
  if (!Array.isArray(entries)) return invalid("no list of series");
  if (entries.length > series.length) return invalid("more series than asked for");
  const { from, to } = typeof span === "string" ? { from: EARLIEST, to: today } : span;
  const wanted = new Map(series.map((one) => [one.providerId, one]));
  const readings: Reading[] = [];
  for (const entry of entries) {
    const one = isObject(entry) && typeof entry.idSerie === "string" ? wanted.get(entry.idSerie) : undefined;
    // A series is taken from `wanted` once it was seen, so this finds unrequested ones and duplicates alike.
    if (one === undefined || !isObject(entry)) return invalid("a series that was not asked for, or one twice");
    wanted.delete(one.providerId);
    if (!hasTitleOf(one, entry.titulo)) return invalid(`${one.providerId} with another title`);
    const observations = readRows(entry.datos, from, to < today ? to : today);
    if (typeof observations === "string") return invalid(`${one.providerId}: ${observations}`);
    readings.push({ series: one.id, observations });
  }
  if (wanted.size > 0) {
    return failure({ kind: "series_missing", series: Array.from(wanted.values(), ({ id }) => id) });
  }
  return { ok: true, readings };
}

/** The observations of one series, or what is wrong with them. */
function readRows(rows: unknown, from: PlainDate, to: PlainDate): Observation[] | string {
  if (rows === undefined || rows === null) return [];
  if (!Array.isArray(rows)) return "no list of observations";
  if (rows.length > MOST_ROWS_A_SERIES) return "too many observations";
  const observations: Observation[] = [];
  let before = "";
  for (const row of rows) {
    if (!isObject(row)) return "an observation that is none";
    const date = readDate(row.fecha);
    if (date === undefined) return "a date that does not exist";
    if (date < from || date > to) return "a date outside the range";
    if (date <= before) return "dates twice or out of order";
    before = date;
    if (row.dato === ABSENT) continue;
    const value = readValue(row.dato);
    if (value === undefined) return "a value that is no rate";
    observations.push([date, value]);
  }
  return observations;
}

/** "13/03/2026" as 2026-03-13; undefined where there is no such date. */
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
  return series.titleWords.every((word) => words.has(word));
}

/** Seconds that Banxico tells us to stay away; undefined where this is no rate limit. */
function secondsToReset({ status, headers }: RawAnswer, error: Fields | undefined, nowMs: number): number | undefined {
  if (status < 400 || status >= 500) return undefined;
  const seconds = [headers.get("Bmx-secondsToReset"), error?.secondsToReset].find(isWholeNumber);
  if (seconds !== undefined) return within(Number(seconds));
  const reset = [headers.get("Bmx-timeReset"), error?.timeReset].find(isWholeNumber);
  if (reset !== undefined) return within(Math.ceil(Number(reset) - nowMs / 1_000));
  if (status !== 429) return undefined;
  const retryAfter = headers.get("Retry-After");
  return within(isWholeNumber(retryAfter) ? Number(retryAfter) : WAIT_WITHOUT_RESET_SECONDS);
}

/** At least a second, so that it is a wait, and at most a day: a daily limit ends at midnight. */
function within(seconds: number): number {
  return Math.min(Math.max(seconds, 1), LONGEST_WAIT_SECONDS);
}

function isWholeNumber(value: unknown): value is string | number {
  return (typeof value === "string" || typeof value === "number") && /^\d{1,12}$/.test(String(value));
}

/** The error names the page where tokens are had, or, should that change, the token in its message. */
function isAboutToken({ url, mensaje }: Fields): boolean {
  return (typeof url === "string" && url.endsWith("/token")) || /\btoken\b/.test(plain(String(mensaje ?? "")));
}

function invalid(reason: string): Answer {
  return failure({ kind: "invalid_answer", reason });
}

function failure(error: BanxicoError): Answer {
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
