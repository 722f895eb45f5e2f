import type { PlainDate } from "../dates.ts";
import { freshnessOf } from "../freshness.ts";
import { DATA_HEADERS } from "../problem.ts";
import { ATTRIBUTION, isPublished, legsOf, type Pair } from "../series.ts";
import { type AnswerKind, cacheHeaders, type Lifetimes, lifetimesOf } from "./caching.ts";
import { etagOf } from "./etag.ts";
import type { Reading } from "./reading.ts";

/** A finished answer, and until when this host may give it again without looking (epoch milliseconds). */
export interface Answer {
  body: string;
  headers: Record<string, string>;
  /** What the caching headers say, for a host that gives the answer again later. */
  lifetimes: Lifetimes;
  hotUntilMs: number;
}

/** The part of an answer that says what a rate is made of. */
export function provenanceOf(pair: Pair) {
  const series = legsOf(pair).map(({ providerId }) => providerId);
  return {
    source: { provider: "banxico" as const, series: pair.base === pair.quote ? [] : series, attribution: ATTRIBUTION },
    derived: !isPublished(pair),
  };
}

/** Whether the answer is old, and when it next changes. `latest` is undefined where the period is closed. */
export function stalenessOf(reading: Reading, latest: PlainDate | undefined) {
  const unconfirmed = reading.staleReason !== undefined;
  if (latest === undefined) return { stale: unconfirmed, next_update: null };
  const { stale, nextUpdateMs } = freshnessOf(latest, reading.outlook);
  return { stale: stale || unconfirmed, next_update: instant(nextUpdateMs) };
}

/** The answer as bytes with every header that its content and the copies behind it decide. */
export function finish(reading: Reading, content: { stale?: boolean }, kind: AnswerKind, latest: PlainDate): Answer {
  const { host, tier, staleReason, outlook } = reading;
  const missed = reading.isConfirmationAwaited(latest) ? "awaiting_confirmation" : "publication_missed";
  const reason = staleReason ?? (content.stale ? missed : undefined);
  const body = JSON.stringify(content);
  const elapsedMs = host.elapsedMs();
  const isUnconfirmed = staleReason !== undefined || reading.isIncomplete;
  const lifetimes = lifetimesOf(kind, latest, isUnconfirmed, outlook);
  return {
    body,
    lifetimes,
    hotUntilMs: Math.min(reading.freshUntilMs, outlook.nextChangeMs),
    headers: {
      ...DATA_HEADERS,
      "Content-Type": "application/json",
      ETag: etagOf(body),
      ...cacheHeaders(lifetimes),
      ...(reading.series.length > 0 && { "Cache-Tag": reading.series.join(",") }),
      "Paridad-Tier": tier,
      "Server-Timing": `${tier};dur=${elapsedMs}`,
      ...(reason && { "Paridad-Stale": reason }),
    },
  };
}

/** An instant as RFC 3339 without fractions, in UTC. */
export function instant(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
