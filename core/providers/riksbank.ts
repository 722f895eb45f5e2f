import { WEEKDAYS } from "../time/calendars.ts";
import { STOCKHOLM } from "../time/zones.ts";
import { nothing, rangeOf, SeriesCollector } from "./collector.ts";
import { piecesOf } from "./dates-as-published.ts";
import { failed, failureOf, invalid } from "./failures.ts";
import { isObject, parseExactJson, textOf } from "./format/json.ts";
import type { Provider } from "./provider.ts";
import { seriesList } from "./series-list.ts";

const MAX_DAYS_PER_REQUEST = 365;

const SERIES = seriesList(
  `AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF IDR ILS INR ISK JPY KRW MXN MYR NOK NZD PHP PLN RON@2005-07-01 SGD THB
   TRY@2005-01-03 USD ZAR`,
  { provider: "riksbank", pivot: "SEK", direction: "pivot_quote", since: "1999-01-04" },
).map((series) => ({ ...series, providerId: `SEK${series.base}PMI` }));

/** Sveriges Riksbank's middle rates: Swedish kronor per foreign unit. */
export const riksbank: Provider = {
  id: "riksbank",
  name: { en: "Sveriges Riksbank", es: "Banco de Suecia" },
  authority: "central_bank",
  country: "SE",
  rateType: "mid-rate",
  attribution: { en: "Sveriges Riksbank, SWEA", es: "Sveriges Riksbank, SWEA" },
  licence: {
    name: "Terms of the Riksbank's API for interest and exchange rates",
    url: "https://www.riksbank.se/en-gb/statistics/interest-rates-and-exchange-rates/retrieving-interest-rates-and-exchange-rates-via-api/",
    redistribution: "unverified",
  },
  pivot: "SEK",
  url: "https://api.riksbank.se/swea/v1",
  publication: {
    zone: STOCKHOLM,
    calendar: WEEKDAYS,
    at: "16:15",
    graceMinutes: 60,
    dated: "same_day",
    toleranceDays: 5,
  },
  horizonDays: 0,
  firstDate: "1999-01-04",
  // Without a key the API allows five requests a minute.
  budget: { perDay: 100, perFiveMinutes: 10 },
  maxBodyBytes: 4_000_000,
  series: SERIES,

  requests(want, { nowMs }) {
    return piecesOf(rangeOf(riksbank, want, nowMs), MAX_DAYS_PER_REQUEST).map((span) => ({
      path: `/Observations/ByGroup/130/${span.from}/${span.to}`,
      query: {},
      headers: { Accept: "application/json" },
      encoding: "utf-8",
      want: { series: want.series, span },
    }));
  },

  parse(response, want, nowMs) {
    // 204: no observation in these days.
    if (response.status === 204) return nothing(want);
    const failure = failureOf(response, nowMs);
    if (failure) return failure;
    const rows = parseExactJson(response.body);
    if (rows === undefined) return failed({ kind: "transient", reason: "broken JSON" });
    if (!Array.isArray(rows)) return invalid("no list of observations");
    const collector = new SeriesCollector(riksbank, want, nowMs);
    for (const row of rows) {
      if (!isObject(row)) return invalid("an observation that is no object");
      collector.add(textOf(row.seriesId) ?? "", textOf(row.date), textOf(row.value));
    }
    return collector.finish("asked", { isList: rows.length > 0 });
  },
};
