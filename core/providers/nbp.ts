import type { Series } from "../rates/series.ts";
import { WEEKDAYS } from "../time/calendars.ts";
import { earlier } from "../time/dates.ts";
import type { Publication } from "../time/publication.ts";
import { dateIn, WARSAW } from "../time/zones.ts";
import { nothing, rangeOf, SeriesCollector } from "./collector.ts";
import { piecesOf } from "./dates-as-published.ts";
import { failed, failureOf, invalid } from "./failures.ts";
import { isObject, parseExactJson, textOf } from "./format/json.ts";
import type { Provider, ProviderRequest } from "./provider.ts";
import { seriesList } from "./series-list.ts";

const MAX_DAYS_PER_REQUEST = 93;
/** The body of a 404 if there is no table in these days: "no data". */
const NO_TABLE = /brak danych/i;

const DAILY: Publication = {
  zone: WARSAW,
  calendar: WEEKDAYS,
  at: "12:15",
  graceMinutes: 60,
  dated: "same_day",
  toleranceDays: 5,
};
/** Wednesdays; a day earlier or later if that is a holiday. */
const WEEKLY: Publication = { ...DAILY, weekday: 3, toleranceDays: 8 };

const DEFAULTS = { provider: "nbp", pivot: "PLN", direction: "pivot_quote", since: "2002-01-02" } as const;

const TABLE_A = seriesList(
  `AUD BRL CAD CHF CLP CNY CZK DKK EUR GBP HKD HUF IDR ILS INR ISK JPY KRW MXN MYR NOK NZD PHP RON@2005-07-01 SEK SGD THB
   TRY@2005-01-03 UAH USD XDR ZAR`,
  DEFAULTS,
);
const TABLE_B = seriesList(
  `AED AFN@2002-10-07 ALL AMD AOA ARS AWG AZN@2006-01-01 BAM BBD BDT BHD BIF BND BOB BSD BWP BYN@2016-07-01 BZD CDF COP CRC
   CUP CVE DJF DOP DZD EGP ERN ETB FJD GEL GHS@2007-07-03 GIP GMD GNF GTQ GYD HNL HTG IQD IRR JMD JOD KES KGS KHR KMF KWD
   KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA@2005-01-01 MKD MMK MNT MOP MRU@2018-01-01 MUR MVR MWK MZN@2006-07-01 NAD NGN
   NIO NPR OMR PAB PEN PGK PKR PYG QAR RSD RUB RWF SAR SBD SCR SDG@2007-01-10 SLE@2022-07-01 SOS SRD@2004-01-01
   SSP@2011-07-18 STN@2018-01-01 SVC SYP SZL TJS TMT@2009-01-01 TND TOP TTD TWD TZS UGX UYU UZS VES@2018-08-20 VND VUV WST
   XAF XCD XCG@2025-03-31 XOF XPF YER ZMW@2013-01-01 ZWG@2024-04-08`,
  DEFAULTS,
  { publication: WEEKLY },
);

/** Narodowy Bank Polski's middle rates: złoty per foreign unit, table A each bank day, table B each week. */
export const nbp: Provider = {
  id: "nbp",
  name: { en: "National Bank of Poland", es: "Banco Nacional de Polonia" },
  authority: "central_bank",
  country: "PL",
  rateType: "average rate",
  attribution: { en: "Narodowy Bank Polski", es: "Narodowy Bank Polski" },
  licence: { name: "No terms known", url: "https://api.nbp.pl/en.html", redistribution: "unverified" },
  pivot: "PLN",
  url: "https://api.nbp.pl/api",
  publication: DAILY,
  horizonDays: 0,
  firstDate: "2002-01-02",
  budget: { perDay: 200, perFiveMinutes: 20 },
  maxBodyBytes: 4_000_000,
  series: [...TABLE_A, ...TABLE_B],

  requests(want, { nowMs }) {
    const weekly = want.series.filter(({ publication }) => publication !== undefined);
    const daily = want.series.filter(({ publication }) => publication === undefined);
    const { from, to } = rangeOf(nbp, want, nowMs);
    const pieces = piecesOf({ from, to: earlier(to, dateIn(WARSAW, nowMs)) }, MAX_DAYS_PER_REQUEST);
    return pieces.flatMap((span) => [...requestFor("A", daily, span), ...requestFor("B", weekly, span)]);
  },

  parse(response, want, nowMs) {
    if (response.status === 404 && NO_TABLE.test(response.body)) return nothing(want);
    const failure = failureOf(response, nowMs);
    if (failure) return failure;
    const tables = parseExactJson(response.body);
    if (tables === undefined) return failed({ kind: "transient", reason: "broken JSON" });
    if (!Array.isArray(tables) || tables.length === 0) return invalid("no list of tables");
    const letter = isWeekly(want.series) ? "B" : "A";
    const collector = new SeriesCollector(nbp, want, nowMs);
    for (const table of tables) {
      if (!isObject(table) || table.table !== letter || !Array.isArray(table.rates)) return invalid("another table");
      const date = textOf(table.effectiveDate);
      for (const rate of table.rates) {
        if (!isObject(rate)) return invalid("a rate that is no object");
        collector.add(textOf(rate.code) ?? "", date, textOf(rate.mid));
      }
    }
    return collector.finish("asked");
  },
};

function isWeekly(series: readonly Series[]): boolean {
  return series.every(({ publication }) => publication === WEEKLY);
}

function requestFor(table: "A" | "B", series: Series[], span: { from: string; to: string }): ProviderRequest[] {
  if (series.length === 0) return [];
  return [
    {
      path: `/exchangerates/tables/${table}/${span.from}/${span.to}/`,
      query: { format: "json" },
      headers: { Accept: "application/json" },
      encoding: "utf-8",
      want: { series, span },
    },
  ];
}
