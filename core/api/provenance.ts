import { freshnessOf } from "../rates/freshness.ts";
import { ATTRIBUTION, isPublished, legsOf, type Pair } from "../rates/series.ts";
import type { PlainDate } from "../time/dates.ts";
import type { RateReader } from "./rate-reader.ts";

/** The fields that say which published series a rate is made of. */
export function provenanceOf(pair: Pair) {
  const series = legsOf(pair).map(({ providerId }) => providerId);
  return {
    source: { provider: "banxico" as const, series: pair.base === pair.quote ? [] : series, attribution: ATTRIBUTION },
    derived: !isPublished(pair),
  };
}

/** Whether the response is stale, and when it next changes. */
export function stalenessOf(reader: RateReader, latest: PlainDate): { stale: boolean; next_update: string };
/** The same of a period; `latest` is undefined if it is closed. */
export function stalenessOf(
  reader: RateReader,
  latest: PlainDate | undefined,
): { stale: boolean; next_update: string | null };
export function stalenessOf(reader: RateReader, latest: PlainDate | undefined) {
  const unconfirmed = reader.staleReason !== undefined;
  if (latest === undefined) return { stale: unconfirmed, next_update: null };
  const { stale, nextUpdateMs } = freshnessOf(latest, reader.outlook);
  return { stale: stale || unconfirmed, next_update: instant(nextUpdateMs) };
}

/** An instant as RFC 3339 without fractions, in UTC. */
function instant(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
