import { CARRY_FORWARD_DAYS } from "../ops/policy.ts";
import type { Board } from "../pages/board.ts";
import { PageAbsent, PagesUnavailable } from "../pages/page-source.ts";
import { type Fixing, fixingsOf, inForceOn, rateOf } from "../rates/fixing.ts";
import type { Observation } from "../rates/page.ts";
import { isPublished, lastDateOf, type Route } from "../rates/route.ts";
import { addDays, later, type PlainDate } from "../time/dates.ts";
import { nextDateAfter } from "../time/publication.ts";
import { isClosed, type ResponseKind } from "./caching.ts";
import type { Latest } from "./endpoint.ts";
import { ApiFailure } from "./failure.ts";
import { parityOfRoute } from "./provenance.ts";
import { type RateReader, UNKNOWN_RETRY_SECONDS } from "./rate-reader.ts";

/** Rows of tables with one rate for each currency or provider. */

/** Up to this many rates of a date cost little more than one. */
const MAX_LIGHT_ROWS = 10;
/** A rate of a date takes a page of its own: less than the same page costs in a period, as most are in memory. */
const DAYS_PER_ROW = 50;

/** How many days of one pair cost as much as a table of a date (core/api/cost.ts). */
export function daysOfTable(rows: number): number {
  return rows > MAX_LIGHT_ROWS ? rows * DAYS_PER_ROW : 0;
}

/** The rate of one route, with the observation that it depends on. */
export interface TableRate {
  route: Route;
  fixing: Fixing;
}

/** A table: its rates with their fields, the date that it is of, and how long it may be kept. */
export interface RateTable {
  date: PlainDate;
  rows: readonly (ReturnType<typeof tableFields> & { base: string; quote: string; stale: boolean })[];
  stale: boolean;
  kind: ResponseKind;
  latest: Latest[];
}

/** The rates of routes in force on a date, or the newest ones. `what` has them, in the problem of a table without any. */
export async function readTable(
  reader: RateReader,
  routes: readonly Route[],
  date: PlainDate | undefined,
  what: string,
): Promise<RateTable> {
  const rates = await (date === undefined ? latestRates(reader, routes) : ratesOn(reader, routes, date));
  if (rates.length === 0) {
    if (date !== undefined && reader.isIncomplete) throw new PagesUnavailable(UNKNOWN_RETRY_SECONDS);
    throw new ApiFailure({ code: "no_data", detail: `${what} has no rate${date ? ` in force on ${date}` : " yet"}.` });
  }
  const overdue = await overdueRoutes(reader, rates, date);
  const rows = rates.map((rate) => ({
    base: rate.route.base,
    quote: rate.route.quote,
    ...tableFields(rate),
    stale: overdue.has(rate.route),
  }));
  return {
    date: date ?? rows.map((row) => row.date).reduce(later),
    rows,
    stale: rows.some(({ stale }) => stale),
    kind: date === undefined || overdue.size > 0 ? "now" : kindOn(reader, rates, date),
    latest: latestOf(rates),
  };
}

/** The newest rates of routes, those without any left out: from boards, or from pages where legs are of several dates. */
export async function latestRates(reader: RateReader, routes: readonly Route[]): Promise<TableRate[]> {
  const providers = [...new Set(routes.map(({ provider }) => provider))];
  const copies = await reader.boards(providers);
  const boards = new Map(copies.map(({ board }) => [board.provider, board]));
  const rates = await Promise.all(
    routes.map(async (route) => {
      const today = reader.todayOf(route);
      const values = route.series.map(({ id }) => valueIn(boards.get(route.provider), id));
      if (values.includes(undefined) || hasEnded(route, today)) return undefined;
      const [first, ...others] = values as Observation[];
      const date = first?.[0] as PlainDate;
      const isCommon = date <= today && others.every((other) => other[0] === date);
      const fixing = isCommon ? { date, values: (values as Observation[]).map(([, value]) => value) } : undefined;
      const found = fixing ?? (await reader.latest(route));
      return found && { route, fixing: found };
    }),
  );
  return rates.filter((rate) => rate !== undefined);
}

/** The rates in force on a date, those without any left out. */
async function ratesOn(reader: RateReader, routes: readonly Route[], date: PlainDate): Promise<TableRate[]> {
  const fromWindows = await windowsOf(reader, routes, date);
  const rates = await Promise.all(
    routes.map(async (route) => {
      if (date > reader.todayOf(route)) return undefined;
      if (fromWindows === undefined) return rateInForce(reader, route, date);
      const fixing = inForceOn(fromWindows(route), date);
      return fixing && { route, fixing };
    }),
  );
  return rates.filter((rate) => rate !== undefined);
}

/** The rate in force on a date; undefined if there is none, or its history is loading: then the reader is incomplete. */
export async function rateInForce(reader: RateReader, route: Route, date: PlainDate): Promise<TableRate | undefined> {
  try {
    const fixing = inForceOn(await reader.fixingsToCarry(route, date, date), date);
    return fixing && { route, fixing };
  } catch (error) {
    // One series that is not there yet keeps the others from nobody.
    if (error instanceof PageAbsent) return undefined;
    throw error;
  }
}

/** The routes whose rate in a table should have been replaced by a newer one, which may still come. */
async function overdueRoutes(
  reader: RateReader,
  rates: readonly TableRate[],
  date: PlainDate | undefined,
): Promise<ReadonlySet<Route>> {
  if (reader.staleReason !== undefined) return new Set(rates.map(({ route }) => route));
  const isOfToday = ({ route }: TableRate) => date === undefined || date >= reader.todayOf(route);
  // Of a past instant a table takes one read, which says nothing of later dates.
  const isRecord = reader.host.requestedAtMs !== undefined;
  const past =
    date === undefined || isRecord ? [] : rates.filter((rate) => !isOfToday(rate) && !isReplacedAfter(rate, date));
  const newest =
    past.length > 0
      ? await latestRates(
          reader,
          past.map(({ route }) => route),
        )
      : [];
  const open = newest.filter(({ fixing }) => date !== undefined && fixing.date <= date);
  const stale = [...rates.filter(isOfToday), ...open].filter((rate) => isRateStale(reader, rate));
  return new Set(stale.map(({ route }) => route));
}

/** How long the rates of a date may be kept, of which none is overdue. */
function kindOn(reader: RateReader, rates: readonly TableRate[], date: PlainDate): ResponseKind {
  if (rates.every(({ route }) => isClosed(date, reader.todayOf(route), reader.host.policy))) return "closed";
  const isOver = (rate: TableRate) => date < reader.todayOf(rate.route) && isReplacedAfter(rate, date);
  return rates.every(isOver) ? "settled" : "now";
}

/** Whether the rate after this one is published for a later date. */
function isReplacedAfter({ route, fixing }: TableRate, date: PlainDate): boolean {
  return nextDateAfter(route.publication, fixing.date) > date;
}

/** Of a past instant, the fixings that reach up to a date: one read for each provider, instead of one for each series. */
async function windowsOf(reader: RateReader, routes: readonly Route[], date: PlainDate) {
  const copies = await reader.windows([...new Set(routes.map(({ provider }) => provider))], date);
  if (copies === undefined) return undefined;
  const values = new Map(copies.flatMap((copy) => Object.entries(copy.values)));
  const from = addDays(date, -CARRY_FORWARD_DAYS);
  return ({ series }: Route): Fixing[] =>
    fixingsOf(
      series.map(({ id }) => values.get(id) ?? []),
      from,
      date,
    );
}

/** The fields of one rate in a table. */
function tableFields({ route, fixing }: TableRate) {
  return {
    rate: rateOf(fixing, route),
    date: fixing.date,
    provider: route.provider,
    series: route.legs.map(({ series }) => series.providerId),
    derived: !isPublished(route),
    ...parityOfRoute(route),
  };
}

/** Whether a newer rate than this newest one should be there. */
export function isRateStale(reader: RateReader, { route, fixing }: TableRate): boolean {
  return reader.staleReason !== undefined || reader.freshnessOf(route, fixing.date).stale;
}

/** What decides how long a response with these rates is kept. */
export function latestOf(rates: readonly TableRate[]): Latest[] {
  return oldestOf(rates.map(({ route, fixing }) => [route.provider, { route, date: fixing.date }]));
}

/** What decides how long a response is kept: of each provider the rate or series that is furthest behind. */
export function oldestOf(all: readonly (readonly [provider: string, latest: Latest])[]): Latest[] {
  const oldest = new Map<string, Latest>();
  for (const [provider, latest] of all) {
    const before = oldest.get(provider);
    if (before === undefined || latest.date < before.date) oldest.set(provider, latest);
  }
  return [...oldest.values()];
}

function valueIn(board: Board | undefined, series: string): Observation | undefined {
  return board && Object.hasOwn(board.values, series) ? board.values[series] : undefined;
}

function hasEnded(route: Route, today: PlainDate): boolean {
  const until = lastDateOf(route);
  return until !== undefined && until < today;
}
