import { findSeries } from "../providers/provider-list.ts";
import { daysBetween, later, type PlainDate } from "../time/dates.ts";

/** How far a rate may move before a second value, or a person, must confirm it. In doubles: no rate is computed here. */

/** A value of a series on a date. */
export interface Point {
  date: PlainDate;
  value: string;
}

/** The limit of a series without one of its own, as |ln(new / old)| from one publication to the next. */
const DEFAULT_MAX_MOVE = 0.1;
/** No gap between publications was longer in normal times; over longer ones the limit grows with the square root of time. */
const USUAL_GAP_DAYS = 5;
/** Before this date only the hard bound applies: in the crisis of December 1994 to March 1995 real moves reached 20 %. */
const CRISIS_END: PlainDate = "1996-01-01";
/** A move beyond the hard bound needs a person: a factor of 3, slowly growing after a gap of two years, but below ten. */
const HARD_BOUND = Math.log(3);
const HARD_BOUND_DAYS = 730;
const BOUND_GROWTH_PER_DAY = 0.05 / 365;
const MAX_BOUND = Math.log(9.5);

/** |ln(a / b)|. */
export function moveBetween(a: Point, b: Point): number {
  return Math.abs(Math.log(Number(a.value) / Number(b.value)));
}

/** Whether only a person can accept the move from `a` to `b`. */
export function isBeyondBound(a: Point, b: Point): boolean {
  return moveBetween(a, b) > boundBetween(a, b);
}

/** Whether a value is plausible compared with another one of its series, before or after it. */
export function isNear(seriesId: string, a: Point, b: Point): boolean {
  return moveBetween(a, b) <= limitBetween(seriesId, a, b);
}

/**
 * Whether a value is plausible between its neighbours: no further outside their range than a rate may move since (or
 * until) the nearer one, and within the hard bound of both. Without neighbours every value is.
 */
export function isBetween(
  seriesId: string,
  point: Point,
  before: Point | undefined,
  after: Point | undefined,
): boolean {
  const neighbours = [before, after].filter((each) => each !== undefined);
  if (neighbours.some((each) => isBeyondBound(point, each))) return false;
  const [nearest] = neighbours.sort((a, b) => gapDays(point, a) - gapDays(point, b));
  if (nearest === undefined) return true;
  const value = Number(point.value);
  const values = neighbours.map((each) => Number(each.value));
  const outside = Math.max(Math.log(Math.min(...values) / value), Math.log(value / Math.max(...values)), 0);
  return outside <= limitBetween(seriesId, point, nearest);
}

function limitBetween(seriesId: string, a: Point, b: Point): number {
  const bound = boundBetween(a, b);
  if (later(a.date, b.date) < CRISIS_END) return bound;
  const growth = Math.sqrt(Math.max(1, gapDays(a, b) / USUAL_GAP_DAYS));
  return Math.min((findSeries(seriesId)?.maxMove ?? DEFAULT_MAX_MOVE) * growth, bound);
}

function boundBetween(a: Point, b: Point): number {
  const growth = Math.max(0, gapDays(a, b) - HARD_BOUND_DAYS) * BOUND_GROWTH_PER_DAY;
  return Math.min(HARD_BOUND + growth, MAX_BOUND);
}

function gapDays(a: Point, b: Point): number {
  return Math.abs(daysBetween(a.date, b.date));
}
