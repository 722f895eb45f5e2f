import type { Fixing, SomeFixings } from "../rates/fixing.ts";
import { firstDateOf, type Route } from "../rates/route.ts";
import { addDays, later, type PlainDate } from "../time/dates.ts";
import { isTooLong, TOO_LONG } from "./endpoints/historical.ts";
import { invalidParameter } from "./failure.ts";
import { noData, storedLatest } from "./latest-fixing.ts";
import { date } from "./parameters.ts";
import { type Period, periodOf } from "./period.ts";
import type { RateReader } from "./rate-reader.ts";

/** The period of an analysis: a year that ends on the latest observation, unless the client says otherwise. */

/** `from` and `to` of an analysis. */
export const periodParameters = () => ({
  from: date().optional().openapi({
    description: "First date (inclusive). Default: a year before `to`.",
    example: "2023-01-01",
  }),
  to: date().optional().openapi({
    description: "Last date (inclusive). Default: the date of the latest observation, or today if `from` is given.",
    example: "2023-12-31",
  }),
});

interface Bounds {
  from?: PlainDate | undefined;
  to?: PlainDate | undefined;
}

/** A period that is settled: its bounds, its fixings, and what it still waits for. */
export interface AnalysisPeriod {
  from: PlainDate;
  to: PlainDate;
  fixings: SomeFixings;
  period: Period;
}

/** Both ends of a period, validated together. */
export async function boundsOf(
  reader: RateReader,
  route: Route,
  { from, to }: Bounds,
): Promise<{ from: PlainDate; to: PlainDate; endsOnLatest: boolean }> {
  if (from === undefined) {
    const end = to ?? (await storedLatest(reader, route)).date;
    if (end < firstDateOf(route))
      throw await noData(reader, route, `${route.base}/${route.quote} has no observation on or before ${end}`);
    return { from: addDays(end, -DEFAULT_DAYS), to: end, endsOnLatest: to === undefined };
  }
  const end = to ?? later(reader.todayOf(route), from);
  if (from > end) throw invalidParameter("from", "must not be after to");
  if (isTooLong(from, end)) throw invalidParameter("from", TOO_LONG);
  return { from, to: end, endsOnLatest: false };
}

/** Reads the fixings of [from, to]; throws a problem if there are none. */
export async function readPeriod(
  reader: RateReader,
  route: Route,
  { from, to, endsOnLatest }: { from: PlainDate; to: PlainDate; endsOnLatest: boolean },
): Promise<AnalysisPeriod> {
  const fixings = await reader.fixings(route, from, to);
  if (!hasAny(fixings))
    throw await noData(reader, route, `${route.base}/${route.quote} has no observation from ${from} to ${to}`);
  return { from, to, fixings, period: await periodOf(reader, route, from, to, endsOnLatest) };
}

function hasAny(fixings: readonly Fixing[]): fixings is SomeFixings {
  return fixings.length > 0;
}

/** The last fixing before a period whose first rate is of `first`, for the move into it; undefined at the series' start. */
export async function fixingBefore(reader: RateReader, route: Route, first: PlainDate): Promise<Fixing | undefined> {
  if (first === firstDateOf(route)) return undefined;
  return (await reader.withCarried(route, first, [])).at(-1);
}

/** As a period of a year, both ends counted, has one day of the month twice. */
const DEFAULT_DAYS = 365;
