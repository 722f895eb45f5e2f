import type { Catalogue } from "../../providers/catalogue.ts";
import { addDays, earlier, isPlainDate, later, type PlainDate } from "../../time/dates.ts";
import type { RateReader } from "../rate-reader.ts";
import type { TableRate } from "../table.ts";
import {
  FacadeFailure,
  type FacadeRequest,
  type FacadeResponse,
  type FacadeRoute,
  lifetimeOf,
  utcToday,
} from "./facade.ts";
import { eachRoute, pairDaysOf } from "./rates.ts";
import { CHANGE_DAYS, CHANGES, type Change, changesOf, lastRowOf, rowsOf, type SieRow, sinceOf } from "./sie-rows.ts";
import { requestedSeries, type SieSeries } from "./sie-series.ts";

/** Banco de México's SIE REST API, version 1. A token is neither needed nor looked at. */

const ROOT = "/SieAPIRest/service/v1/series/:ids";
const XML_TYPE = "application/xml; charset=utf-8";
const FIRST_DATE = "1900-01-01";

/** A series with its rows, and the rate that decides how long they hold. */
interface Filled {
  series: SieSeries;
  rows: SieRow[];
  last: SieRow | undefined;
}

export const SIE: readonly FacadeRoute[] = [
  { path: ROOT, handle: metadata },
  { path: `${ROOT}/datos`, handle: history, pairDays },
  { path: `${ROOT}/datos/oportuno`, handle: newest },
  { path: `${ROOT}/datos/:from/:to`, handle: history, pairDays },
];

async function metadata(reader: RateReader, request: FacadeRequest): Promise<FacadeResponse> {
  const isEnglish = request.query("locale") === "en";
  const filled = await fill(reader, request, async (series) => {
    const last = await lastRowOf(reader, series);
    return { rows: last ? [last] : [], last };
  });
  const series = filled.map(({ series: one, last }) => ({
    idSerie: one.id,
    titulo: one.titulo,
    fechaInicio: printed(sinceOf(one), isEnglish),
    ...(last && { fechaFin: printed(last.date, isEnglish) }),
    periodicidad: "Diaria",
    cifra: "Tipo de Cambio",
    unidad: one.unidad,
    versionada: false,
  }));
  return { body: JSON.stringify({ bmx: { series } }), ...lifetimes(reader, filled, undefined) };
}

async function newest(reader: RateReader, request: FacadeRequest): Promise<FacadeResponse> {
  const change = changeIn(request);
  const filled = await fill(reader, request, async (series) => {
    const last = await lastRowOf(reader, series);
    if (last === undefined || change === undefined) return { rows: last ? [last] : [], last };
    const rows = await rowsOf(reader, series, addDays(last.date, -CHANGE_DAYS), last.date);
    return { rows: changesOf(rows, change).slice(-1), last };
  });
  return { ...written(request, filled), ...lifetimes(reader, filled, undefined) };
}

async function history(reader: RateReader, request: FacadeRequest): Promise<FacadeResponse> {
  // No row lies further ahead, and days after 9999-12-31 would have years of five digits.
  const end = addDays(utcToday(reader), CHANGE_DAYS);
  const { from, to: last = end } = periodOf(request);
  const to = earlier(last, end);
  const change = changeIn(request);
  const filled = await fill(reader, request, async (series) => {
    const start = change === undefined ? from : later(addDays(from, -CHANGE_DAYS), FIRST_DATE);
    const all = from > to ? [] : await rowsOf(reader, series, start, to);
    const rows = change === undefined ? all : changesOf(all, change).filter(({ date }) => date >= from);
    return { rows, last: rows.at(-1) };
  });
  return { ...written(request, filled), ...lifetimes(reader, filled, to) };
}

function pairDays(request: FacadeRequest, catalogue: Catalogue, today: PlainDate): number {
  const { from, to = today } = periodOf(request);
  const routes = requestedSeries(request.param("ids"), catalogue).map(({ route }) => route);
  return pairDaysOf(routes, from, earlier(to, today));
}

/** Both dates of the path; without any, all of history. Throws FacadeFailure. */
function periodOf({ param }: FacadeRequest): { from: PlainDate; to?: PlainDate } {
  const [from, to] = [param("from"), param("to")];
  if (from === "" && to === "") return { from: FIRST_DATE };
  if (isPlainDate(from) && isPlainDate(to)) return { from: later(from, FIRST_DATE), to };
  throw new FacadeFailure(
    400,
    "Formato de fecha incorrecto.",
    "El formato de la fecha enviada es incorrecto. Debe ser yyyy-MM-dd.",
  );
}

function changeIn({ query }: FacadeRequest): Change | undefined {
  const text = query("incremento");
  if (text === undefined || text === "") return undefined;
  const change = CHANGES.find((one) => one.toLowerCase() === text.toLowerCase());
  if (change !== undefined) return change;
  throw new FacadeFailure(400, "Incremento incorrecto.", `El incremento debe ser uno de ${CHANGES.join(", ")}.`);
}

/** The series of a request with what is read of each. */
async function fill(
  reader: RateReader,
  request: FacadeRequest,
  read: (series: SieSeries) => Promise<Omit<Filled, "series">>,
): Promise<Filled[]> {
  const requested = requestedSeries(request.param("ids"), reader.host.catalogue);
  return eachRoute(requested, async (series) => ({ series, ...(await read(series)) }));
}

function lifetimes(reader: RateReader, filled: readonly Filled[], to: PlainDate | undefined) {
  const rates = filled.flatMap(({ series: { route }, last }): TableRate[] => {
    // Of settlement dates too the FIX decides, which is not of the future.
    const today = reader.todayOf(route);
    return last ? [{ route, fixing: { date: earlier(last.date, today), values: [last.value] } }] : [];
  });
  return lifetimeOf(reader, rates, to ?? utcToday(reader));
}

/** The series with their rows; one without rows has no list of them, as in the SIE. */
function written({ query }: FacadeRequest, filled: readonly Filled[]): Pick<FacadeResponse, "body" | "headers"> {
  const isShort = query("decimales") === "sinCeros";
  const shown = ({ value }: SieRow) => (isShort && value.includes(".") ? value.replace(/\.?0+$/, "") : value);
  if (query("mediaType") === "xml") {
    const observation = (row: SieRow) => `<Obs><dato>${shown(row)}</dato><fecha>${printed(row.date)}</fecha></Obs>`;
    const series = filled.map(
      ({ series: { id, titulo }, rows }) =>
        `<serie idSerie="${id}" titulo="${titulo}">${rows.map(observation).join("")}</serie>`,
    );
    const body = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><series>${series.join("")}</series>`;
    return { body, headers: { "Content-Type": XML_TYPE } };
  }
  const series = filled.map(({ series: { id, titulo }, rows }) => ({
    idSerie: id,
    titulo,
    ...(rows.length > 0 && { datos: rows.map((row) => ({ fecha: printed(row.date), dato: shown(row) })) }),
  }));
  return { body: JSON.stringify({ bmx: { series } }) };
}

/** dd/MM/yyyy, or MM/dd/yyyy as the SIE writes the dates of its metadata in English. */
function printed(date: PlainDate, isEnglish = false): string {
  const [year, month, day] = date.split("-");
  return isEnglish ? `${month}/${day}/${year}` : `${day}/${month}/${year}`;
}
