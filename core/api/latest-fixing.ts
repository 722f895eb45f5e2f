import { PagesUnavailable } from "../pages/page-source.ts";
import type { Fixing } from "../rates/fixing.ts";
import { firstDateOf, lastDateOf, type Route } from "../rates/route.ts";
import type { PlainDate } from "../time/dates.ts";
import { PREFIX } from "./endpoint.ts";
import { ApiFailure } from "./failure.ts";
import type { ApiHost } from "./host.ts";
import { nothingStored } from "./known-at.ts";
import { type RateReader, UNKNOWN_RETRY_SECONDS } from "./rate-reader.ts";

/** How soon a client may ask again for a rate that is too old: ingestion tries every few minutes. */
const TOO_OLD_RETRY_SECONDS = 300;

/** The newest fixing of a pair, however old. */
export async function storedLatest(reader: RateReader, route: Route): Promise<Fixing> {
  const latest = await reader.latest(route);
  if (latest) return latest;
  const { nowMs, requestedAtMs } = reader.host;
  throw requestedAtMs === undefined ? new PagesUnavailable(UNKNOWN_RETRY_SECONDS) : nothingStored(nowMs);
}

/** The newest fixing, refused where so many publications were missed that it can't be called current. */
export async function servableLatest(reader: RateReader, route: Route): Promise<Fixing> {
  const latest = await storedLatest(reader, route);
  const until = lastDateOf(route);
  if (until !== undefined && until < reader.todayOf(route)) {
    const detail = `${route.base}/${route.quote} of ${route.provider} ended on ${latest.date}. ${byDate(route, latest.date)}`;
    throw new ApiFailure({ code: "no_data", detail });
  }
  const { publicationsMissed } = reader.freshnessOf(route, latest.date);
  const { policy, requestedAtMs } = reader.host;
  // What was newest at a past instant is what the request is about, however late the next one was then.
  if (publicationsMissed <= policy.MAX_PUBLICATIONS_MISSED || requestedAtMs !== undefined) return latest;
  throw new ApiFailure({
    code: "rate_too_old",
    retryAfterSeconds: TOO_OLD_RETRY_SECONDS,
    detail: `The newest ${route.base}/${route.quote} is of ${latest.date}, ${publicationsMissed} publications ago. ${byDate(route, latest.date)}`,
  });
}

/** The failure of a request for which a pair has no rate; it says from when to when there are any. */
export async function noData(reader: RateReader, route: Route, what: string): Promise<ApiFailure> {
  const latest = await storedLatest(reader, route);
  return new ApiFailure({
    code: "no_data",
    detail: `${what}; there are rates from ${reader.firstDate(route)} to ${latest.date}.${earlierElsewhere(reader.host, route)}`,
  });
}

/** Which other providers have rates of a pair from before this route's first one. */
function earlierElsewhere({ catalogue }: ApiHost, route: Route): string {
  const { base, quote } = route;
  const isEarlier = (other: Route | undefined) => other !== undefined && firstDateOf(other) < firstDateOf(route);
  const ids = catalogue.providersOf(base, quote).filter(({ id }) => isEarlier(catalogue.route(base, quote, id)));
  return ids.length > 0 ? ` Earlier ones, with provider: ${ids.map(({ id }) => id).join(", ")}.` : "";
}

function byDate({ base, quote }: Route, date: PlainDate): string {
  return `Ask for it by date under ${PREFIX}/rates/on/${date}?base=${base}&quote=${quote}.`;
}
