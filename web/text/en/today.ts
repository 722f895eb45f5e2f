import type { TodayText } from "../today.ts";

const en: TodayText = {
  title: "The dollar today",
  documentTitle: (rate) => `${rate} pesos per dollar · Paridad`,
  fix: "FIX",
  perDollar: "pesos per dollar",
  determined: "Determined",
  sinceBefore: (date) => `since ${date}`,
  up: "up",
  down: "down",
  none: "no change",
  copy: "Copy",
  copied: "Copied",
  next: "Next publication",
  nextIn: (wait) => `in ${wait}`,
  nextAt: (date, time) => `${date}, ${time} (Mexico City)`,
  overdue: "Expected at any moment",
  month: "The last 30 days",
  chartName: (from, to, low, high, last) =>
    `The FIX from ${from} to ${to}: between ${low} and ${high} pesos per dollar; the last one ${last}.`,
  low: "Low",
  high: "High",
  others: "Other currencies in pesos",
  othersNote: "Banco de México, of the same day as the FIX unless said otherwise.",
  currency: "Currency",
  exploreMore: "Explore the history",
  converter: "Converter",
  amount: "Amount",
  from: "From",
  to: "To",
  swap: "Swap",
  result: "Result",
  badAmount: "Write an amount such as 1500 or 1500.50.",
  conversionRate: (from, rate, to, date) => `1 ${from} = ${rate} ${to} · ${date}`,
  exact: "Computed from all published digits and rounded once.",
};

export default en;
