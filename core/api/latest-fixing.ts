import { PagesUnavailable } from "../pages/page-source.ts";
import type { Fixing } from "../rates/fixing.ts";
import { freshnessOf } from "../rates/freshness.ts";
import { firstDateOf, type Pair } from "../rates/series.ts";
import { PREFIX } from "./endpoint.ts";
import { ApiFailure } from "./failure.ts";
import { type RateReader, UNKNOWN_RETRY_SECONDS } from "./rate-reader.ts";

/** How soon a client may ask again for a rate that is too old: ingestion tries every few minutes. */
const TOO_OLD_RETRY_SECONDS = 300;

/** The newest fixing of a pair, however old. */
export async function storedLatest(reader: RateReader, pair: Pair): Promise<Fixing> {
  const latest = await reader.latest(pair);
  if (!latest) throw new PagesUnavailable(UNKNOWN_RETRY_SECONDS);
  return latest;
}

/** The newest fixing, refused where so many publications were missed that it can't be called current. */
export async function servableLatest(reader: RateReader, pair: Pair): Promise<Fixing> {
  const latest = await storedLatest(reader, pair);
  const { publicationsMissed } = freshnessOf(latest.date, reader.outlook);
  if (publicationsMissed <= reader.host.policy.MAX_PUBLICATIONS_MISSED) return latest;
  throw new ApiFailure({
    code: "rate_too_old",
    retryAfterSeconds: TOO_OLD_RETRY_SECONDS,
    detail: `The newest ${pair.base}/${pair.quote} is of ${latest.date}, ${publicationsMissed} publications ago. Ask for it by date under ${PREFIX}/rates/on/${latest.date}?base=${pair.base}&quote=${pair.quote}.`,
  });
}

/** The failure of a request for which a pair has no rate; it says from when to when there are any. */
export async function noData(reader: RateReader, pair: Pair, what: string): Promise<ApiFailure> {
  const latest = await storedLatest(reader, pair);
  return new ApiFailure({
    code: "no_data",
    detail: `${what}; there are rates from ${firstDateOf(pair)} to ${latest.date}.`,
  });
}
