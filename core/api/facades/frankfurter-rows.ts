import { divide, formatDecimal, parseDecimal, sum } from "../../money/decimal.ts";
import type { Fixing } from "../../rates/fixing.ts";
import { firstDateOf, isPublished, type Route } from "../../rates/route.ts";
import { addDays, earlier, later, monthBounds, type PlainDate, utcDate, weekdayOf } from "../../time/dates.ts";
import type { RateReader } from "../rate-reader.ts";
import type { TableRate } from "../table.ts";
import { assertComplete, FacadeFailure, lifetimeOf } from "./facade.ts";
import { figureOf, numberOf, roundedFigure } from "./figures.ts";
import type { Group, V2Query, V2Routes } from "./frankfurter-query.ts";
import { eachRoute, type History, historiesOf, lastRatesOf, MAX_PAIR_DAYS, pairDaysOf, snapshotOf } from "./rates.ts";

/** The rows of Frankfurter's v2: snapshots by quote, ranges by date and then quote. */

export interface V2Row {
  date: PlainDate;
  quote: string;
  /** A JSON number. */
  figure: string;
  /** Absent for the base in itself. */
  provider?: string;
}

export interface V2Rows {
  rows: V2Row[];
  /** What decides how long they hold. */
  lifetime: ReturnType<typeof lifetimeOf>;
}

/** Means of published values enter a rate with enough decimals that only the last rounding has an effect. */
const WORKING_SCALE = 30;

export async function v2RowsOf(reader: RateReader, query: V2Query, routes: V2Routes): Promise<V2Rows> {
  const found = query.from === undefined ? await snapshot(reader, query, routes) : await range(reader, query, routes);
  if (found.rows.length === 0) assertComplete(reader);
  return found;
}

async function snapshot(reader: RateReader, query: V2Query, { pairs, identity }: V2Routes): Promise<V2Rows> {
  const { date } = query;
  const rates = await snapshotOf(reader, pairs, date);
  const rows: V2Row[] = rates.map(({ route, fixing }) => rowOf(fixing, route, query));
  const newest = rates.reduce((last, { fixing }) => later(last, fixing.date), "");
  const own = identity && newest === "" ? await snapshotOf(reader, [identity], date) : [];
  const identityDate = newest || own[0]?.fixing.date;
  if (identity && identityDate) rows.push({ date: identityDate, quote: query.base, figure: "1.0" });
  rows.sort((a, b) => (a.quote < b.quote ? -1 : 1));
  return { rows, lifetime: lifetimeOf(reader, [...rates, ...own], date ?? utcDate(reader.host.nowMs)) };
}

async function range(reader: RateReader, query: V2Query, { pairs, identity }: V2Routes): Promise<V2Rows> {
  const { from = "", to, group } = query;
  const all = identity ? [...pairs, identity] : pairs;
  if (pairDaysOf(all, from, to) > MAX_PAIR_DAYS) throw new FacadeFailure(422, "range too large, name fewer quotes");
  const read = (routes: readonly Route[]) =>
    group ? groupedHistories(reader, routes, from, to, group) : historiesOf(reader, routes, from, to);
  const histories = await read(pairs);
  const byDate = new Map<PlainDate, V2Row[]>();
  for (const { route, fixings } of histories)
    for (const fixing of fixings) {
      const row = rowOf(fixing, route, query);
      const day = byDate.get(row.date);
      if (day) day.push(row);
      else byDate.set(row.date, [row]);
    }
  const own = identity && byDate.size === 0 ? await read([identity]) : [];
  for (const { date } of own.flatMap(({ fixings }) => fixings)) byDate.set(date, []);
  if (identity)
    for (const [date, day] of byDate) {
      day.push({ date, quote: query.base, figure: "1.0" });
      day.sort((a, b) => (a.quote < b.quote ? -1 : 1));
    }
  const rows = [...byDate.keys()].sort().flatMap((date) => byDate.get(date) ?? []);
  const last = ratesIn(reader, [...histories, ...own], group);
  return { rows, lifetime: lifetimeOf(reader, last, group ? endOf(to, group) : to) };
}

/** One row. A named provider's own digits stay as published; means are always rounded. */
function rowOf(fixing: Fixing, route: Route, { group, providers, from }: V2Query): V2Row {
  const { date, values } = fixing;
  const isMean = group !== undefined && from !== undefined;
  const isOwn = !isMean && providers !== undefined && isPublished(route);
  const figure = isOwn ? numberOf(values[0] ?? "1") : isMean ? roundedFigure(fixing, route) : figureOf(fixing, route);
  return { date, quote: route.quote, figure, provider: route.provider };
}

/** Labels with the means of whole weeks or months, those of a route's legs apart, from the label before `from` on. */
async function groupedHistories(
  reader: RateReader,
  routes: readonly Route[],
  from: PlainDate,
  to: PlainDate,
  group: Group,
): Promise<History[]> {
  return eachRoute(routes, async (route) => {
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
  });
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

/** The last rates of histories; the date of a mean is the last one that it can cover by now. */
function ratesIn(reader: RateReader, histories: readonly History[], group: Group | undefined): TableRate[] {
  const rates = lastRatesOf(histories);
  if (group === undefined) return rates;
  return rates.map(({ route, fixing }) => {
    const date = earlier(endOf(fixing.date, group), reader.todayOf(route));
    return { route, fixing: { ...fixing, date } };
  });
}
