import { WEEKDAYS } from "../time/calendars.ts";
import { TORONTO } from "../time/zones.ts";
import { rangeOf, SeriesCollector } from "./collector.ts";
import { failed, failureOf, invalid } from "./failures.ts";
import { isObject, parseExactJson, textOf } from "./format/json.ts";
import type { Provider } from "./provider.ts";
import { seriesList } from "./series-list.ts";

const SERIES = seriesList(
  "AUD BRL CNY EUR HKD INR IDR JPY MXN NZD NOK PEN RUB SAR SGD ZAR KRW SEK CHF TWD TRY GBP USD",
  { provider: "boc", pivot: "CAD", direction: "pivot_quote", since: "2017-01-03" },
);

/** The Bank of Canada's daily average rates: Canadian dollars per foreign unit. */
export const boc: Provider = {
  id: "boc",
  name: { en: "Bank of Canada", es: "Banco de Canadá" },
  authority: "central_bank",
  country: "CA",
  rateType: "indicative rate",
  attribution: { en: "Bank of Canada, daily exchange rates", es: "Banco de Canadá, tipos de cambio diarios" },
  licence: {
    name: "Bank of Canada terms of use",
    url: "https://www.bankofcanada.ca/terms/",
    redistribution: "unverified",
  },
  pivot: "CAD",
  url: "https://www.bankofcanada.ca/valet",
  publication: {
    zone: TORONTO,
    calendar: WEEKDAYS,
    at: "16:30",
    graceMinutes: 60,
    dated: "same_day",
    toleranceDays: 5,
  },
  horizonDays: 0,
  firstDate: "2017-01-03",
  budget: { perDay: 200, perFiveMinutes: 20 },
  maxBodyBytes: 8_000_000,
  series: SERIES,

  requests(want, { nowMs }) {
    const { from, to } = rangeOf(boc, want, nowMs);
    return [
      {
        path: "/observations/group/FX_RATES_DAILY/json",
        query: { start_date: from, end_date: to },
        headers: { Accept: "application/json" },
        encoding: "utf-8",
        want,
      },
    ];
  },

  parse(response, want, nowMs) {
    const failure = failureOf(response, nowMs);
    if (failure) return failure;
    const body = parseExactJson(response.body);
    if (body === undefined) return failed({ kind: "transient", reason: "broken JSON" });
    if (!isObject(body) || !Array.isArray(body.observations) || !isObject(body.seriesDetail)) {
      return invalid("no list of observations");
    }
    const collector = new SeriesCollector(boc, want, nowMs);
    for (const row of body.observations) {
      if (!isObject(row)) return invalid("an observation that is no object");
      for (const { providerId } of want.series) {
        const cell = row[idOf(providerId)];
        // A currency without a rate on a day has no cell, or an empty one.
        if (!isObject(cell)) continue;
        const detail = body.seriesDetail[idOf(providerId)];
        if (!isObject(detail) || detail.label !== `${providerId}/CAD`) collector.refuse(providerId, "another pair");
        else collector.add(providerId, textOf(row.d), textOf(cell.v) ?? "");
      }
    }
    return collector.finish("asked", { isList: body.observations.length > 0 });
  },
};

function idOf(code: string): string {
  return `FX${code}CAD`;
}
