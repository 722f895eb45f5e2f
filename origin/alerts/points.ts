import type { Metric } from "#core/alerts/metric.ts";
import type { Provider } from "#core/providers/provider.ts";
import { changeOf } from "#core/rates/change.ts";
import { type Fixing, fixingsOf, rateOf } from "#core/rates/fixing.ts";
import { freshnessOf, outlookAt } from "#core/rates/freshness.ts";
import type { Route } from "#core/rates/route.ts";
import type { Series } from "#core/rates/series.ts";
import { addDays, dayNumber, earlier, later, type PlainDate } from "#core/time/dates.ts";
import { newestOf } from "../store/board.ts";
import { type Row, valuesBySeries } from "../store/rows.ts";
import type { SqlSession } from "../store/sql-session.ts";

/** A metric's value on one date, and the highest sequence number among the observations that it is made of. */
export interface Point {
  date: PlainDate;
  version: number;
  value: string;
}

export type PairMetric = Exclude<Metric, { kind: "stale" }>;

/** Calendar days that hold one fixing, of rates by day and by week, and how far the newest fixing of two series may lie back. */
const DAYS_PER_FIXING = 2;
const DAYS_PER_WEEKLY_FIXING = 8;
const MARGIN_DAYS = 40;

const NONE: ReadonlySet<number> = new Set();

/**
 * The value of a pair's metric on a date; undefined unless every leg has one. Observations whose versions are in `later`
 * do not count: the log tells of them only afterwards.
 */
export async function pointOn(
  session: SqlSession,
  metric: PairMetric,
  route: Route,
  date: PlainDate,
  isLater: ReadonlySet<number> = NONE,
): Promise<Point | undefined> {
  const window = metric.kind === "change" ? metric.window : 0;
  const days = route.publication.weekday === undefined ? DAYS_PER_FIXING : DAYS_PER_WEEKLY_FIXING;
  const from = window === 0 ? date : addDays(date, -(window * days + MARGIN_DAYS));
  const series = route.series.map(({ id }) => id);
  const rows = (await session.store.read({ series, from, to: date })).filter(({ seq }) => seq > 0 && !isLater.has(seq));
  const fixings = fixingsIn(rows, series, from, date);
  const [start, end] = [fixings.at(-1 - window), fixings.at(-1)];
  if (start === undefined || end?.date !== date) return undefined;
  const value = window === 0 ? rateOf(end, route) : changeOf(route, [start, end])?.percent;
  const version = rows.reduce((highest, row) => (row.date === date ? Math.max(highest, row.seq) : highest), 0);
  return value === undefined ? undefined : { date, version, value };
}

/** The newest value of a pair's metric; undefined if it has no fixing yet. The value is empty if its window is not full. */
export async function newestPoint(session: SqlSession, metric: PairMetric, route: Route): Promise<Point | undefined> {
  const series = route.series.map(({ id }) => id);
  const heads = await session.store.heads(series);
  if (heads.size < series.length) return undefined;
  const to = [...heads.values()].map(({ last }) => last).reduce(earlier);
  const from = addDays(to, -MARGIN_DAYS);
  const newest = fixingsIn(await session.store.read({ series, from, to }), series, from, to).at(-1);
  if (newest === undefined) return undefined;
  const point = await pointOn(session, metric, route, newest.date);
  const rate = await pointOn(session, { ...metric, kind: "rate" }, route, newest.date);
  return point ?? (rate && { ...rate, value: "" });
}

/** How many publications of a provider are missing, as of the last that is due; undefined before its first value. */
export async function stalenessOf(session: SqlSession, provider: Provider, nowMs: number): Promise<Point | undefined> {
  const heads = await session.store.heads(provider.series.filter(isAwaited).map(({ id }) => id));
  const newest = await newestOf(session.store, [...heads]);
  const dates = [...newest.values()].flatMap((value) => value?.[0] ?? []);
  if (dates.length === 0) return undefined;
  const { publicationsMissed, expected } = freshnessOf(dates.reduce(later), outlookAt(provider.publication, nowMs));
  return { date: expected, version: dayNumber(expected), value: String(publicationsMissed) };
}

/** Whether a series is announced with its provider's others, so that its dates say nothing of another schedule. */
function isAwaited({ publication, horizonDays }: Series): boolean {
  return publication === undefined && horizonDays === undefined;
}

function fixingsIn(rows: readonly Row[], series: readonly string[], from: PlainDate, to: PlainDate): Fixing[] {
  const values = valuesBySeries(rows);
  const legs = series.map((id) => [...(values.get(id) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)));
  return fixingsOf(legs, from, to);
}
