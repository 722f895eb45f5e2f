import { isDecimal } from "../money/decimal.ts";
import { parseJson } from "../ops/parse-json.ts";
import type { Series } from "../rates/series.ts";
import { MEXICO } from "../time/calendars.ts";
import { addDays, earlier, type PlainDate } from "../time/dates.ts";
import { dateIn, MEXICO_CITY } from "../time/zones.ts";
import { isAboutToken, limitResetMs, plain } from "./banxico-errors.ts";
import { SeriesCollector } from "./collector.ts";
import { fromDayFirst } from "./dates-as-published.ts";
import { failed, invalid } from "./failures.ts";
import { type Fields, isObject, textOf } from "./format/json.ts";
import { withoutThousands } from "./format/values.ts";
import type { DateRange, ParseResult, Provider, SettlementRates, Want } from "./provider.ts";
import { seriesList } from "./series-list.ts";

/** Banxico takes 20 ids, one of which may be that of the settlement rates. */
const MAX_SERIES_PER_REQUEST = 19;
const MAX_WAIT_MS = 25 * 3_600_000;
const MIN_WAIT_MS = 1_000;
const MAX_ROWS_PER_SERIES = 20_000;
/** "Oportuno" is the last published observation, one a series. */
const MAX_NEWEST_ROWS = 1;
const EARLIEST = "1900-01-01";
const ABSENT = "N/E";
/** The FIX by the date from which it applies: read beside the FIX to check what we derive from it, never stored. */
const SETTLEMENT = "SF60653";
/** How far ahead of the FIX its rows are dated, at most. */
const SETTLEMENT_AHEAD_DAYS = 20;

const DEFAULTS = { provider: "banxico", pivot: "MXN", direction: "pivot_quote", since: "1992-11-16" } as const;

/** Public code often swaps the yen and the pound: a title must hold these words. Lower case, no accents. */
export const TITLE_WORDS: Readonly<Record<string, readonly string[]>> = {
  SF43718: ["dolar", "fix"],
  SF46410: ["euro"],
  SF46406: ["yen"],
  SF46407: ["libra", "esterlina"],
  SF60632: ["dolar", "canadiense"],
  [SETTLEMENT]: ["dolar", "liquidacion"],
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
        path: `/series/${idsOf(part, span).join(",")}/datos${datesOf(span)}`,
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
    // Values are texts here, so that a number that stands in place of one is none.
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

function idsOf(series: readonly Series[], span: Want["span"]): string[] {
  const ids = series.map(({ providerId }) => providerId);
  return isSettlementRead({ series, span }) ? [...ids, SETTLEMENT] : ids;
}

/**
 * The newest row alone can't be compared: it is that of a day to come. A request for the FIX alone, made when one for all
 * failed, depends on no other series.
 */
function isSettlementRead({ series, span }: Want): boolean {
  return span !== "newest" && series.length > 1 && series.some(({ isPrintedInDof }) => isPrintedInDof);
}

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
    const rows = isTwice ? "twice in the response" : rowsOf(entry, providerId, boundsOf(want, nowMs));
    if (typeof rows === "string") collector.refuse(providerId, rows);
    else for (const [date, value] of rows) collector.add(providerId, date, value);
  }
  const own = collector.parsed("asked", { isList: false });
  return isSettlementRead(want) ? { ...own, settlement: settlementIn(byId.get(SETTLEMENT), want, nowMs) } : own;
}

/** The settlement rates of a response, or why it has none. */
function settlementIn(entries: readonly unknown[] = [], want: Want, nowMs: number): SettlementRates {
  const [entry, ...more] = entries;
  if (!isObject(entry) || more.length > 0) return "not once in the response";
  const { to, ...bounds } = boundsOf(want, nowMs);
  const rows = rowsOf(entry, SETTLEMENT, { ...bounds, to: addDays(to, SETTLEMENT_AHEAD_DAYS) });
  if (typeof rows === "string") return rows;
  const rates: (readonly [PlainDate, string])[] = [];
  for (const [date, value] of rows) {
    if (value === undefined) return `no rate on ${date}`;
    if (value !== ABSENT) rates.push([date, value]);
  }
  return rates;
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

/** Without a value if it is no text that holds a decimal. */
type Row = readonly [date: PlainDate, value: string | undefined];

/** The observations of one series, ascending, or what is wrong with it. */
function rowsOf({ titulo, datos }: Fields, id: string, { from, to, maxRows }: Bounds): readonly Row[] | string {
  if (!hasTitleOf(id, titulo)) return "another title";
  // A series with nothing in these dates comes without a list.
  if (datos === undefined || datos === null) return [];
  if (!Array.isArray(datos)) return "no list of observations";
  if (datos.length > maxRows) return "too many observations";
  const rows: Row[] = [];
  let before = "";
  for (const row of datos) {
    if (!isObject(row)) return "an observation that is no object";
    const date = typeof row.fecha === "string" ? fromDayFirst(row.fecha, "/") : undefined;
    if (date === undefined) return "a date that does not exist";
    if (date < from || date > to) return "a date outside the range";
    if (date <= before) return "dates out of order";
    before = date;
    const value = typeof row.dato === "string" ? withoutThousands(row.dato) : "";
    rows.push([date, value === ABSENT || isDecimal(value) ? value : undefined]);
  }
  return rows;
}

function hasTitleOf(id: string, title: unknown): boolean {
  if (typeof title !== "string" || title.length > 1_000) return false;
  const words = new Set(plain(title).split(/[^\p{L}\p{N}]+/u));
  return TITLE_WORDS[id]?.every((word) => words.has(word)) ?? false;
}
