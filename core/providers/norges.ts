import { WEEKDAYS } from "../time/calendars.ts";
import { OSLO } from "../time/zones.ts";
import { nothing, rangeOf, SeriesCollector } from "./collector.ts";
import { failed, failureOf, invalid } from "./failures.ts";
import { columnsOf, endsWithLine, readTable } from "./format/csv.ts";
import type { Provider } from "./provider.ts";
import { seriesList } from "./series-list.ts";

const COLUMNS = [
  "FREQ",
  "BASE_CUR",
  "QUOTE_CUR",
  "TENOR",
  "DECIMALS",
  "UNIT_MULT",
  "TIME_PERIOD",
  "OBS_VALUE",
] as const;

/** The body of a 404 if there is no observation in these days, and also if the key matches no series. */
const NO_OBSERVATION = /no data for data query/i;

const SERIES = seriesList(
  `AUD BDT*100 BRL BYN@2016-07-01 CAD CHF*100 CNY*100 CZK*100 DKK*100 EUR GBP HKD HUF*100 IDR*100 ILS INR*100 ISK*100
   JPY*100 KRW*100 MMK*100 MXN*100 MYR NZD PHP*100 PKR*100 PLN RON*100@2005-07-01 SEK*100 SGD THB*100 TRY*100@2005-01-03
   TWD*100 USD VND*100 XDR ZAR`,
  { provider: "norges", pivot: "NOK", direction: "pivot_quote", since: "1999-01-04" },
);

/** Norges Bank: Norwegian kroner per foreign unit, many of them published per 100. */
export const norges: Provider = {
  id: "norges",
  name: { en: "Norges Bank", es: "Banco de Noruega" },
  authority: "central_bank",
  country: "NO",
  rateType: "reference rate",
  attribution: { en: "Norges Bank, exchange rates", es: "Norges Bank, tipos de cambio" },
  licence: {
    name: "Norges Bank's terms for open data",
    url: "https://www.norges-bank.no/en/topics/Statistics/open-data/",
    redistribution: "unverified",
  },
  pivot: "NOK",
  url: "https://data.norges-bank.no/api/data",
  publication: { zone: OSLO, calendar: WEEKDAYS, at: "16:00", graceMinutes: 90, dated: "same_day", toleranceDays: 5 },
  horizonDays: 0,
  firstDate: "1999-01-04",
  budget: { perDay: 100, perFiveMinutes: 10 },
  maxBodyBytes: 30_000_000,
  series: SERIES,

  requests(want, { nowMs }) {
    const { from, to } = rangeOf(norges, want, nowMs);
    return [
      {
        path: "/EXR/B..NOK.SP",
        query: { format: "csvdata", startPeriod: from, endPeriod: to, locale: "en" },
        headers: { Accept: "text/csv" },
        encoding: "utf-8",
        want,
      },
    ];
  },

  parse(response, want, nowMs) {
    const isPeriod = typeof want.span === "object";
    if (response.status === 404 && isPeriod && NO_OBSERVATION.test(response.body)) return nothing(want);
    const failure = failureOf(response, nowMs);
    if (failure) return failure;
    const table = readTable(response.body);
    if (table === undefined || !endsWithLine(response.body)) return failed({ kind: "transient", reason: "broken CSV" });
    const columns = columnsOf(table, COLUMNS);
    if (columns === undefined) return invalid("columns are not as expected");
    const collector = new SeriesCollector(norges, want, nowMs);
    for (const row of table.rows) {
      if (row.length !== table.columns.length) return invalid("a row with other columns than the header");
      const cell = (name: (typeof COLUMNS)[number]) => row[columns[name]] as string;
      const code = cell("BASE_CUR");
      const value = cell("OBS_VALUE");
      const isDaily = cell("FREQ") === "B" && cell("QUOTE_CUR") === "NOK" && cell("TENOR") === "SP";
      if (!isDaily) collector.refuse(code, "another kind of rate");
      else if (decimalsOf(value) > Number(cell("DECIMALS"))) collector.refuse(code, "more decimals than declared");
      else collector.add(code, cell("TIME_PERIOD"), value, 10 ** Number(cell("UNIT_MULT")));
    }
    return collector.finish("rows");
  },
};

/** Zeros at the end are stripped, so there may be fewer than declared. */
function decimalsOf(value: string): number {
  return value.split(".")[1]?.length ?? 0;
}
