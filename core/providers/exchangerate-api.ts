import type { Series } from "../rates/series.ts";
import { WEEKDAYS } from "../time/calendars.ts";
import { DAY_MS } from "../time/dates.ts";
import { UTC } from "../time/zones.ts";
import { failed, failureOf, invalid } from "./failures.ts";
import { type Fields, isObject, parseExactJson } from "./format/json.ts";
import { ratePerUnit } from "./format/values.ts";
import type { Moment, ParseResult, Provider, ProviderError, SeriesData, SeriesFault } from "./provider.ts";
import { seriesList } from "./series-list.ts";

/** Their clock and ours may differ by so much. */
const MAX_AHEAD_MS = 5 * 60_000;
/** A later next update than this is a fault of theirs. */
const MAX_WAIT_MS = 2 * DAY_MS;
const BLOCKED_MS = 20 * 60_000;

const SERIES: readonly Series[] = seriesList(
  `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP
   CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP FOK GBP GEL GGP GHS GIP GMD GNF GTQ GYD HKD HNL HRK
   HTG HUF IDR ILS IMP INR IQD IRR ISK JEP JMD JOD JPY KES KGS KHR KID KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
   MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB
   RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TVD TWD TZS UAH UGX UYU UZS
   VES VND VUV WST XAF XCD XCG XDR XOF XPF YER ZAR ZMW ZWG ZWL`,
  { provider: "exchangerate-api", pivot: "USD", direction: "pivot_base", since: "2021-01-01" },
);

/** What each of their error types means for us; others are faults of theirs. */
const ERRORS: Readonly<Record<string, (nowMs: number) => ProviderError>> = {
  "invalid-key": () => ({ kind: "unauthorized", reason: "invalid-key" }),
  "inactive-account": () => ({ kind: "unauthorized", reason: "inactive-account" }),
  "plan-upgrade-required": () => ({ kind: "unauthorized", reason: "plan-upgrade-required" }),
  "quota-reached": (nowMs) => ({ kind: "rate_limited", resetMs: nowMs + DAY_MS }),
  "unsupported-code": () => ({ kind: "bad_request", reason: "unsupported-code" }),
  "malformed-request": () => ({ kind: "bad_request", reason: "malformed-request" }),
  "no-data-available": () => ({ kind: "transient", reason: "no-data-available" }),
};

/** exchangerate-api.com, open or keyed: foreign currency per US dollar. Its terms forbid redistribution. */
export const exchangeRateApi: Provider = {
  id: "exchangerate-api",
  name: { en: "ExchangeRate-API", es: "ExchangeRate-API" },
  authority: "aggregator",
  attribution: {
    en: "Rates by ExchangeRate-API, https://www.exchangerate-api.com",
    es: "Tipos de cambio de ExchangeRate-API, https://www.exchangerate-api.com",
  },
  licence: {
    name: "ExchangeRate-API terms: no redistribution",
    url: "https://www.exchangerate-api.com/terms",
    redistribution: "no",
  },
  pivot: "USD",
  url: "https://open.er-api.com/v6",
  publication: { zone: UTC, calendar: WEEKDAYS, at: "00:35", graceMinutes: 60, dated: "same_day", toleranceDays: 3 },
  // Open access changes once a day; a plan or a simulator may be asked more often.
  everySeconds: 86_400,
  tracked: ["EUR", "JPY", "GBP", "CHF", "CAD", "AUD", "CNY", "MXN"],
  horizonDays: 0,
  hasWeekendDates: true,
  firstDate: "2021-01-01",
  // A poll each half minute, and some that are repeated.
  budget: { perDay: 3_500, perFiveMinutes: 20 },
  maxBodyBytes: 100_000,
  isPrivate: true,
  secret: {
    name: "EXCHANGERATE_API_KEY",
    isRequired: false,
    url: "https://v6.exchangerate-api.com/v6",
    place: (secret) => ({ headers: { Authorization: `Bearer ${secret}` } }),
  },
  series: SERIES,

  /** It has no history that every plan can read: only the newest values are requested. */
  requests(want) {
    if (want.span !== "newest") return [];
    return [{ path: "/latest/USD", query: {}, headers: { Accept: "application/json" }, encoding: "utf-8", want }];
  },

  parse(response, want, nowMs) {
    if (response.status === 429 && response.headers.get("Retry-After") === null) {
      return failed({ kind: "rate_limited", resetMs: nowMs + BLOCKED_MS });
    }
    const body = parseExactJson(response.body);
    // Errors come with several statuses, 200 among them: the result in the body counts.
    if (isObject(body) && body.result === "error") return refusal(body, nowMs);
    const failure = failureOf(response, nowMs);
    if (failure) return failure;
    if (body === undefined) return failed({ kind: "transient", reason: "broken JSON" });
    if (!isObject(body)) return invalid("no object");
    return readRates(body, want.series, nowMs);
  },
};

function refusal(body: Fields, nowMs: number): ParseResult {
  const type = String(body["error-type"]);
  const known = Object.hasOwn(ERRORS, type) ? ERRORS[type] : undefined;
  return known ? failed(known(nowMs)) : invalid(`error-type ${type.slice(0, 60)}`);
}

/** The rates of one moment: `base_code` and `time_last_update_unix`, or in the old form `base` and `time_last_updated`. */
function readRates(body: Fields, series: readonly Series[], nowMs: number): ParseResult {
  const rates = body.rates ?? body.conversion_rates;
  if (!isObject(rates)) return invalid("no rates");
  if ((body.base_code ?? body.base) !== "USD" || !isOne(rates.USD)) return invalid("another base than the dollar");
  const updatedMs = msOf(body.time_last_update_unix ?? body.time_last_updated);
  if (updatedMs === undefined || updatedMs > nowMs + MAX_AHEAD_MS) return invalid("no time of update, or one to come");
  const moment: Moment = `${new Date(updatedMs).toISOString().slice(0, 19)}Z`;

  const data: SeriesData[] = [];
  const faults: SeriesFault[] = [];
  for (const { id, quote } of series) {
    const text = Object.hasOwn(rates, quote) ? rates[quote] : undefined;
    const value = typeof text === "string" ? ratePerUnit(text, 1) : undefined;
    if (value !== undefined) data.push({ series: id, observations: [[moment, value]], complete: null });
    else if (text === undefined) faults.push({ series: id, kind: "missing", reason: "not in the response" });
    else faults.push({ series: id, kind: "invalid", reason: `no rate at ${moment}` });
  }
  if (data.length === 0) return failed({ kind: "series_missing", series: series.map(({ id }) => id) });

  const nextMs = msOf(body.time_next_update_unix);
  const endMs = msOf(body.time_eol_unix);
  return {
    ok: true,
    series: data,
    faults,
    ...(nextMs !== undefined && nextMs > nowMs && nextMs < nowMs + MAX_WAIT_MS && { nextUpdateMs: nextMs }),
    ...(endMs !== undefined && endMs > 0 && { notice: `the endpoint ends at ${new Date(endMs).toISOString()}` }),
  };
}

function isOne(value: unknown): boolean {
  return typeof value === "string" && /^1(\.0+)?$/.test(value);
}

function msOf(seconds: unknown): number | undefined {
  return typeof seconds === "string" && /^\d{1,11}$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}
