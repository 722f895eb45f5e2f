import { isDecimal } from "../money/decimal.ts";
import type { Series } from "../rates/series.ts";
import { MEXICO } from "../time/calendars.ts";
import { earlier, isPlainDate } from "../time/dates.ts";
import { dateIn, instantOf, MEXICO_CITY } from "../time/zones.ts";
import { SeriesCollector } from "./collector.ts";
import { fromDayFirst } from "./dates-as-published.ts";
import { failed, invalid } from "./failures.ts";
import { type Fields, isObject, textOf } from "./format/json.ts";
import { withoutThousands } from "./format/values.ts";
import type { DateRange, ParseResult, Provider, ProviderResponse, Want } from "./provider.ts";
import { seriesList } from "./series-list.ts";

const MAX_SERIES_PER_REQUEST = 20;
const MAX_WAIT_MS = 25 * 3_600_000;
const MIN_WAIT_MS = 1_000;
const WAIT_WITHOUT_RESET_SECONDS = 300;
const MAX_TEXT = 2_000;
const MAX_ROWS_PER_SERIES = 20_000;
/** "Oportuno" is the last published observation, one a series. */
const MAX_NEWEST_ROWS = 1;
const EARLIEST = "1900-01-01";
const ABSENT = "N/E";
const LIMIT_WORDS = /\blimite\b.*\bconsultas?\b|\bvolver a consultar\b/;

const DEFAULTS = { provider: "banxico", pivot: "MXN", direction: "pivot_quote", since: "1992-11-16" } as const;

/** Public code often swaps the yen and the pound: a title must hold these words. Lower case, no accents. */
export const TITLE_WORDS: Readonly<Record<string, readonly string[]>> = {
  SF43718: ["dolar", "fix"],
  SF46410: ["euro"],
  SF46406: ["yen"],
  SF46407: ["libra", "esterlina"],
  SF60632: ["dolar", "canadiense"],
};

/** Ids are Banxico's, as they have been stored since the first version. */
function series(entry: string, providerId: string, more: Partial<Series> = {}): Series[] {
  return seriesList(entry, DEFAULTS, { id: `banxico.${providerId}`, providerId, ...more });
}

/** Banco de México's SIE: the FIX and four more currencies, pesos per foreign unit. */
export const banxico: Provider = {
  id: "banxico",
  name: { en: "Bank of Mexico", es: "Banco de México" },
  authority: "central_bank",
  country: "MX",
  rateType: "FIX",
  attribution: { en: "Banco de México", es: "Banco de México" },
  licence: {
    name: "Banco de México, terms of the SIE API",
    url: "https://www.banxico.org.mx/SieAPIRest/service/v1/",
    redistribution: "unverified",
  },
  pivot: "MXN",
  url: "https://www.banxico.org.mx/SieAPIRest/service/v1",
  publication: {
    zone: MEXICO_CITY,
    calendar: MEXICO,
    at: "12:00",
    graceMinutes: 15,
    dated: "same_day",
    toleranceDays: 0,
  },
  horizonDays: 0,
  // The digits that its computed rates have had since the first version.
  derivedDigits: 6,
  hasDistinctSeries: true,
  firstDate: "1991-11-12",
  budget: { perDay: 1_000, perFiveMinutes: 100 },
  maxBodyBytes: 8_000_000,
  secret: { name: "BANXICO_TOKEN", isRequired: true, place: (secret) => ({ headers: { "Bmx-Token": secret } }) },
  // The largest moves since 1996: USD 7.4 % on 2016-11-09, the others on 2008-10-10 (EUR 10.5 %, JPY 12.8 %).
  series: [
    ...series("USD@1991-11-12~0.1", "SF43718", { isPrintedInDof: true }),
    ...series("EUR@1999-01-04~0.15", "SF46410"),
    ...series("JPY~0.15", "SF46406", { note: "Published with four significant digits." }),
    ...series("GBP~0.12", "SF46407"),
    ...series("CAD~0.12", "SF60632"),
  ],

  requests({ series, span }) {
    const requests = [];
    for (let start = 0; start < series.length; start += MAX_SERIES_PER_REQUEST) {
      const part = series.slice(start, start + MAX_SERIES_PER_REQUEST);
      requests.push({
        path: `/series/${part.map(({ providerId }) => providerId).join(",")}/datos${datesOf(span)}`,
        query: {},
        headers: { Accept: "application/json" },
        encoding: "utf-8" as const,
        want: { series: part, span },
        // Banxico counts these apart, for each token.
        limitClass: span === "newest" ? "oportuna" : "historica",
      });
    }
    return requests;
  },

  parse(response, want, nowMs) {
    const { status, body } = response;
    const isJson = /^application\/json\b/i.test(response.headers.get("Content-Type") ?? "");
    const parsed = isJson ? parseJson(body) : undefined;
    const error = isObject(parsed) && isObject(parsed.error) ? parsed.error : undefined;
    const limitedUntilMs = limitResetMs(response, error, nowMs);
    if (limitedUntilMs !== undefined) {
      const reset = Math.min(Math.max(limitedUntilMs, nowMs + MIN_WAIT_MS), nowMs + MAX_WAIT_MS);
      return failed({ kind: "rate_limited", resetMs: reset });
    }
    if (status === 404) return failed({ kind: "series_missing", series: want.series.map(({ id }) => id) });
    if (error && status < 500) {
      if (isAboutToken(error)) return failed({ kind: "unauthorized", reason: "token not accepted" });
      return failed({ kind: "bad_request", reason: plain(String(error.mensaje ?? status)).slice(0, 100) });
    }
    if (status !== 200) return failed({ kind: "transient", reason: `status ${status}` });
    if (parsed === undefined) return failed({ kind: "transient", reason: isJson ? "broken JSON" : "not JSON" });
    return readSeries(parsed, want, nowMs);
  },
};

function datesOf(span: Want["span"]): string {
  if (span === "all") return "";
  return span === "newest" ? "/oportuno" : `/${span.from}/${span.to}`;
}

/** Series come in any order, sometimes only some of them, or with others among them. */
function readSeries(parsed: unknown, want: Want, nowMs: number): ParseResult {
  const entries = isObject(parsed) && isObject(parsed.bmx) ? parsed.bmx.series : undefined;
  if (!Array.isArray(entries)) return invalid("no list of series");
  const collector = new SeriesCollector(banxico, want, nowMs);
  const byId = Map.groupBy(entries, (entry: unknown) => (isObject(entry) ? textOf(entry.idSerie) : undefined));
  for (const { providerId } of want.series) {
    const [entry, ...more] = byId.get(providerId) ?? [];
    if (!isObject(entry)) {
      collector.miss(providerId);
      continue;
    }
    const isTwice = more.length > 0;
    const fault = isTwice ? "twice in the response" : readEntry(entry, providerId, collector, boundsOf(want, nowMs));
    if (fault !== undefined) collector.refuse(providerId, fault);
  }
  return collector.parsed("asked", { isList: false });
}

/** The dates that a response may hold, and how many of them. */
interface Bounds extends DateRange {
  maxRows: number;
}

function boundsOf({ span }: Want, nowMs: number): Bounds {
  const today = dateIn(MEXICO_CITY, nowMs);
  const maxRows = span === "newest" ? MAX_NEWEST_ROWS : MAX_ROWS_PER_SERIES;
  if (typeof span === "string") return { from: EARLIEST, to: today, maxRows };
  return { from: span.from, to: earlier(span.to, today), maxRows };
}

/** Takes the observations of one series; returns what is wrong with it, if anything is. */
function readEntry(
  { titulo, datos }: Fields,
  id: string,
  collector: SeriesCollector,
  { from, to, maxRows }: Bounds,
): string | undefined {
  if (!hasTitleOf(id, titulo)) return "another title";
  // A series with nothing in these dates comes without a list.
  if (datos === undefined || datos === null) return undefined;
  if (!Array.isArray(datos)) return "no list of observations";
  if (datos.length > maxRows) return "too many observations";
  let before = "";
  for (const row of datos) {
    if (!isObject(row)) return "an observation that is no object";
    const date = typeof row.fecha === "string" ? fromDayFirst(row.fecha, "/") : undefined;
    if (date === undefined) return "a date that does not exist";
    if (date < from || date > to) return "a date outside the range";
    if (date <= before) return "dates out of order";
    before = date;
    const value = typeof row.dato === "string" ? withoutThousands(row.dato) : "";
    if (value !== ABSENT && !isDecimal(value)) return `no rate on ${date}`;
    collector.add(id, date, value);
  }
  return undefined;
}

function hasTitleOf(id: string, title: unknown): boolean {
  if (typeof title !== "string" || title.length > 1_000) return false;
  const words = new Set(plain(title).split(/[^\p{L}\p{N}]+/u));
  return TITLE_WORDS[id]?.every((word) => words.has(word)) ?? false;
}

/** When requests may go on, as fields, headers or words tell; undefined if it is no rate limit. Banxico says so with status 400. */
function limitResetMs({ status, headers, body }: ProviderResponse, error: Fields | undefined, nowMs: number) {
  const isRefusal = status >= 400 && status < 500;
  if (isRefusal) {
    const seconds = [headers.get("Bmx-secondsToReset"), error?.secondsToReset].find(isWholeNumber);
    if (seconds !== undefined) return nowMs + Number(seconds) * 1_000;
    const reset = [headers.get("Bmx-timeReset"), error?.timeReset].find(isWholeNumber);
    if (reset !== undefined) return Number(reset) * 1_000;
  }
  const text = error ? `${error.mensaje} ${error.detalle}` : isRefusal ? body.slice(0, MAX_TEXT) : "";
  if (status !== 429 && !LIMIT_WORDS.test(plain(text))) return undefined;
  const retryAfter = headers.get("Retry-After");
  const seconds = isWholeNumber(retryAfter) ? Number(retryAfter) : WAIT_WITHOUT_RESET_SECONDS;
  return instantIn(text) ?? nowMs + seconds * 1_000;
}

/** "2022-12-27 17:06:27 America/Mexico_City" somewhere in a text. */
function instantIn(text: string): number | undefined {
  const [, date, hours, minutes, seconds] = /(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text) ?? [];
  if (date === undefined || !isPlainDate(date)) return undefined;
  return instantOf(MEXICO_CITY, date, Number(hours) * 60 + Number(minutes)) + Number(seconds) * 1_000;
}

function isWholeNumber(value: unknown): value is string | number {
  return (typeof value === "string" || typeof value === "number") && /^\d{1,12}$/.test(String(value));
}

/** The error names the page that gives out tokens or, should that change, the token in its message. */
function isAboutToken({ url, mensaje }: Fields): boolean {
  return (typeof url === "string" && url.endsWith("/token")) || /\btoken\b/.test(plain(String(mensaje ?? "")));
}

/** Values are texts here, so that a number that stands in place of one is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Accents, case and runs of white space removed. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}
