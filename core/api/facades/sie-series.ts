import type { Catalogue } from "../../providers/catalogue.ts";
import { FIX_PAIR } from "../../providers/examples.ts";
import type { Route } from "../../rates/route.ts";
import type { PlainDate } from "../../time/dates.ts";
import { FacadeFailure } from "./facade.ts";

/** The series of Banco de México that the SIE facade has, and what the SIE says about them. */

const SPACES = " ".repeat(42);
const BASKET = "Cotización de las divisas que conforman la canasta del DEG Respecto al peso mexicano";
const OBLIGATIONS =
  "Pesos por dólar E.U.A. Tipo de cambio para solventar obligaciones denominadas en moneda extranjera";

interface Description {
  id: string;
  base: string;
  titulo: string;
  unidad: string;
  /** Set for the FIX by settlement date, which is made of the FIX. */
  settlementSince?: PlainDate;
}

/** Titles as the SIE writes them, runs of spaces included. */
const SERIES: readonly Description[] = [
  {
    id: "SF43718",
    base: "USD",
    titulo: `Tipo de cambio${SPACES}${OBLIGATIONS} Fecha de determinación (FIX)`,
    unidad: "Pesos por Dólar",
  },
  {
    id: "SF60653",
    base: "USD",
    titulo: `Tipo de cambio${SPACES}${OBLIGATIONS} Fecha de liquidación`,
    unidad: "Pesos por Dólar",
    settlementSince: "1991-11-14",
  },
  { id: "SF46406", base: "JPY", titulo: `${BASKET} Yen japonés`, unidad: "Pesos por Yen" },
  { id: "SF46407", base: "GBP", titulo: `${BASKET} Libra esterlina`, unidad: "Pesos por Libra Esterlina" },
  { id: "SF46410", base: "EUR", titulo: `${BASKET} Euro`, unidad: "Pesos por Euro" },
  {
    id: "SF60632",
    base: "CAD",
    titulo: "Cotización de la divisa Respecto al peso mexicano Dólar Canadiense",
    unidad: "Pesos por Dólar Canadiense",
  },
];

/** One series that a request is for. */
export interface SieSeries extends Description {
  route: Route;
}

const MAX_SERIES = 20;
const ITEM = /^(S[A-Z])(\d{1,9})(?:-(S[A-Z])(\d{1,9}))?$/;

/** The series of a list of ids and ranges, in its order. Throws FacadeFailure for another syntax, or if there is none. */
export function requestedSeries(text: string, catalogue: Catalogue): SieSeries[] {
  const items = text.toUpperCase().split(",");
  if (items.length > MAX_SERIES)
    throw new FacadeFailure(400, "Número de series incorrecto.", `Se pueden consultar a lo más ${MAX_SERIES} series.`);
  const found = new Set<Description>();
  for (const item of items) for (const one of SERIES.filter(matcherOf(item))) found.add(one);
  const series = [...found].flatMap((one) => {
    const route = catalogue.route(one.base, FIX_PAIR.quote, FIX_PAIR.provider);
    return route ? { ...one, route } : [];
  });
  if (series.length === 0) throw new FacadeFailure(404, "Serie no encontrada.", "Ninguna de las series existe aquí.");
  return series;
}

/** Whether an id is meant by "SF43718" or "SF46405-SF46410". */
function matcherOf(item: string): (series: Description) => boolean {
  const [whole, prefix = "", first = "", lastPrefix = prefix, last = first] = ITEM.exec(item) ?? [];
  if (whole === undefined || prefix !== lastPrefix)
    throw new FacadeFailure(
      400,
      "Formato de series incorrecto.",
      "Formato de series debe ser SX####[-SX####][,SX####[-SX####]]",
    );
  return ({ id }) => {
    const number = Number(id.slice(2));
    return id.startsWith(prefix) && number >= Number(first) && number <= Number(last);
  };
}
