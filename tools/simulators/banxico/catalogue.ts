/** What Banxico says about a series. */
export interface CatalogueEntry {
  readonly id: string;
  /** With the runs of spaces that the real API has. */
  readonly title: string;
  readonly unit: string;
  readonly firstDate: string;
  /** How the series begins to differ from the FIX: the unit's price in dollars, by year, joined by straight lines. */
  readonly dollars?: readonly (readonly [year: number, price: number])[];
}

export const fix = "SF43718";
/** The FIX by settlement date; derived from the FIX, as in reality. */
export const settlement = "SF60653";

const longSpace = " ".repeat(42);
const basket = "Cotización de las divisas que conforman la canasta del DEG Respecto al peso mexicano";
const obligations = "Tipo de cambio para solventar obligaciones denominadas en moneda extranjera";

/** In the order of the API's responses, which does not follow the request. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    id: fix,
    title: `Tipo de cambio${longSpace}Pesos por dólar E.U.A. ${obligations} Fecha de determinación (FIX)`,
    unit: "Pesos por Dólar",
    firstDate: "1991-11-12",
  },
  {
    id: "SF46406",
    title: `${basket} Yen japonés`,
    unit: "Pesos por Yen",
    firstDate: "1992-11-16",
    dollars: yenPrices(
      [1992, 124],
      [1995, 94],
      [1998, 131],
      [2000, 107],
      [2007, 118],
      [2011, 80],
      [2015, 121],
      [2021, 110],
      [2024, 151],
      [2026, 158],
    ),
  },
  {
    id: "SF46410",
    title: `${basket} Euro`,
    unit: "Pesos por Euro",
    firstDate: "1999-01-04",
    dollars: [
      [1999, 1.17],
      [2001, 0.92],
      [2005, 1.28],
      [2008, 1.47],
      [2015, 1.11],
      [2018, 1.19],
      [2022, 1.05],
      [2026, 1.16],
    ],
  },
  {
    id: "SF60632",
    title: "Cotización de la divisa Respecto al peso mexicano Dólar Canadiense",
    unit: "Pesos por Dólar Canadiense",
    firstDate: "1992-11-16",
    dollars: [
      [1992, 0.8],
      [2002, 0.64],
      [2008, 0.99],
      [2009, 0.84],
      [2012, 1],
      [2016, 0.74],
      [2021, 0.79],
      [2026, 0.727],
    ],
  },
  {
    id: "SF46407",
    title: `${basket} Libra esterlina`,
    unit: "Pesos por Libra Esterlina",
    firstDate: "1992-11-16",
    dollars: [
      [1992, 1.58],
      [2001, 1.45],
      [2008, 1.95],
      [2010, 1.55],
      [2015, 1.53],
      [2017, 1.28],
      [2021, 1.37],
      [2026, 1.33],
    ],
  },
  {
    id: settlement,
    title: `Tipo de cambio${longSpace}Pesos por dólar E.U.A. ${obligations} Fecha de liquidación`,
    unit: "Pesos por Dólar",
    firstDate: "1991-11-14",
  },
];

function yenPrices(...perDollar: [year: number, yen: number][]) {
  return perDollar.map(([year, yen]) => [year, 1 / yen] as const);
}
