import type { Series } from "../rates/series.ts";
import { WEEKDAYS } from "../time/calendars.ts";
import { SAO_PAULO } from "../time/zones.ts";
import { rangeOf, SeriesCollector } from "./collector.ts";
import { fromDateTime, partsOf } from "./dates-as-published.ts";
import { failed, failureOf, invalid } from "./failures.ts";
import { isObject, parseExactJson, textOf } from "./format/json.ts";
import type { Provider } from "./provider.ts";
import { seriesList } from "./series-list.ts";

const SIDES = ["sell", "buy"] as const;
const FIELDS = { sell: "cotacaoVenda", buy: "cotacaoCompra" } as const;

/** Two series a currency: PTAX is what dealers buy and sell at, and a middle of the two is published by nobody. */
const SERIES = seriesList("USD EUR GBP JPY CHF CAD AUD SEK NOK DKK", {
  provider: "bcb",
  pivot: "BRL",
  direction: "pivot_quote",
  since: "2000-01-03",
}).flatMap((series) =>
  SIDES.map((side) => ({ ...series, id: `${series.id}.${side}`, providerId: `${series.providerId}.${side}`, side })),
);

/** Banco Central do Brasil's PTAX, closing bulletin: reais per foreign unit. */
export const bcb: Provider = {
  id: "bcb",
  name: { en: "Central Bank of Brazil", es: "Banco Central de Brasil" },
  authority: "central_bank",
  country: "BR",
  rateType: "PTAX",
  attribution: { en: "Banco Central do Brasil, PTAX", es: "Banco Central do Brasil, PTAX" },
  licence: {
    name: "Open Database License (ODbL)",
    url: "https://opendata.bcb.gov.br/dataset/taxas-de-cambio-todos-os-boletins-diarios",
    redistribution: "yes",
  },
  pivot: "BRL",
  url: "https://olinda.bcb.gov.br/olinda/servico/PTAX/versao/v1/odata",
  publication: {
    zone: SAO_PAULO,
    calendar: WEEKDAYS,
    at: "13:10",
    graceMinutes: 60,
    dated: "same_day",
    toleranceDays: 5,
  },
  horizonDays: 0,
  firstDate: "2000-01-03",
  budget: { perDay: 200, perFiveMinutes: 30 },
  maxBodyBytes: 8_000_000,
  series: SERIES,

  requests(want, { nowMs }) {
    const { from, to } = rangeOf(bcb, want, nowMs);
    const byCode = Map.groupBy(want.series, ({ base }) => base);
    return Array.from(byCode, ([code, series]) => ({
      path: "/CotacaoMoedaPeriodo(moeda=@moeda,dataInicial=@dataInicial,dataFinalCotacao=@dataFinalCotacao)",
      query: {
        "@moeda": `'${code}'`,
        "@dataInicial": `'${monthFirst(from)}'`,
        "@dataFinalCotacao": `'${monthFirst(to)}'`,
        $filter: "tipoBoletim eq 'Fechamento'",
        $format: "json",
      },
      headers: { Accept: "application/json" },
      encoding: "utf-8" as const,
      want: { series, span: want.span },
    }));
  },

  /** A response does not name its currency: `want` must be that of its request. */
  parse(response, want, nowMs) {
    const failure = failureOf(response, nowMs);
    if (failure) return failure;
    const body = parseExactJson(response.body);
    if (body === undefined) return failed({ kind: "transient", reason: "broken JSON" });
    if (!isObject(body) || !Array.isArray(body.value)) return invalid("no list of bulletins");
    if (codesOf(want.series).size > 1) return invalid("currencies of several responses");
    const collector = new SeriesCollector(bcb, want, nowMs);
    for (const row of body.value) {
      if (!isObject(row)) return invalid("a bulletin that is no object");
      if (row.tipoBoletim !== "Fechamento") continue;
      for (const { providerId, side = "sell" } of want.series)
        collector.add(providerId, fromDateTime(textOf(row.dataHoraCotacao)), textOf(row[FIELDS[side]]));
    }
    return collector.finish("asked", { isList: false });
  },
};

function codesOf(series: readonly Series[]): Set<string> {
  return new Set(series.map(({ base }) => base));
}

/** 2026-03-02 → "03-02-2026" */
function monthFirst(date: string): string {
  const [year, month, day] = partsOf(date);
  return `${month}-${day}-${year}`;
}
