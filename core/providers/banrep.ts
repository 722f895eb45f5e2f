import { WEEKDAYS } from "../time/calendars.ts";
import { BOGOTA } from "../time/zones.ts";
import { rangeOf, SeriesCollector } from "./collector.ts";
import { fromDateTime } from "./dates-as-published.ts";
import { failed, failureOf, invalid } from "./failures.ts";
import { isObject, parseExactJson, textOf } from "./format/json.ts";
import type { Provider } from "./provider.ts";
import { seriesList } from "./series-list.ts";

const NOTE = "In force from its date until the next one, weekends and holidays included.";

/** Colombia's TRM: pesos per US dollar, certified on one day and in force from the next. */
export const banrep: Provider = {
  id: "banrep",
  name: { en: "Bank of the Republic (Colombia)", es: "Banco de la República (Colombia)" },
  authority: "central_bank",
  country: "CO",
  rateType: "TRM",
  attribution: {
    en: "TRM, Superintendencia Financiera and Banco de la República (Colombia), datos.gov.co",
    es: "TRM, Superintendencia Financiera y Banco de la República (Colombia), datos.gov.co",
  },
  licence: {
    name: "Colombian open data",
    url: "https://www.datos.gov.co/d/32sa-8pi3",
    redistribution: "yes",
  },
  pivot: "COP",
  url: "https://www.datos.gov.co/resource",
  publication: { zone: BOGOTA, calendar: WEEKDAYS, at: "18:05", graceMinutes: 60, dated: "next_day", toleranceDays: 5 },
  horizonDays: 5,
  hasWeekendDates: true,
  firstDate: "2000-01-01",
  budget: { perDay: 200, perFiveMinutes: 20 },
  maxBodyBytes: 4_000_000,
  series: seriesList(
    "USD",
    { provider: "banrep", pivot: "COP", direction: "pivot_quote", since: "2000-01-01" },
    { note: NOTE },
  ),

  requests(want, { nowMs }) {
    const { from, to } = rangeOf(banrep, want, nowMs);
    return [
      {
        path: "/32sa-8pi3.json",
        query: {
          $where: `vigenciadesde between '${from}T00:00:00.000' and '${to}T00:00:00.000'`,
          $order: "vigenciadesde ASC",
          $limit: "50000",
        },
        headers: { Accept: "application/json" },
        encoding: "utf-8",
        want,
      },
    ];
  },

  parse(response, want, nowMs) {
    const failure = failureOf(response, nowMs);
    if (failure) return failure;
    const rows = parseExactJson(response.body);
    if (rows === undefined) return failed({ kind: "transient", reason: "broken JSON" });
    if (!Array.isArray(rows)) return invalid("no list of rates");
    const collector = new SeriesCollector(banrep, want, nowMs);
    for (const row of rows) {
      if (!isObject(row)) return invalid("a rate that is no object");
      const [from, to] = [fromDateTime(textOf(row.vigenciadesde)), fromDateTime(textOf(row.vigenciahasta))];
      if (row.unidad !== "COP") collector.refuse("USD", "not in pesos");
      else if (from !== undefined && (to === undefined || to < from)) collector.refuse("USD", "ends before it begins");
      // One observation a rate: a value carried over a weekend is one publication.
      else collector.add("USD", from, textOf(row.valor));
    }
    return collector.finish("asked", { isList: false });
  },
};
