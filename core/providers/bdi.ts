import { TARGET } from "../time/calendars.ts";
import { ROME } from "../time/zones.ts";
import { nothing, rangeOf, SeriesCollector } from "./collector.ts";
import { weekdaysOf } from "./dates-as-published.ts";
import { failed, failureOf, invalid } from "./failures.ts";
import { columnsOf, readTable } from "./format/csv.ts";
import type { Provider } from "./provider.ts";
import { seriesList } from "./series-list.ts";

const COLUMNS = ["ISO Code", "Rate", "Rate convention", "Reference date (CET)"] as const;
const CONVENTION = "Foreign currency amount for 1 Euro.";

/** Those that end in 2026 have been N.A. since that date, or longer. */
const SERIES = seriesList(
  `AED AFN@2004-04-01 ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN@2016-07-01..2026-02-06 BZD CAD CDF CHF CLP
   CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB FJD FKP GBP GEL GHS@2007-07-03 GIP GMD GNF GTQ GYD HKD HNL HTG HUF
   IDR ILS INR IQD IRR@..2026-02-06 ISK JMD JOD JPY KES KGS KHR KMF KPW@..2026-02-06 KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK
   MNT MOP MRU@2018-01-01 MUR MVR MWK MXN MYR MZN@2006-07-01 NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR
   RON@2005-07-01 RSD RUB@..2026-02-06 RWF SAR SBD SCR SDG@2007-01-10 SEK SGD SHP SLE@2022-07-01 SOS SRD@2004-01-01 SSP@2011-07-18
   STN@2018-01-01 SVC SYP SZL THB TJS TMT@2009-01-01 TND TOP TRY@2005-01-03 TTD TWD TZS UAH UGX USD UYU UZS
   VES@2018-08-20 VND VUV WST XAF XCD XCG@2025-03-31 XDR XOF XPF YER ZAR ZMW@2013-01-01 ZWG@2024-04-08`,
  { provider: "bdi", pivot: "EUR", direction: "pivot_base", since: "1999-01-04" },
);

/** Banca d'Italia's daily rates of some 150 currencies: foreign currency per euro. */
export const bdi: Provider = {
  id: "bdi",
  name: { en: "Banca d'Italia", es: "Banca d'Italia" },
  authority: "central_bank",
  country: "IT",
  rateType: "reference rate",
  attribution: { en: "Banca d'Italia, exchange rates portal", es: "Banca d'Italia, portal de tipos de cambio" },
  licence: {
    name: "Disclaimer of the exchange rates portal: indicative rates, no benchmark",
    url: "https://tassidicambio.bancaditalia.it/",
    redistribution: "unverified",
  },
  pivot: "EUR",
  url: "https://tassidicambio.bancaditalia.it/terzevalute-wf-web/rest/v1.0",
  // The minute of publication is not documented and the portal speaks of a lag: a day's delay is no fault.
  publication: { zone: ROME, calendar: TARGET, at: "17:00", graceMinutes: 180, dated: "same_day", toleranceDays: 1 },
  horizonDays: 0,
  firstDate: "1999-01-04",
  budget: { perDay: 200, perFiveMinutes: 20 },
  maxBodyBytes: 200_000,
  series: SERIES,

  requests(want, { nowMs }) {
    const days = weekdaysOf(rangeOf(bdi, want, nowMs));
    const wanted = want.span === "newest" ? days.slice(0, 2) : days;
    return wanted.map((date) => ({
      path: "/dailyRates",
      query: { referenceDate: date, currencyIsoCode: "EUR", lang: "en" },
      headers: { Accept: "text/csv" },
      encoding: "utf-8",
      want: { series: want.series, span: { from: date, to: date } },
    }));
  },

  parse(response, want, nowMs) {
    const failure = failureOf(response, nowMs);
    if (failure) return failure;
    const [header, ...rest] = response.body
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "" && !line.startsWith("#"));
    if (header === undefined) return failed({ kind: "transient", reason: "broken CSV" });
    if (rest.length === 0) return header.includes("ISO Code") ? nothing(want) : invalid("no table");
    const table = readTable(response.body);
    const columns = table && columnsOf(table, COLUMNS);
    if (table === undefined || columns === undefined) return invalid("columns are not as expected");
    const collector = new SeriesCollector(bdi, want, nowMs);
    for (const row of table.rows) {
      if (row.length !== table.columns.length) return invalid("a row with other columns than the header");
      // Currencies of several countries stand in several rows, which must agree.
      const code = row[columns["ISO Code"]] as string;
      if (row[columns["Rate convention"]] !== CONVENTION) collector.refuse(code, "another rate convention");
      else collector.add(code, row[columns["Reference date (CET)"]], row[columns.Rate]);
    }
    return collector.finish("rows");
  },
};
