import type { Page } from "../rates/page.ts";
import { type PageStamp, stampOf } from "../rates/page-stamp.ts";
import { routeOutlookAt } from "../rates/route-outlook.ts";
import { cacheHeaders, type Lifetimes, lifetimesOf, type ResponseKind } from "./caching.ts";
import type { Diagnostics } from "./diagnostics.ts";
import type { EndpointResult, Latest } from "./endpoint.ts";
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
  /** undefined: only making it again tells whether it still holds. */
  renewal?: Renewal;
  /** undefined: a document, which comes from no tier. */
  diagnostics?: Diagnostics;
}

/** How a response holds on without being made again: pages alone decided it, and these were found unchanged. */
export interface Renewal {
  pages: readonly PageStamp[];
  /** From then on its content may be another even so (epoch milliseconds). */
  endMs: number;
  /** At an instant before that, with pages that are fresh until `freshUntilMs`. */
  lifetimesAt(nowMs: number, freshUntilMs: number): Lifetimes;
}

/** A response that depends on no page is made again after this long. */
const HOT_MS = 3_600_000;

/**
 * The response as bytes, with every header that its content and the page copies behind it decide. `limited`: what is let of its
 * lifetimes, which hold for it as long as it is reused.
 */
export function finish(
  reader: RateReader,
  { content, kind, latest, isIncomplete = false }: EndpointResult<{ stale?: boolean }>,
  { body, headers }: Rendered,
  limited = (lifetimes: Lifetimes): Lifetimes => lifetimes,
): FinishedResponse {
  const { host, tier, staleReason } = reader;
  const missed = latest.some(({ date }) => reader.isConfirmationAwaited(date))
    ? "awaiting_confirmation"
    : "publication_missed";
  const reason = staleReason ?? (content.stale ? missed : undefined);
  const isUnconfirmed = staleReason !== undefined || reader.isIncomplete || isIncomplete;
  const ofNow = () => {
    const outlooks = latest.map(({ route, date }) => ({ outlook: reader.outlookOf(route), date }));
    const { freshUntilMs, nextChangeMs, onlyPages } = reader;
    const endMs = Math.min(nextChangeMs, host.nowMs + HOT_MS);
    return {
      lifetimes: limited(lifetimesOf(kind, outlooks, isUnconfirmed, freshUntilMs, nextChangeMs - host.nowMs)),
      hotUntilMs: isIncomplete || kind === "log" ? host.nowMs : Math.min(freshUntilMs, endMs),
      renewal:
        isUnconfirmed || kind === "log" || onlyPages === undefined
          ? undefined
          : renewalOf(kind, latest, onlyPages, endMs, limited),
    };
  };
  const { lifetimes, hotUntilMs, renewal } =
    host.requestedAtMs === undefined ? ofNow() : { ...lifetimesAt(host.nowMs, host.requestedAtMs), renewal: undefined };
  return {
    body: typeof body === "string" ? body : body.bytes,
    lifetimes,
    hotUntilMs,
    ...(renewal && { renewal }),
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

/** Keeps nothing of the request, which a host that reuses the response must not, and no page. */
function renewalOf(
  kind: ResponseKind,
  latest: readonly Latest[],
  pages: readonly Page[],
  endMs: number,
  limited: (lifetimes: Lifetimes) => Lifetimes,
): Renewal {
  const ends = latest.map(({ route: { publication, series }, date }) => ({ publication, series, date }));
  return {
    pages: pages.map(stampOf),
    endMs,
    lifetimesAt: (nowMs, freshUntilMs) => {
      const outlooks = ends.map(({ date, ...route }) => ({ outlook: routeOutlookAt(route, nowMs), date }));
      return limited(lifetimesOf(kind, outlooks, false, freshUntilMs, endMs - nowMs));
    },
  };
}
