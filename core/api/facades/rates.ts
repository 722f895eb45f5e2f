import { PagesUnavailable } from "../../pages/page-source.ts";
import { type Fixing, inForceOn, rateOf } from "../../rates/fixing.ts";
import { firstDateOf, lastDateOf, type Route } from "../../rates/route.ts";
import { daysBetween, earlier, later, nextDay, type PlainDate, yearOf } from "../../time/dates.ts";
import { type RateReader, UNKNOWN_RETRY_SECONDS } from "../rate-reader.ts";
import { latestRates, rateInForce, type TableRate } from "../table.ts";
import { lifetimeOf, utcToday } from "./facade.ts";

/** What facades read: the rates of many pairs on a date or over a period. */

/** The rates in force on a date, which may lie ahead; without a date, the newest that are not too old. */
export async function snapshotOf(
  reader: RateReader,
  routes: readonly Route[],
  date: PlainDate | undefined,
): Promise<TableRate[]> {
  if (date === undefined) {
    const today = utcToday(reader);
    const newest = await latestRates(reader, routes);
    if (newest.length === 0 && routes.length > 0) await assertLoaded(reader, routes);
    return newest.filter(({ fixing }) => inForceOn([fixing], later(today, fixing.date)) !== undefined);
  }
  const found = await eachRoute(routes, (route) => rateInForce(reader, route, date));
  return found.filter((rate) => rate !== undefined);
}

/** Throws while the providers of these routes have no value at all: their history is loading. */
async function assertLoaded(reader: RateReader, routes: readonly Route[]): Promise<void> {
  const copies = await reader.boards([...new Set(routes.map(({ provider }) => provider))]);
  if (copies.every(({ board }) => Object.keys(board.values).length === 0))
    throw new PagesUnavailable(UNKNOWN_RETRY_SECONDS);
}

/** A response that lists more would not fit into a host's memory: some 30 currencies over 30 years do. */
export const MAX_PAIR_DAYS = 400_000;
/** Years whose pages are in memory together. */
const YEARS_PER_BLOCK = 5;
/** The same of pairs, where their pages of all years are needed at once. */
export const PAIRS_PER_BLOCK = 8;

/** How many days of one pair a period covers, over all routes. */
export function pairDaysOf(routes: readonly Route[], from: PlainDate, to: PlainDate): number {
  const daysOf = (route: Route) =>
    daysBetween(later(from, firstDateOf(route)), earlier(to, lastDateOf(route) ?? to)) + 1;
  return routes.reduce((total, route) => total + Math.max(0, daysOf(route)), 0);
}

/** The last rate of each route among histories that come in order. */
export class LastRates {
  readonly #byRoute = new Map<Route, Fixing>();

  add(histories: readonly History[]): void {
    for (const { route, fixings } of histories) {
      const last = fixings.at(-1);
      if (last) this.#byRoute.set(route, last);
    }
  }

  get rates(): TableRate[] {
    return Array.from(this.#byRoute, ([route, fixing]) => ({ route, fixing }));
  }
}

/** The fixings of a pair over some time. */
export interface History {
  route: Route;
  fixings: readonly Fixing[];
}

/**
 * The fixings of a period, some years at a time, in order. With the first come, for pairs without a fixing on its first
 * day, the ones before it. The pages behind a block are released before the next one is read.
 */
export async function* historyBlocks(
  reader: RateReader,
  routes: readonly Route[],
  from: PlainDate,
  to: PlainDate,
): AsyncGenerator<History[]> {
  const first = routes.map(firstDateOf).reduce(earlier, to);
  for (let start = from; start <= to; ) {
    const end = earlier(to, `${yearOf(later(start, first)) + YEARS_PER_BLOCK - 1}-12-31`);
    const isFirst = start === from;
    yield await eachRoute(routes, async (route) => {
      if (start > reader.todayOf(route) || end < firstDateOf(route)) return { route, fixings: [] };
      const own = await reader.fixings(route, start, end);
      if (!isFirst || own[0]?.date === from) return { route, fixings: own };
      const before = inForceOn(await reader.withCarried(route, from, own), from);
      return { route, fixings: before ? [before, ...own] : own };
    });
    reader.release();
    start = nextDay(end);
  }
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
  const routes = catalogue.currencies.flatMap((code) => catalogue.route(base, code, undefined, date) ?? []);
  const rates = await snapshotOf(reader, routes, date);
  const newest = rates.reduce<TableRate | undefined>(
    (last, rate) => (last && last.fixing.date >= rate.fixing.date ? last : rate),
    undefined,
  );
  const figures = rates.map(({ route, fixing }) => [route.quote, rateOf(fixing, route)] as const);
  const lifetime = lifetimeOf(reader, rates, date ?? utcToday(reader));
  return { newest, figures, lifetime };
}
