import { z } from "zod";
import { addDays, isPlainDate } from "#core/time/dates.ts";
import { fault, transportFaults } from "../faults.ts";
import { catalogue } from "./catalogue.ts";
import type { Overlay } from "./data.ts";

const series = z.enum(catalogue.map(({ id }) => id));
/** Without a series a fault strikes every one in the response. */
const anySeries = { series: series.optional() };
const date = z.string().refine(isPlainDate, "a date as YYYY-MM-DD");
const value = z.string().regex(/^\d+(\.\d+)?$/, "a decimal string");

export const faultSchema = z.discriminatedUnion("type", [
  ...transportFaults(anySeries),
  fault("html", anySeries),
  fault("truncated", anySeries),
  fault("content_type", { value: z.string().default("text/plain"), ...anySeries }),
  fault("oversized", { bytes: z.int().positive().max(500_000_000).default(20_000_000), ...anySeries }),
  fault("token_revoked", anySeries),
  // As the limiter does, it may hold for one class or token. `told`: with fields and headers, in words, or without a time.
  fault("rate_limit", {
    seconds: z.int().positive().default(60),
    class: z.enum(["oportuna", "historica"]).optional(),
    token: z.string().optional(),
    told: z.enum(["fields", "words", "nothing"]).default("fields"),
    ...anySeries,
  }),
  fault("not_available", { date: date.optional(), ...anySeries }),
  fault("comma_numbers", { value: z.string().default("193,045.50"), ...anySeries }),
  fault("non_positive", { value: z.string().default("0.0000"), ...anySeries }),
  fault("missing_datos", anySeries),
  fault("null_datos", anySeries),
  fault("empty_datos", anySeries),
  fault("missing_series", anySeries),
  fault("duplicate_rows", anySeries),
  fault("duplicate_series", anySeries),
  fault("unrequested_series", anySeries),
  fault("wrong_title", { title: z.string().default("Reservas internacionales"), ...anySeries }),
  fault("future_date", { date: date.optional(), value: value.default("17.0000"), ...anySeries }),
  fault("revision", { series, date, value }),
  fault("observation", { series, date, value }),
  fault("withdrawal", { series, date }),
]);

/** What can be wrong with Banxico. */
export type BanxicoFault = z.infer<typeof faultSchema>;

/** A series as the API returns it; only faults leave `datos` out or null where there are some. */
export interface ResponseSeries {
  readonly idSerie: string;
  readonly titulo: string;
  readonly datos?: readonly Datum[] | null;
}

interface Datum {
  readonly fecha: string;
  readonly dato: string;
}

/** The values that faults put into the data itself. */
export function overlaysOf(faults: readonly BanxicoFault[]): Overlay[] {
  return faults
    .filter((one) => one.type === "revision" || one.type === "observation" || one.type === "withdrawal")
    .map((one) => ({
      series: one.series,
      date: one.date,
      value: one.type === "withdrawal" ? undefined : one.value,
      isNew: one.type === "observation",
    }));
}

/** A response's series after the faults that strike them. */
export function damageSeries(
  answer: readonly ResponseSeries[],
  faults: readonly BanxicoFault[],
  today: string,
): ResponseSeries[] {
  let damaged = [...answer];
  for (const one of faults) {
    damaged = damaged.flatMap((entry) => (isMeant(one, entry, answer) ? damageOne(entry, one, today) : [entry]));
    if (one.type === "unrequested_series") {
      damaged.push({
        idSerie: "SF99999",
        titulo: "Una serie que nadie pidió",
        datos: [{ fecha: "02/01/2023", dato: "1.0000" }],
      });
    }
  }
  return damaged;
}

/** A missing or doubled series is only one of the response, so that the others remain; other faults strike all. */
function isMeant(one: BanxicoFault, entry: ResponseSeries, answer: readonly ResponseSeries[]): boolean {
  if (one.series !== undefined) return entry.idSerie === one.series;
  const isOfOne = one.type === "missing_series" || one.type === "duplicate_series";
  return !isOfOne || entry.idSerie === answer.at(-1)?.idSerie;
}

function damageOne(entry: ResponseSeries, one: BanxicoFault, today: string): ResponseSeries[] {
  const { idSerie, titulo } = entry;
  const datos = entry.datos ?? [];
  const last = datos.at(-1);
  const withLast = (dato: string): ResponseSeries[] =>
    last === undefined ? [entry] : [{ ...entry, datos: [...datos.slice(0, -1), { ...last, dato }] }];
  switch (one.type) {
    case "not_available": {
      if (one.date === undefined) return withLast("N/E");
      const fecha = printedDate(one.date);
      return [{ ...entry, datos: datos.map((datum) => (datum.fecha === fecha ? { fecha, dato: "N/E" } : datum)) }];
    }
    case "comma_numbers":
    case "non_positive":
      return withLast(one.value);
    case "missing_datos":
      return [{ idSerie, titulo }];
    case "null_datos":
      return [{ idSerie, titulo, datos: null }];
    case "empty_datos":
      return [{ idSerie, titulo, datos: [] }];
    case "missing_series":
      return [];
    case "duplicate_rows":
      return [{ ...entry, datos: last === undefined ? datos : [...datos, last] }];
    case "duplicate_series":
      return [entry, entry];
    case "wrong_title":
      return [{ ...entry, titulo: one.title }];
    case "future_date":
      return [{ ...entry, datos: [...datos, { fecha: printedDate(one.date ?? addDays(today, 1)), dato: one.value }] }];
    default:
      return [entry];
  }
}

/** "2026-03-13" as the API prints it: "13/03/2026". */
export function printedDate(plain: string): string {
  return plain.split("-").reverse().join("/");
}
