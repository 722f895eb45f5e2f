import { freshnessOf } from "../rates/freshness.ts";
import { ATTRIBUTION, isPublished, legsOf, type Pair } from "../rates/series.ts";
import type { PlainDate } from "../time/dates.ts";
import { type AnswerKind, cacheHeaders, type Lifetimes, lifetimesOf } from "./caching.ts";
import type { Diagnostics } from "./diagnostics.ts";
import { etagOf } from "./etag.ts";
import { DATA_HEADERS } from "./problem.ts";
import type { RateReader } from "./rate-reader.ts";

/** A finished response, and until when this host may reuse it without reading pages again (epoch milliseconds). */
export interface Answer {
  body: string;
  /** The same for every reader: what holds for one request only is in `diagnostics`. */
  headers: Record<string, string>;
  /** What the caching headers say, for a host that reuses the response later. */
  lifetimes: Lifetimes;
  hotUntilMs: number;
  /** undefined: a document, which comes from no tier. */
  diagnostics?: Diagnostics;
}

/** The fields that say which published series a rate is made of. */
export function provenanceOf(pair: Pair) {
  const series = legsOf(pair).map(({ providerId }) => providerId);
  return {
    source: { provider: "banxico" as const, series: pair.base === pair.quote ? [] : series, attribution: ATTRIBUTION },
    derived: !isPublished(pair),
  };
}

/** Whether the response is stale, and when it next changes. `latest` is undefined if the period is closed. */
export function stalenessOf(reader: RateReader, latest: PlainDate | undefined) {
  const unconfirmed = reader.staleReason !== undefined;
  if (latest === undefined) return { stale: unconfirmed, next_update: null };
  const { stale, nextUpdateMs } = freshnessOf(latest, reader.outlook);
  return { stale: stale || unconfirmed, next_update: instant(nextUpdateMs) };
}

/** The response as bytes, with every header that its content and the page copies behind it decide. */
export function finish(reader: RateReader, content: { stale?: boolean }, kind: AnswerKind, latest: PlainDate): Answer {
  const { host, tier, staleReason, outlook } = reader;
  const missed = reader.isConfirmationAwaited(latest) ? "awaiting_confirmation" : "publication_missed";
  const reason = staleReason ?? (content.stale ? missed : undefined);
  const body = JSON.stringify(content);
  const isUnconfirmed = staleReason !== undefined || reader.isIncomplete;
  const lifetimes = lifetimesOf(kind, latest, isUnconfirmed, outlook);
  return {
    body,
    lifetimes,
    hotUntilMs: Math.min(reader.freshUntilMs, outlook.nextChangeMs),
    headers: {
      ...DATA_HEADERS,
      "Content-Type": "application/json",
      ETag: etagOf(body),
      ...cacheHeaders(lifetimes),
      ...(reader.series.length > 0 && { "Cache-Tag": reader.series.join(",") }),
      ...(reason && { "Paridad-Stale": reason }),
    },
    diagnostics: { tier, durationMs: host.elapsedMs() },
  };
}

/** An instant as RFC 3339 without fractions, in UTC. */
export function instant(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
