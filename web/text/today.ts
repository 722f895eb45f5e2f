import { dictionary } from "../lib/language.ts";

const es = {
  title: "El dólar hoy",
  documentTitle: (rate: string) => `${rate} pesos por dólar`,
  perDollar: "pesos por dólar",
  views: {
    fix: "FIX",
    dof: "Diario Oficial",
    settlement: "Para pagos",
  },
  viewNotes: {
    fix: "",
    dof: "El publicado hoy o, si hoy no hay DOF, el último día hábil.",
    settlement: "El que hoy solventa obligaciones en moneda extranjera.",
  },
  determined: "Determinado",
  published: "Publicado en el DOF",
  applies: "Aplica a pagos desde",
  sinceBefore: (date: string) => `desde el ${date}`,
  up: "sube",
  down: "baja",
  none: "sin cambio",
  copy: "Copiar",
  copied: "Copiado",
  next: "Próxima publicación",
  nextIn: (wait: string) => `dentro de ${wait}`,
  nextAt: (date: string, time: string) => `${date}, ${time} h (Ciudad de México)`,
  overdue: "Se espera en cualquier momento",
  month: "Últimos 30 días",
  chartName: (from: string, to: string, low: string, high: string, last: string) =>
    `Tipo de cambio FIX del ${from} al ${to}: entre ${low} y ${high} pesos por dólar; el último, ${last}.`,
  low: "Mínimo",
  high: "Máximo",
  others: "Otras monedas en pesos",
  othersNote: "Banco de México, mismo día que el FIX salvo que se indique.",
  currency: "Moneda",
  exploreMore: "Explorar el historial",
  converter: "Convertidor",
  amount: "Importe",
  from: "De",
  to: "A",
  swap: "Invertir",
  result: "Resultado",
  badAmount: "Escriba un importe como 1500 o 1500.50.",
  conversionRate: (from: string, rate: string, to: string, date: string) => `1 ${from} = ${rate} ${to} · ${date}`,
  exact: "Se calcula con todos los dígitos publicados y se redondea una sola vez.",
};

export type TodayText = typeof es;

export const today = dictionary(es, () => import("./en/today.ts"));
