import { WEEKDAYS } from "../time/calendars.ts";
import { BUENOS_AIRES } from "../time/zones.ts";
import { nothing, rangeOf, SeriesCollector } from "./collector.ts";
import { weekdaysOf } from "./dates-as-published.ts";
import { failed, failureOf, invalid } from "./failures.ts";
import { isObject, parseExactJson, textOf } from "./format/json.ts";
import type { Provider } from "./provider.ts";
import { seriesList } from "./series-list.ts";

const DEFAULTS = { provider: "bcra", pivot: "ARS", direction: "pivot_quote", since: "2000-01-03" } as const;

/** VEB is left out: BCRA has quoted three bolívares, a million to one, under that code. */
const SERIES = [
  ...seriesList(
    `AUD AWG BOB BRL CAD CHF CLP CNH@2015-01-02 CNY COP CZK DKK EUR GBP HKD ILS INR JPY NIO NOK NZD PEN PYG RSD RUB SEK SGD
     TRY@2005-01-03 USD UYU VND*1000 XDR ZAR`,
    DEFAULTS,
  ),
  ...seriesList("MXN", DEFAULTS, { providerId: "MXP" }),
];

/** Banco Central de la República Argentina: pesos per foreign unit. */
export const bcra: Provider = {
  id: "bcra",
  name: { en: "Central Bank of Argentina", es: "Banco Central de la República Argentina" },
  authority: "central_bank",
  country: "AR",
  rateType: "reference rate",
  attribution: { en: "Banco Central de la República Argentina", es: "Banco Central de la República Argentina" },
  licence: {
    name: "Terms of the exchange statistics API",
    url: "https://www.bcra.gob.ar/BCRAyVos/catalogo-de-APIs-banco-central.asp",
    redistribution: "unverified",
  },
  pivot: "ARS",
  url: "https://api.bcra.gob.ar/estadisticascambiarias/v1.0",
  publication: {
    zone: BUENOS_AIRES,
    calendar: WEEKDAYS,
    at: "15:00",
    graceMinutes: 180,
    dated: "same_day",
    toleranceDays: 6,
  },
  horizonDays: 0,
  firstDate: "2000-01-03",
  budget: { perDay: 200, perFiveMinutes: 20 },
  maxBodyBytes: 200_000,
  series: SERIES,

  requests(want, { nowMs }) {
    const days = weekdaysOf(rangeOf(bcra, want, nowMs));
    const wanted = want.span === "newest" ? days.slice(0, 2) : days;
    return wanted.map((date) => ({
      path: "/Cotizaciones",
      query: { fecha: date },
      headers: { Accept: "application/json" },
      encoding: "utf-8",
      want: { series: want.series, span: { from: date, to: date } },
    }));
  },

  parse(response, want, nowMs) {
    const failure = failureOf(response, nowMs);
    if (failure) return failure;
    const body = parseExactJson(response.body);
    if (body === undefined) return failed({ kind: "transient", reason: "broken JSON" });
    const results = isObject(body) ? body.results : undefined;
    if (!isObject(results) || !Array.isArray(results.detalle)) return invalid("no list of quotations");
    if (results.detalle.length === 0) return nothing(want);
    const collector = new SeriesCollector(bcra, want, nowMs);
    for (const row of results.detalle) {
      if (!isObject(row)) return invalid("a quotation that is no object");
      const value = textOf(row.tipoCotizacion);
      // Metals and references that are not quoted stand at zero.
      const text = value !== undefined && /^0(\.0+)?$/.test(value) ? "" : value;
      collector.add(textOf(row.codigoMoneda) ?? "", textOf(results.fecha), text, unitOf(textOf(row.descripcion)));
    }
    return collector.finish("rows");
  },
};

/** "DONG VIETNAM (C/1.000 UNIDADES)" is quoted per 1,000. */
function unitOf(description = ""): number {
  const [, digits] = /\bC\/\s*([\d.]+)/i.exec(description) ?? [];
  return digits === undefined ? 1 : Number(digits.replaceAll(".", ""));
}
