import { divide, formatDecimal, parseDecimal, sum } from "../../money/decimal.ts";
import type { Fixing } from "../../rates/fixing.ts";
import { firstDateOf, isPublished, type Route } from "../../rates/route.ts";
import { addDays, earlier, later, monthBounds, type PlainDate, weekdayOf } from "../../time/dates.ts";
import type { RateReader } from "../rate-reader.ts";
import { daysOfTable, type TableRate } from "../table.ts";
import { assertComplete, FacadeFailure, lifetimeOf, utcToday } from "./facade.ts";
import { figureOf, numberOf, roundedFigure } from "./figures.ts";
import type { Group, V2Query, V2Routes } from "./frankfurter-query.ts";
import {
  eachRoute,
  type History,
  historyBlocks,
  LastRates,
  MAX_PAIR_DAYS,
  PAIRS_PER_BLOCK,
  pairDaysOf,
  snapshotOf,
} from "./rates.ts";

/** The rows of Frankfurter's v2: snapshots by quote, ranges by date and then quote. */

export interface V2Row {
  date: PlainDate;
  quote: string;
  /** A JSON number. */
  figure: string;
  /** Absent for the base in itself. */
  provider?: string;
}

/** What decides how long rows hold. */
type Lifetime = ReturnType<typeof lifetimeOf>;
type Write = (rows: readonly V2Row[]) => void;

/** Means of published values enter a rate with enough decimals that only the last rounding has an effect. */
const WORKING_SCALE = 30;
/** Rows are some 60 bytes each, so that daily ones fill a response sooner than in v1. */
const MAX_LISTED_PAIR_DAYS = 200_000;

/** How many days of one pair a query comes to. Throws FacadeFailure if a response can't hold them. */
export function v2PairDaysOf(query: V2Query, { pairs, identity }: V2Routes, today: PlainDate): number {
  const { date, from, to, group } = query;
  if (from === undefined) return date === undefined ? 0 : daysOfTable(pairs.length);
  const days = pairDaysOf(identity ? [...pairs, identity] : pairs, from, earlier(to, today));
  if (days <= (group ? MAX_PAIR_DAYS : MAX_LISTED_PAIR_DAYS)) return days;
  throw new FacadeFailure(422, "range too large, name fewer quotes");
}

/** Reads the rows of a query, and writes them some at a time, in order. */
export async function writeV2Rows(
  reader: RateReader,
  query: V2Query,
  routes: V2Routes,
  write: Write,
): Promise<Lifetime> {
  let isEmpty = true;
  const watched: Write = (rows) => {
    if (rows.length > 0) isEmpty = false;
    write(rows);
  };
  const lifetime = await (query.from === undefined ? snapshot : range)(reader, query, routes, watched);
  if (isEmpty) assertComplete(reader);
  return lifetime;
}

async function snapshot(reader: RateReader, query: V2Query, { pairs, identity }: V2Routes, write: Write) {
  const { date } = query;
  const rates = await snapshotOf(reader, pairs, date);
  const rows: V2Row[] = rates.map(({ route, fixing }) => rowOf(fixing, route, query));
  const newest = rates.reduce((last, { fixing }) => later(last, fixing.date), "");
  const own = identity && newest === "" ? await snapshotOf(reader, [identity], date) : [];
  const identityDate = newest || own[0]?.fixing.date;
  if (identity && identityDate) rows.push(identityRow(identityDate, query));
  write(rows.sort(byQuote));
  return lifetimeOf(reader, [...rates, ...own], date ?? utcToday(reader));
}

async function range(reader: RateReader, query: V2Query, { pairs, identity }: V2Routes, write: Write) {
  const { from = "", group } = query;
  const to = earlier(query.to, utcToday(reader));
  v2PairDaysOf(query, { pairs, identity }, to);
  const blocksOf = (routes: readonly Route[]) =>
    group ? groupedBlocks(reader, routes, from, to, group) : historyBlocks(reader, routes, from, to);
  const last = new LastRates();
  for await (const histories of blocksOf(pairs)) {
    last.add(histories);
    write(rowsIn(histories, query, identity !== undefined));
  }
  if (identity && last.rates.length === 0)
    for await (const histories of blocksOf([identity])) {
      last.add(histories);
      write(histories.flatMap(({ fixings }) => fixings.map(({ date }) => identityRow(date, query))));
    }
  const rates = group ? last.rates.map((rate) => withDateOfMean(reader, rate, group)) : last.rates;
  return lifetimeOf(reader, rates, group ? endOf(to, group) : to);
}

/** The rows of some histories, by date and then quote. */
function rowsIn(histories: readonly History[], query: V2Query, hasIdentity: boolean): V2Row[] {
  const byDate = new Map<PlainDate, V2Row[]>();
  for (const { route, fixings } of histories)
    for (const fixing of fixings) {
      const row = rowOf(fixing, route, query);
      const day = byDate.get(row.date);
      if (day) day.push(row);
      else byDate.set(row.date, [row]);
    }
  if (hasIdentity) for (const [date, day] of byDate) day.push(identityRow(date, query));
  return [...byDate.keys()].sort().flatMap((date) => (byDate.get(date) ?? []).sort(byQuote));
}

function byQuote(a: V2Row, b: V2Row): number {
  return a.quote < b.quote ? -1 : 1;
}

/** The base in itself. */
function identityRow(date: PlainDate, { base }: V2Query): V2Row {
  return { date, quote: base, figure: "1.0" };
}

/** One row. A named provider's own digits stay as published; means are always rounded. */
function rowOf(fixing: Fixing, route: Route, { group, providers, from }: V2Query): V2Row {
  const { date, values } = fixing;
  const isMean = group !== undefined && from !== undefined;
  const isOwn = !isMean && providers !== undefined && isPublished(route);
  const figure = isOwn ? numberOf(values[0] ?? "1") : isMean ? roundedFigure(fixing, route) : figureOf(fixing, route);
  return { date, quote: route.quote, figure, provider: route.provider };
}

/**
 * Labels with the means of whole weeks or months, those of a route's legs apart, from the label before `from` on: all in
 * one block, but read some pairs at a time.
 */
async function* groupedBlocks(
  reader: RateReader,
  routes: readonly Route[],
  from: PlainDate,
  to: PlainDate,
  group: Group,
): AsyncGenerator<History[]> {
  const found: History[] = [];
  for (let index = 0; index < routes.length; index += PAIRS_PER_BLOCK) {
    const block = routes.slice(index, index + PAIRS_PER_BLOCK);
    found.push(...(await eachRoute(block, (route) => groupedHistory(reader, route, from, to, group))));
    reader.release();
  }
  yield found;
}

async function groupedHistory(
  reader: RateReader,
  route: Route,
  from: PlainDate,
  to: PlainDate,
  group: Group,
): Promise<History> {
  if (from > to || from > reader.todayOf(route) || to < firstDateOf(route)) return { route, fixings: [] };
  const [start, end] = [labelOf(from, group), endOf(to, group)];
  const means = await Promise.all(
    route.series.map(async (series) => {
      const own = { ...route, legs: [{ series, inverse: false }], parities: [], series: [series] };
      return meansOf(await reader.fixings(own, start, end), group);
    }),
  );
  const [first = new Map<PlainDate, string>(), ...others] = means;
  const labels = [...first.keys()].filter((label) => others.every((other) => other.has(label)));
  return { route, fixings: labels.map((date) => ({ date, values: means.map((mean) => mean.get(date) ?? "1") })) };
}

/** The mean of the values of each label. */
function meansOf(fixings: readonly Fixing[], group: Group): Map<PlainDate, string> {
  const groups = Map.groupBy(fixings, ({ date }) => labelOf(date, group));
  const meanOf = (members: readonly Fixing[]) => {
    const total = sum(members.map(({ values }) => parseDecimal(values[0] ?? "1")));
    return formatDecimal(divide(total, { units: BigInt(members.length), scale: 0 }, WORKING_SCALE));
  };
  return new Map(Array.from(groups, ([label, members]) => [label, meanOf(members)]));
}

/** The first of the month, or the Monday of the week. */
function labelOf(date: PlainDate, group: Group): PlainDate {
  return group === "month" ? `${date.slice(0, 7)}-01` : addDays(date, -((weekdayOf(date) + 6) % 7));
}

/** The last day of the month or week. */
function endOf(date: PlainDate, group: Group): PlainDate {
  return group === "month" ? monthBounds(date.slice(0, 7)).to : addDays(labelOf(date, group), 6);
}

/** The rate of a mean with the last date that it can cover by now. */
function withDateOfMean(reader: RateReader, { route, fixing }: TableRate, group: Group): TableRate {
  const date = earlier(endOf(fixing.date, group), reader.todayOf(route));
  return { route, fixing: { ...fixing, date } };
}
