import { cacheHeaders, type Lifetimes, lifetimesOf } from "./caching.ts";
import type { Diagnostics } from "./diagnostics.ts";
import type { EndpointResult } from "./endpoint.ts";
import { etagOf } from "./etag.ts";
import type { Rendered } from "./formats/format.ts";
import { DATA_HEADERS } from "./headers.ts";
import { lifetimesAt } from "./known-at.ts";
import type { RateReader } from "./rate-reader.ts";

/** A finished response, and until when this host may reuse it without reading pages again (epoch milliseconds). */
export interface FinishedResponse {
  body: string | Uint8Array<ArrayBuffer>;
  /** The same for every reader: what holds for one request only is in `diagnostics`. */
  headers: Record<string, string>;
  /** What the caching headers say, for a host that reuses the response later. */
  lifetimes: Lifetimes;
  hotUntilMs: number;
  /** undefined: a document, which comes from no tier. */
  diagnostics?: Diagnostics;
}

/** A response that depends on no page is made again after this long. */
const HOT_MS = 3_600_000;

/** The response as bytes, with every header that its content and the page copies behind it decide. */
export function finish(
  reader: RateReader,
  { content, kind, latest, isIncomplete = false }: EndpointResult<{ stale?: boolean }>,
  { body, headers }: Rendered,
): FinishedResponse {
  const { host, tier, staleReason } = reader;
  const missed = latest.some(({ date }) => reader.isConfirmationAwaited(date))
    ? "awaiting_confirmation"
    : "publication_missed";
  const reason = staleReason ?? (content.stale ? missed : undefined);
  const isUnconfirmed = staleReason !== undefined || reader.isIncomplete || isIncomplete;
  const ofNow = () => ({
    lifetimes: lifetimesOf(
      kind,
      latest.map(({ route, date }) => ({ outlook: reader.outlookOf(route), date })),
      isUnconfirmed,
      reader.freshUntilMs,
      reader.nextChangeMs - host.nowMs,
    ),
    hotUntilMs:
      isIncomplete || kind === "log"
        ? host.nowMs
        : Math.min(reader.freshUntilMs, reader.nextChangeMs, host.nowMs + HOT_MS),
  });
  const { lifetimes, hotUntilMs } =
    host.requestedAtMs === undefined ? ofNow() : lifetimesAt(host.nowMs, host.requestedAtMs);
  return {
    body: typeof body === "string" ? body : body.bytes,
    lifetimes,
    hotUntilMs,
    headers: {
      ...DATA_HEADERS,
      ...headers,
      ETag: etagOf(typeof body === "string" ? body : body.fingerprint),
      ...cacheHeaders(lifetimes),
      ...(reader.tags.length > 0 && { "Cache-Tag": reader.tags.join(",") }),
      ...(reason && { "Paridad-Stale": reason }),
    },
    diagnostics: { tier, durationMs: host.elapsedMs() },
  };
}
