import { describeCurrency } from "../../money/currency.ts";
import { type Fixed, formatDecimal } from "../../money/decimal.ts";
import { PagesUnavailable } from "../../pages/page-source.ts";
import type { Catalogue } from "../../providers/catalogue.ts";
import { ecb } from "../../providers/ecb.ts";
import type { Route } from "../../rates/route.ts";
import { earlier, isPlainDate, later, type PlainDate, utcDate } from "../../time/dates.ts";
import { type RateReader, UNKNOWN_RETRY_SECONDS } from "../rate-reader.ts";
import { isRateStale } from "../table.ts";
import {
  FacadeFailure,
  type FacadeRequest,
  type FacadeResponse,
  type FacadeRoutes,
  lifetimeOf,
  objectOf,
} from "./facade.ts";
import { figureOf, numberOf, ONE, parseAmount } from "./figures.ts";
import { historiesOf, lastRatesOf, snapshotOf } from "./rates.ts";

/** Frankfurter's v1: the rates of the ECB, or of the default choice of providers in a deployment without it. */

const ROOT = "/frankfurter/v1";
const RANGE = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const DEFAULT_BASE = "EUR";

interface Query {
  base: string;
  amount: Fixed;
  routes: Route[];
}

export const FRANKFURTER_V1: FacadeRoutes = [
  [ROOT, async () => root()],
  [`${ROOT}/currencies`, async (reader) => currencies(reader)],
  [`${ROOT}/:dates`, async (reader, request) => rates(reader, request)],
];

/** One date, or two with dots between them. */
function rates(reader: RateReader, request: FacadeRequest): Promise<FacadeResponse> {
  const dates = request.param("dates");
  if (dates === "latest" || dates === "current") return snapshot(reader, request, undefined);
  if (DATE.test(dates)) return snapshot(reader, request, validDate(dates));
  const [, from, to] = RANGE.exec(dates) ?? [];
  if (from === undefined) throw new FacadeFailure(404, "not found");
  return range(reader, request, validDate(from), to === undefined ? undefined : validDate(to));
}

async function snapshot(
  reader: RateReader,
  request: FacadeRequest,
  date: PlainDate | undefined,
): Promise<FacadeResponse> {
  const { base, amount, routes } = queryOf(reader.host.catalogue, request.query);
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
  const isStale = date === undefined && listed.some((rate) => isRateStale(reader, rate));
  return { body, isStale, ...lifetimeOf(reader, listed, date ?? utcDate(reader.host.nowMs)) };
}

async function range(
  reader: RateReader,
  request: FacadeRequest,
  from: PlainDate,
  to: PlainDate | undefined,
): Promise<FacadeResponse> {
  const { base, amount, routes } = queryOf(reader.host.catalogue, request.query);
  const today = utcDate(reader.host.nowMs);
  const end = earlier(to ?? today, today);
  const histories = await historiesOf(reader, routes, from, end);
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
  const [start, last] = [dates[0], dates.at(-1)];
  if (start === undefined || last === undefined) throw nothingFound(reader);
  const body = objectOf([
    ["amount", numberOf(formatDecimal(amount))],
    ["base", JSON.stringify(base)],
    ["start_date", JSON.stringify(start)],
    ["end_date", JSON.stringify(last)],
    ["rates", objectOf(dates.map((date) => [date, objectOf(byDate.get(date) ?? [])]))],
  ]);
  return { body, ...lifetimeOf(reader, lastRatesOf(histories), to ?? today) };
}

function currencies({ host: { catalogue } }: RateReader): FacadeResponse {
  const names = inUse(catalogue).map((code): [string, string] => [code, describeCurrency(code).name.en]);
  return { body: JSON.stringify(Object.fromEntries(names)), kind: "now", latest: [] };
}

function root(): FacadeResponse {
  const body = { version: "v1", status: "ok", docs: "/docs" };
  return { body: JSON.stringify(body), kind: "now", latest: [] };
}

function queryOf(catalogue: Catalogue, query: URLSearchParams): Query {
  const given = (...names: string[]) => names.map((name) => query.get(name)).find((value) => value !== null);
  const amountText = given("amount");
  const amount = amountText === undefined || amountText === null ? ONE : parseAmount(amountText);
  if (amount === undefined) throw new FacadeFailure(422, "invalid amount");
  const base = (given("from", "base") ?? DEFAULT_BASE).toUpperCase();
  const symbols = given("to", "symbols")?.toUpperCase().split(",").filter(Boolean);
  if (symbols !== undefined && symbols.length > 0 && symbols.every((code) => code === base))
    throw new FacadeFailure(422, "bad currency pair");
  const wanted = symbols === undefined ? undefined : new Set(symbols);
  const codes = codesOf(catalogue);
  const routes = (codes.includes(base) ? codes : [])
    .filter((code) => code !== base && (wanted?.has(code) ?? true))
    .flatMap((code) => catalogue.route(base, code, providerIn(catalogue)) ?? []);
  if (routes.length === 0) throw new FacadeFailure(404, "not found");
  return { base, amount, routes };
}

function providerIn(catalogue: Catalogue): string | undefined {
  return catalogue.findProvider(ecb.id)?.id;
}

/** Every currency that has or had a rate, sorted. */
function codesOf(catalogue: Catalogue): readonly string[] {
  const provider = catalogue.findProvider(ecb.id);
  if (provider === undefined) return catalogue.currencies;
  return [...new Set(provider.series.flatMap(({ base, quote }) => [base, quote]))].sort();
}

function inUse(catalogue: Catalogue): readonly string[] {
  const provider = catalogue.findProvider(ecb.id);
  if (provider === undefined) return catalogue.currencies;
  const series = provider.series.filter(({ until }) => until === undefined);
  return [...new Set(series.flatMap(({ base, quote }) => [base, quote]))].sort();
}

function validDate(text: string): PlainDate {
  if (!isPlainDate(text)) throw new FacadeFailure(422, "invalid date");
  return text;
}

/** While history loads, nothing found does not mean that there is nothing. */
function nothingFound(reader: RateReader): Error {
  return reader.isIncomplete ? new PagesUnavailable(UNKNOWN_RETRY_SECONDS) : new FacadeFailure(404, "not found");
}
