import type { Context } from "hono";
import type { Catalogue } from "../providers/catalogue.ts";
import { PROVIDERS } from "../providers/provider-list.ts";
import { parseWindow } from "../rates/average.ts";
import { daysBetween, earlier, isPlainDate, later, type PlainDate } from "../time/dates.ts";
import { type Endpoint, routingPath } from "./endpoint.ts";
import { ENDPOINTS } from "./endpoint-list.ts";
import { DEFAULT_DAYS } from "./endpoints/historical.ts";
import { FacadeFailure, type FacadeRoute, facadeRequestOf } from "./facades/facade.ts";
import { FACADE_ROUTES } from "./facades/facade-list.ts";
import { MAX_DATES } from "./list-parameters.ts";
import { DEFAULT_BASE, DEFAULT_QUOTE, type PairQuery } from "./parameters.ts";
import { queryOf } from "./parse-parameters.ts";
import { daysOfTable } from "./table.ts";
import { hasNamelessParameter } from "./target.ts";

const PERIOD_ENDPOINTS = new Map<string, Endpoint>(
  ENDPOINTS.filter((one) => one.costsByPeriod || one.costInDays || one.costsByTable || one.costsByRecord).map(
    (endpoint) => [routingPath(endpoint.path), endpoint],
  ),
);

const FACADES = new Map<string, FacadeRoute>(
  FACADE_ROUTES.filter(({ pairDays }) => pairDays !== undefined).map((route) => [route.path, route]),
);

/** The routes whose cost grows with the period or the table that is asked for, as patterns of the router. */
export const PERIOD_ROUTES: readonly string[] = [...PERIOD_ENDPOINTS.keys(), ...FACADES.keys()];

/** What is asked for of such a route: none of it is validated yet. */
export interface PeriodRequest {
  from?: string | undefined;
  to?: string | undefined;
  days?: string | undefined;
  limit?: string | undefined;
  /** Of an average. */
  window?: string | undefined;
  /** Of a table. */
  date?: string | undefined;
  /** Lists of dates and of currencies. */
  dates?: string | undefined;
  bases?: string | undefined;
  quotes?: string | undefined;
  known_at?: string | undefined;
}

/** Up to this many days a response costs little more than one rate. */
const MAX_LIGHT_DAYS = 200;
/** A unit is some 2 ms of processor time. */
const DAYS_PER_UNIT = 2_500;
/** Weekends and holidays lie between observations. */
const DAYS_PER_OBSERVATION = 1.5;

/** What a client may use in the window of its limit is more than this: even the largest response can be had. */
const MAX_FACADE_UNITS = 100;

/** Each date of a list is looked up by itself. */
const DAYS_PER_LISTED_DATE = 5;

/** What is read from the origin's store whatever the edge holds: past instants, the revisions of a date, the log of events. */
const ASKS_STORE = /[?&]known_at=|\/api\/v1\/(?:events|rates\/[^/?]+\/revisions)(?:\?|$)/;

/** Of a past instant the origin makes every page and board again: each takes many times what a copy takes. */
const PERIODS_PER_RECORD = 3;
const RECORDED_BOARDS_UNITS = 10;

const FIRST_DATE = PROVIDERS.map(({ firstDate }) => firstDate).reduce(earlier);

/** Whether every such request, given as its canonical target or URL, asks the origin's store. */
export function asksStore(target: string): boolean {
  return ASKS_STORE.test(target);
}

/**
 * What a request for one of PERIOD_ROUTES costs, in units, before anything is read: 0 for a light one, and for one that will
 * be refused. Limits and queues count it, so that long periods leave short ones alone.
 */
export function costOf(route: string, c: Context, catalogue: Catalogue, today: PlainDate): number {
  const facade = FACADES.get(route);
  if (facade !== undefined) return facadeCostOf(facade, c, catalogue, today);
  const endpoint = PERIOD_ENDPOINTS.get(route);
  const request: PeriodRequest = { ...c.req.query(), window: c.req.param("window") };
  const units = endpoint === undefined ? 0 : unitsAt(endpoint, request, catalogue, today);
  return units > 0 && isValid(endpoint, c, catalogue) ? units : 0;
}

function unitsAt(
  { costsByTable, costsByRecord, costInDays }: Endpoint,
  request: PeriodRequest,
  catalogue: Catalogue,
  today: PlainDate,
): number {
  const { known_at, date, bases, quotes } = request;
  const isRecord = known_at !== undefined;
  const pairs = lengthOf(bases) * lengthOf(quotes);
  if (costsByRecord === "pairs") return isRecord && pairs > 1 ? pairs : 0;
  if (isRecord && date === undefined && (costsByTable || costsByRecord)) return RECORDED_BOARDS_UNITS;
  if (costsByRecord) return 0;
  const units = costsByTable ? tableUnitsOf(request, catalogue) : costUnitsOf(request, today, costInDays);
  return isRecord ? PERIODS_PER_RECORD * units : units;
}

/** What the rates of a date cost: 0 without a date, for the newest ones come from boards. */
function tableUnitsOf({ date, quotes }: PeriodRequest, { currencies }: Catalogue): number {
  return date === undefined ? 0 : unitsOf(daysOfTable(quotes?.split(",").length ?? currencies.length));
}

/** Only the few long periods are parsed a second time, by the endpoint's own schema. */
function isValid(endpoint: Endpoint | undefined, c: Context, catalogue: Catalogue): boolean {
  const parsed = endpoint?.schemas().query.safeParse(queryOf(c));
  if (!parsed?.success || hasNamelessParameter(c.req.url)) return false;
  if (!("provider" in parsed.data || "base" in parsed.data)) return true;
  const { base = DEFAULT_BASE, quote = DEFAULT_QUOTE, provider } = parsed.data as unknown as Partial<PairQuery>;
  // All but tables are about a pair, or about several.
  return endpoint?.costsByTable
    ? catalogue.currencies.includes(base)
    : catalogue.route(base, quote, provider) !== undefined;
}

/** What a period alone costs: 0 if it is none. */
export function costUnitsOf(
  request: PeriodRequest,
  today: PlainDate,
  costInDays: Endpoint["costInDays"] = (one) => daysAskedFor(one, today),
): number {
  const { dates, bases, quotes, known_at } = request;
  const days = costInDays({ ...request });
  if (dates === undefined) return unitsOf(days);
  // Of a past instant the years between the dates are made again as well.
  const made = known_at === undefined ? 0 : spanOf(dates, today);
  return unitsOf(Math.max(days, made) * lengthOf(bases) * lengthOf(quotes));
}

function daysAskedFor(request: PeriodRequest, today: PlainDate): number {
  const { dates } = request;
  if (dates !== undefined) return lengthOf(dates) * DAYS_PER_LISTED_DATE;
  return Math.min(daysOf(request, today), daysBetween(FIRST_DATE, today) + 1);
}

/** The same of a facade's route, which may list many pairs. */
function facadeCostOf({ pairDays }: FacadeRoute, c: Context, catalogue: Catalogue, today: PlainDate): number {
  try {
    return Math.min(MAX_FACADE_UNITS, unitsOf(pairDays?.(facadeRequestOf(c), catalogue, today) ?? 0));
  } catch (error) {
    if (error instanceof FacadeFailure) return 0;
    throw error;
  }
}

function unitsOf(days: number): number {
  return days > MAX_LIGHT_DAYS ? Math.ceil(days / DAYS_PER_UNIT) : 0;
}

function daysOf({ from, to, days, limit, window }: PeriodRequest, today: PlainDate): number {
  if (window !== undefined) {
    const parsed = parseWindow(window);
    return parsed !== undefined && "days" in parsed ? parsed.days : 0;
  }
  if (from !== undefined) {
    const last = to ?? today;
    if (!isPlainDate(from) || !isPlainDate(last)) return 0;
    return Math.max(0, daysBetween(later(from, FIRST_DATE), earlier(last, today)) + 1);
  }
  if (days !== undefined) return countOf(days);
  return limit === undefined ? DEFAULT_DAYS : countOf(limit) * DAYS_PER_OBSERVATION;
}

/** The length of a list; one if there is none, and of one that will be refused for its length. */
function lengthOf(list = ""): number {
  const { length } = list.split(",");
  return length <= MAX_DATES ? length : 1;
}

/** Days from the first of listed dates to the last. */
function spanOf(dates: string, today: PlainDate): number {
  const valid = dates.split(",").filter(isPlainDate).sort();
  const [from, to] = [valid[0], valid.at(-1)];
  return from === undefined || to === undefined ? 0 : daysOf({ from, to }, today);
}

function countOf(text: string): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}
