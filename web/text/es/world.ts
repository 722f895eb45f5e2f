export const world = {
  title: "Todas las monedas",
  base: "Moneda base",
  search: "Buscar moneda o país",
  searchHint: "Por ejemplo: yen, Alemania, BRL",
  sort: "Ordenar por",
  sorts: { code: "Código", name: "Nombre", change: "Cambio del día", date: "Fecha" } as Record<string, string>,
  caption: "Un {base} en cada moneda, con el dato más reciente de cada proveedor ({date})",
  currency: "Moneda",
  rate: "Tipo de cambio",
  change: "Cambio",
  date: "Fecha",
  provider: "Proveedor",
  derived: "calculado",
  derivedNote: "Calculado con dos tipos publicados por el mismo proveedor, o es el inverso de uno.",
  parity: "paridad legal",
  stale: "atrasado",
  count: "{shown} de {all} monedas",
  nothing: "Ninguna moneda coincide.",
  matrix: "Matriz",
  matrixNote: "Una unidad de la moneda de la fila, en la moneda de la columna.",
  place: "Moneda {index}",
  changeNote: "El cambio es respecto del tipo vigente el {date}.",
  table: "Tabla de monedas",
};

/** The same entries in every language. */
export type WorldWords = typeof world;
