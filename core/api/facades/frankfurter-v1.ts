import { type Fixed, formatDecimal } from "../../money/decimal.ts";
import type { Catalogue } from "../../providers/catalogue.ts";
import { ecb } from "../../providers/ecb.ts";
import type { Route } from "../../rates/route.ts";
import { earlier, isPlainDate, later, type PlainDate } from "../../time/dates.ts";
import type { RateReader } from "../rate-reader.ts";
import { daysOfTable } from "../table.ts";
import {
  assertComplete,
  FacadeFailure,
  type FacadeRequest,
  type FacadeResponse,
  type FacadeRoute,
  fixedResponse,
  lifetimeOf,
  objectOf,
  UnknownPath,
  utcToday,
} from "./facade.ts";
import { figureOf, numberOf, ONE, parseAmount } from "./figures.ts";
import { frankfurterName } from "./frankfurter-names.ts";
import { historyBlocks, LastRates, MAX_PAIR_DAYS, pairDaysOf, snapshotOf } from "./rates.ts";

/**
 * Frankfurter's v1: the rates of the ECB, or of the default choice of providers in a deployment without it. Clients of
 * before there were versions ask for the same without `/v1`.
 */

const UNVERSIONED = "/frankfurter";
const ROOT = `${UNVERSIONED}/v1`;
const RANGE = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const DEFAULT_BASE = "EUR";

const VERSIONS_CONTENT = {
  name: "Frankfurter",
  description: "Currency data API",
  versions: { v1: { path: "/v1" }, v2: { path: "/v2" } },
  docs: "/docs",
};
const ROOT_CONTENT = { version: "v1", status: "current", openapi: "/v1/openapi.json", docs: "/docs" };

interface Query {
  base: string;
  amount: Fixed;
  routes: Route[];
}

interface Range extends Query {
  from: PlainDate;
  /** Not after today. */
  to: PlainDate;
}

export const FRANKFURTER_V1: readonly FacadeRoute[] = [
  { path: ROOT, handle: async () => fixedResponse(ROOT_CONTENT) },
  { path: `${ROOT}/currencies`, handle: names },
  { path: `${ROOT}/:dates`, handle: rates, pairDays },
];

/** To be tried after those of every version. */
export const FRANKFURTER_UNVERSIONED: readonly FacadeRoute[] = [
  { path: UNVERSIONED, handle: async () => fixedResponse(VERSIONS_CONTENT) },
  { path: `${UNVERSIONED}/currencies`, handle: names },
  { path: `${UNVERSIONED}/:dates`, handle: rates, pairDays },
];

/** One date, or two with dots between them. */
async function rates(reader: RateReader, request: FacadeRequest): Promise<FacadeResponse> {
  const range = rangeOf(request, reader.host.catalogue, utcToday(reader));
  if (range !== undefined) return rangeResponse(reader, range);
  const dates = request.param("dates");
  const isLatest = dates === "latest" || dates === "current";
  if (!isLatest && !DATE.test(dates)) throw new UnknownPath();
  return snapshotResponse(reader, request, isLatest ? undefined : validDate(dates));
}

function pairDays(request: FacadeRequest, catalogue: Catalogue, today: PlainDate): number {
  const range = rangeOf(request, catalogue, today);
  if (range !== undefined) return daysIn(range);
  return isPlainDate(request.param("dates")) ? daysOfTable(queryOf(catalogue, request).routes.length) : 0;
}

async function snapshotResponse(reader: RateReader, request: FacadeRequest, date: PlainDate | undefined) {
  const { base, amount, routes } = queryOf(reader.host.catalogue, request);
  const found = await snapshotOf(reader, routes, date);
  const newest = found.reduce((last, { fixing }) => later(last, fixing.date), "");
  // One date for all: a currency that was not fixed on it is absent.
  const listed = found.filter(({ fixing }) => fixing.date === newest);
  if (listed.length === 0) throw nothingFound(reader);
  const body = objectOf([
    ["amount", numberOf(formatDecimal(amount))],
    ["base", JSON.stringify(base)],
    ["date", JSON.stringify(newest)],
    ["rates", objectOf(listed.map(({ route, fixing }) => [route.quote, figureOf(fixing, route, amount)]))],
  ]);
  return { body, ...lifetimeOf(reader, listed, date ?? utcToday(reader)) };
}

/** Throws FacadeFailure if the range holds more than a response can. */
function daysIn({ routes, from, to }: Range): number {
  const days = pairDaysOf(routes, from, to);
  if (days > MAX_PAIR_DAYS) throw new FacadeFailure(422, "range too large, name fewer symbols");
  return days;
}

async function rangeResponse(reader: RateReader, range: Range): Promise<FacadeResponse> {
  daysIn(range);
  const { base, amount, routes, from, to } = range;
  const last = new LastRates();
  const days: [date: PlainDate, json: string][] = [];
  for await (const histories of historyBlocks(reader, routes, from, to)) {
    last.add(histories);
    const byDate = new Map<PlainDate, [code: string, figure: string][]>();
    for (const { route, fixings } of histories)
      for (const fixing of fixings) {
        const day = byDate.get(fixing.date) ?? [];
        day.push([route.quote, figureOf(fixing, route, amount)]);
        byDate.set(fixing.date, day);
      }
    // Before the period there is one day at most, the last one.
    const before = [...byDate.keys()].filter((date) => date < from).reduce(later, "");
    const isSilent = !byDate.has(from);
    const dates = [...byDate.keys()].filter((date) => date >= from || (isSilent && date === before)).sort();
    for (const date of dates) days.push([date, objectOf(byDate.get(date) ?? [])]);
  }
  const [start, end] = [days[0], days.at(-1)];
  if (start === undefined || end === undefined) throw nothingFound(reader);
  const body = objectOf([
    ["amount", numberOf(formatDecimal(amount))],
    ["base", JSON.stringify(base)],
    ["start_date", JSON.stringify(start[0])],
    ["end_date", JSON.stringify(end[0])],
    ["rates", objectOf(days)],
  ]);
  return { body, ...lifetimeOf(reader, last.rates, to) };
}

/** The range that the path names, if it names one. Throws FacadeFailure. */
function rangeOf(request: FacadeRequest, catalogue: Catalogue, today: PlainDate): Range | undefined {
  const [, from, to = today] = RANGE.exec(request.param("dates")) ?? [];
  if (from === undefined) return undefined;
  const dates = { from: validDate(from), to: earlier(validDate(to), today) };
  return { ...dates, ...queryOf(catalogue, request) };
}

function queryOf(catalogue: Catalogue, { query }: FacadeRequest): Query {
  const amountText = query("amount");
  const amount = amountText === undefined ? ONE : parseAmount(amountText);
  if (amount === undefined) throw new FacadeFailure(422, "invalid amount");
  const base = (query("from") ?? query("base") ?? DEFAULT_BASE).toUpperCase();
  const symbols = (query("to") ?? query("symbols"))?.toUpperCase().split(",").filter(Boolean);
  if (symbols !== undefined && symbols.length > 0 && symbols.every((code) => code === base))
    throw new FacadeFailure(422, "bad currency pair");
  const provider = catalogue.findProvider(ecb.id)?.id;
  const codes = symbols ? [...new Set(symbols)].sort() : codesOf(catalogue);
  const routes = codes
    .filter((code) => code !== base)
    .flatMap((code) => catalogue.route(base, code, provider) ?? [])
    // The ECB has no currency by parity.
    .filter(({ parities }) => provider === undefined || parities.length === 0);
  if (routes.length === 0) throw new FacadeFailure(404, "not found");
  return { base, amount, routes };
}

async function names({ host: { catalogue } }: RateReader): Promise<FacadeResponse> {
  return fixedResponse(Object.fromEntries(codesOf(catalogue, true).map((code) => [code, frankfurterName(code)])));
}

/** Every currency that has a rate, or also those that had one, sorted. */
function codesOf(catalogue: Catalogue, isInUse = false): readonly string[] {
  const provider = catalogue.findProvider(ecb.id);
  if (provider === undefined) return catalogue.currencies;
  const series = provider.series.filter(({ until }) => !isInUse || until === undefined);
  return [...new Set(series.flatMap(({ base, quote }) => [base, quote]))].sort();
}

function validDate(text: string): PlainDate {
  if (!isPlainDate(text)) throw new FacadeFailure(422, "invalid date");
  return text;
}

function nothingFound(reader: RateReader): Error {
  assertComplete(reader);
  return new FacadeFailure(404, "not found");
}
