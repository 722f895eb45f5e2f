import { type Fixing, inForceOn } from "../rates/fixing.ts";
import { lastDateOf, type Route } from "../rates/route.ts";
import type { PlainDate } from "../time/dates.ts";
import { nextDateAfter } from "../time/publication.ts";
import { isClosed } from "./caching.ts";
import { noData, storedLatest } from "./latest-fixing.ts";
import type { RateReader } from "./rate-reader.ts";

/** What a period still waits for. */
export interface Period {
  kind: "now" | "settled" | "closed";
  /** The date of the newest fixing, if another one may still join the period. */
  openLatest?: PlainDate;
}

/**
 * What a period still waits for. Nothing new can join it where a later fixing is stored, or where it is over and the bank
 * date that a value is published for after the newest fixing lies beyond it: then there is no `openLatest`. Otherwise, and where the period moves with the
 * newest fixing, that decides whether the response is stale and when it next changes.
 */
export async function periodOf(
  reader: RateReader,
  route: Route,
  from: PlainDate,
  to: PlainDate,
  endsOnLatest = false,
): Promise<Period> {
  const { host } = reader;
  const today = reader.todayOf(route);
  const kind = isClosed(to, today, host.policy) ? "closed" : "settled";
  if (!endsOnLatest && from <= today && reader.hasLater(route, to)) return { kind };
  const { date: openLatest } = await storedLatest(reader, route);
  const until = lastDateOf(route);
  const hasEnded = until !== undefined && openLatest >= until;
  const isComplete = !endsOnLatest && to < today && nextDateAfter(route.publication, openLatest) > to;
  return isComplete || hasEnded ? { kind } : { kind: "now", openLatest };
}

/** The fixing whose rate is in force on a date, and what that day still waits for. */
export async function inForce(
  reader: RateReader,
  route: Route,
  date: PlainDate,
): Promise<{ fixing: Fixing; period: Period }> {
  const refuse = () => noData(reader, route, `${route.base}/${route.quote} has no rate in force on ${date}`);
  const fixing = inForceOn(await reader.fixingsToCarry(route, date, date), date);
  // Of a day to come, only a view of the FIX may know the rate.
  if (!fixing || (date > reader.todayOf(route) && !reader.hasLater(route, date))) throw await refuse();
  return { fixing, period: await periodOf(reader, route, date, date) };
}
