import { PagesUnavailable } from "../../pages/page-source.ts";
import { type Fixing, inForceOn, rateOf } from "../../rates/fixing.ts";
import { firstDateOf, lastDateOf, type Route } from "../../rates/route.ts";
import { daysBetween, earlier, later, type PlainDate, utcDate } from "../../time/dates.ts";
import { type RateReader, UNKNOWN_RETRY_SECONDS } from "../rate-reader.ts";
import { latestRates, type TableRate } from "../table.ts";
import { lifetimeOf } from "./facade.ts";

/** What facades read: the rates of many pairs on a date or over a period. */

/** The rates in force on a date, which may lie ahead; without a date, the newest that are not too old. */
export async function snapshotOf(
  reader: RateReader,
  routes: readonly Route[],
  date: PlainDate | undefined,
): Promise<TableRate[]> {
  if (date === undefined) {
    const today = utcDate(reader.host.nowMs);
    const newest = await latestRates(reader, routes);
    if (newest.length === 0 && routes.length > 0) await assertLoaded(reader, routes);
    return newest.filter(({ fixing }) => inForceOn([fixing], later(today, fixing.date)) !== undefined);
  }
  const found = await eachRoute(routes, async (route) => {
    const fixing = inForceOn(await reader.fixingsToCarry(route, date, date), date);
    return fixing && { route, fixing };
  });
  return found.filter((rate) => rate !== undefined);
}

/** Throws while the providers of these routes have no value at all: their history is loading. */
async function assertLoaded(reader: RateReader, routes: readonly Route[]): Promise<void> {
  const copies = await reader.boards([...new Set(routes.map(({ provider }) => provider))]);
  if (copies.every(({ board }) => Object.keys(board.values).length === 0))
    throw new PagesUnavailable(UNKNOWN_RETRY_SECONDS);
}

/** More in one response would not fit into a worker's memory: some 30 currencies over 30 years do. */
export const MAX_PAIR_DAYS = 400_000;

/** How many days of one pair a period covers, over all routes. */
export function pairDaysOf(routes: readonly Route[], from: PlainDate, to: PlainDate): number {
  const daysOf = (route: Route) =>
    daysBetween(later(from, firstDateOf(route)), earlier(to, lastDateOf(route) ?? to)) + 1;
  return routes.reduce((total, route) => total + Math.max(0, daysOf(route)), 0);
}

/** The fixings of a pair over some time. */
export interface History {
  route: Route;
  fixings: readonly Fixing[];
}

/** The fixings of a period, and the one before it if the period begins on a day without one. */
export async function historiesOf(
  reader: RateReader,
  routes: readonly Route[],
  from: PlainDate,
  to: PlainDate,
): Promise<History[]> {
  return eachRoute(routes, async (route) => {
    if (from > to || from > reader.todayOf(route) || to < firstDateOf(route)) return { route, fixings: [] };
    const own = await reader.fixings(route, from, to);
    const all = await reader.withCarried(route, from, own);
    const before = inForceOn(all, from);
    const isSilent = own[0]?.date !== from;
    return { route, fixings: before && isSilent ? [before, ...own] : own };
  });
}

/** The last fixing of each history, as rates. */
export function lastRatesOf(histories: readonly History[]): TableRate[] {
  return histories.flatMap(({ route, fixings }) => {
    const fixing = fixings.at(-1);
    return fixing ? [{ route, fixing }] : [];
  });
}

/** The first is read before the others, which share its page of the base currency. */
export async function eachRoute<From, To>(all: readonly From[], read: (one: From) => Promise<To>): Promise<To[]> {
  const [first, ...others] = all;
  if (first === undefined) return [];
  return [await read(first), ...(await Promise.all(others.map(read)))];
}

/** All rates of one base, that of itself among them, as JSON by code: the full digits of our own API. */
export async function rateTableOf(reader: RateReader, base: string, date?: PlainDate) {
  const { catalogue } = reader.host;
  const routes = catalogue.currencies.flatMap((code) => catalogue.route(base, code) ?? []);
  const rates = await snapshotOf(reader, routes, date);
  const newest = rates.reduce<TableRate | undefined>(
    (last, rate) => (last && last.fixing.date >= rate.fixing.date ? last : rate),
    undefined,
  );
  const figures = rates.map(({ route, fixing }) => [route.quote, rateOf(fixing, route)] as const);
  const lifetime = lifetimeOf(reader, rates, date ?? utcDate(reader.host.nowMs));
  return { newest, figures, lifetime };
}
