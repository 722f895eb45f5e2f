import { TARGET } from "../time/calendars.ts";
import { addDays, isPlainDate } from "../time/dates.ts";
import type { Publication } from "../time/publication.ts";
import { BERLIN, dateIn } from "../time/zones.ts";
import { rangeOf, SeriesCollector } from "./collector.ts";
import { fromDayInWords } from "./dates-as-published.ts";
import { failed, failureOf, invalid } from "./failures.ts";
import { readTable } from "./format/csv.ts";
import { elementsOf, isDocumentOf } from "./format/xml.ts";
import type { ParseResult, Provider, ProviderRequest } from "./provider.ts";
import { seriesList } from "./series-list.ts";

const PUBLICATION: Publication = {
  zone: BERLIN,
  calendar: TARGET,
  at: "16:00",
  graceMinutes: 60,
  dated: "same_day",
  toleranceDays: 0,
};

/** eurofxref-hist-90d.xml holds 90 calendar days. */
const RECENT_FILE_DAYS = 85;

/** Guards above the common one are the largest true moves of 1999 to 2023, rounded up. */
const SERIES = seriesList(
  `USD JPY CZK DKK GBP HUF PLN RON@2005-07-01 SEK CHF~0.17 ISK!2009-2017 NOK TRY@2005-01-03~0.35 AUD
   BRL@2008-01-02~0.13 CAD CNY@2005-04-01 HKD IDR@2005-04-01 ILS@2011-01-03 INR@2009-01-02 KRW MXN@2008-01-02~0.12
   MYR@2005-04-01 NZD PHP@2005-04-01 SGD THB@2005-04-01 ZAR
   BGN@2000-07-19..2025-12-31 CYP@..2007-12-31 EEK@..2010-12-31 HRK@2005-04-01..2022-12-30 LTL@..2014-12-31
   LVL@..2013-12-31 MTL@..2007-12-31 ROL@..2005-06-30~0.12 RUB@2005-04-01..2022-03-01~0.25 SIT@..2006-12-29
   SKK@..2008-12-31 TRL@..2004-12-31~0.55`,
  { provider: "ecb", pivot: "EUR", direction: "pivot_base", since: "1999-01-04" },
);

/** The European Central Bank's euro reference rates: foreign currency per euro. */
export const ecb: Provider = {
  id: "ecb",
  name: { en: "European Central Bank", es: "Banco Central Europeo" },
  authority: "central_bank",
  country: "EU",
  rateType: "reference rate",
  attribution: {
    en: "European Central Bank, euro foreign exchange reference rates",
    es: "Banco Central Europeo, tipos de cambio de referencia del euro",
  },
  licence: {
    name: "ESCB policy: free reuse if the source is named and the data are not modified",
    url: "https://www.ecb.europa.eu/services/disclaimer/html/index.en.html",
    redistribution: "yes",
  },
  pivot: "EUR",
  url: "https://www.ecb.europa.eu/stats/eurofxref",
  publication: PUBLICATION,
  horizonDays: 0,
  hasDistinctSeries: true,
  firstDate: "1999-01-04",
  budget: { perDay: 200, perFiveMinutes: 20 },
  maxBodyBytes: 8_000_000,
  series: SERIES,

  requests(want, { nowMs }) {
    const { from } = rangeOf(ecb, want, nowMs);
    const request = { query: {}, headers: {}, want } as const;
    if (want.span === "newest") return [{ ...request, path: "/eurofxref-daily.xml", encoding: "utf-8" }];
    const isRecent = from >= addDays(dateIn(BERLIN, nowMs), -RECENT_FILE_DAYS);
    const file: Pick<ProviderRequest, "path" | "encoding"> = isRecent
      ? { path: "/eurofxref-hist-90d.xml", encoding: "utf-8" }
      : { path: "/eurofxref-hist.zip", encoding: "zip" };
    return [{ ...request, ...file }];
  },

  parse(response, want, nowMs) {
    const failure = failureOf(response, nowMs);
    if (failure) return failure;
    const collector = new SeriesCollector(ecb, want, nowMs);
    return response.body.startsWith("<") ? readXml(response.body, collector) : readCsv(response.body, collector);
  },
};

/** <Cube time='2024-02-27'> holds <Cube currency='USD' rate='1.0856'/> and ends before the next day's begins. */
function readXml(body: string, collector: SeriesCollector): ParseResult {
  if (!isDocumentOf(body, "gesmes:Envelope")) return failed({ kind: "transient", reason: "broken XML" });
  let days = 0;
  for (const day of body.split("</Cube>")) {
    const cubes = Array.from(elementsOf(day), ({ attributes }) => attributes);
    const rates = cubes.filter(({ currency }) => currency !== undefined);
    const [date, ...others] = cubes.flatMap(({ time = [] }) => time);
    if (others.length > 0 || (date === undefined && rates.length > 0))
      return invalid("rates without a date of their own");
    for (const { currency, rate } of rates) collector.add(currency as string, date, rate);
    days += rates.length > 0 ? 1 : 0;
  }
  return days === 0 ? invalid("no rates") : collector.finish("rows");
}

/** Columns are currencies, rows are dates: the history newest first, or one day with its date in words. */
function readCsv(body: string, collector: SeriesCollector): ParseResult {
  const table = readTable(body);
  if (table === undefined) return failed({ kind: "transient", reason: "broken CSV" });
  const [first, ...codes] = table.columns;
  if (first !== "Date" || new Set(codes).size !== codes.length) return invalid("columns are not as expected");
  for (const row of table.rows) {
    if (row.length !== table.columns.length) return invalid("a row with other columns than the header");
    const text = row[0] as string;
    const date = isPlainDate(text) ? text : fromDayInWords(text);
    if (date === undefined) return invalid("a date that does not exist");
    codes.forEach((code, index) => void collector.add(code, date, row[index + 1]));
  }
  return collector.finish("rows");
}
