import { bcb } from "#core/providers/bcb.ts";
import type { Series } from "#core/rates/series.ts";
import type { PlainDate } from "#core/time/dates.ts";
import type { Edition } from "./edition.ts";
import { json, rangeOf, type SimulatedProvider } from "./simulated-provider.ts";
import { priceOn } from "./world.ts";

const SPREAD = 0.0002;
const CONTEXT = "https://was-p.bcnet.bcb.gov.br/olinda/servico/PTAX/versao/v1/odata$metadata#_CotacaoMoedaPeriodo";
/** During the day there are more; the last is the PTAX. */
const BULLETINS = [
  ["Abertura", "10:0"],
  ["Intermediário", "12:0"],
  ["Fechamento", "13:0"],
] as const;

/** BCB's PTAX: buy and sell, numbers bare with five decimals, dates in the query month first. */
export const simulatedBcb: SimulatedProvider = {
  provider: bcb,
  decimals: () => 5,
  formatFaults: [],
  price: ({ base, quote, side }, date) => priceOn(base, quote, date) * (side === "sell" ? 1 + SPREAD : 1 - SPREAD),

  respond({ path, query }, edition) {
    if (!path.startsWith("/CotacaoMoedaPeriodo(")) return undefined;
    const code = query.get("@moeda")?.replaceAll("'", "");
    const range = rangeOf(yearFirst(query.get("@dataInicial")), yearFirst(query.get("@dataFinalCotacao")));
    const series = bcb.series.filter(({ base }) => base === code);
    if (range === undefined) return { ...json(`{"codigo":400,"mensagem":"Requisição inválida"}`), status: 400 };
    const isClosing = query.get("$filter") === "tipoBoletim eq 'Fechamento'";
    const bulletins = isClosing ? BULLETINS.slice(-1) : BULLETINS;
    const rows = edition
      .moments(range, series[0])
      .flatMap((date) => bulletins.flatMap(([kind, time]) => rowOf(edition, series, date, kind, time)));
    return json(`{"@odata.context":"${CONTEXT}","value":[${rows.join(",")}]}`);
  },
};

function rowOf(edition: Edition, series: readonly Series[], date: PlainDate, kind: string, time: string): string[] {
  const texts = edition.cells(date, series, "padded").map(({ text }) => text);
  const [sell, buy] = texts;
  if (sell === undefined || buy === undefined) return [];
  const minute = 3 + ((Date.parse(date) / 86_400_000) % 6);
  return [
    `{"paridadeCompra":1.00000,"paridadeVenda":1.00000,"cotacaoCompra":${buy},"cotacaoVenda":${sell},"dataHoraCotacao":"${edition.printed(date)} ${time}${minute}:26.433","tipoBoletim":"${kind}"}`,
  ];
}

/** "'03-02-2026'" → "2026-03-02" */
function yearFirst(text: string | null): string | undefined {
  return text?.replace(/^'(\d\d)-(\d\d)-(\d{4})'$/, "$3-$1-$2");
}
