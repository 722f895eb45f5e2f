import type { WorldText } from "../world.ts";

const en: WorldText = {
  title: "All currencies",
  base: "Base currency",
  search: "Search a currency or country",
  searchHint: "For example: yen, Germany, BRL",
  sort: "Sort by",
  sorts: { code: "Code", name: "Name", change: "Day’s change", date: "Date" },
  caption: (base, date) => `One ${base} in each currency, with each provider’s newest rate (${date})`,
  currency: "Currency",
  rate: "Rate",
  change: "Change",
  date: "Date",
  provider: "Provider",
  derived: "computed",
  derivedNote: "Computed from two rates that the same provider published, or the inverse of one.",
  parity: "legal parity",
  stale: "overdue",
  count: (shown, all) => `${shown} of ${all} currencies`,
  nothing: "No currency matches.",
  matrix: "Matrix",
  matrixNote: "One unit of the row’s currency, in the column’s currency.",
  place: (index) => `Currency ${index}`,
  changeNote: (date) => `The change is against the rate in force on ${date}.`,
  table: "Table of currencies",
};

export default en;
