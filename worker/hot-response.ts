import { aged, cacheHeaders, type Lifetimes } from "#core/api/caching.ts";
import { addDiagnostics, wantsDiagnostics } from "#core/api/diagnostics.ts";
import { matchesEtag } from "#core/api/etag.ts";
import type { FinishedResponse } from "#core/api/finished-response.ts";
import { type HotLimits, HotResponses } from "#core/api/hot-responses.ts";
import { TRACE_HEADER } from "#core/ops/trace.ts";
import type { PageStamp } from "#core/rates/page-stamp.ts";
import { traceparentOf } from "./ops/trace.ts";

/** A tenth of an isolate's memory. */
const LIMITS: HotLimits = { maxEntries: 2_000, maxBytes: 12 * 1024 * 1024 };

/** The finished responses of this isolate. */
export function hotResponses(limits: HotLimits = LIMITS): HotResponses<HotResponse> {
  return new HotResponses(limits);
}

/** A response in the form that workerd takes. */
interface Ready {
  body: Uint8Array;
  /** The age that the lifetimes in the headers account for. */
  ageSeconds: number;
  whole: { headers: Headers };
  notModified: { status: 304; headers: Headers } | undefined;
}

/** Of headers that have to be brought up to date in any case: it equals no age. */
const UNKNOWN_AGE = Number.NaN;

const encoder = new TextEncoder();

/** A finished response that is reused. */
export class HotResponse {
  readonly #finished: FinishedResponse;
  /** When its lifetimes began, and what they are. */
  #fromMs: number;
  #lifetimes: Lifetimes;
  /** Made on first use: many responses are never requested again. */
  #ready: Ready | undefined;

  constructor(finished: FinishedResponse, madeAtMs: number) {
    this.#finished = finished;
    this.#fromMs = madeAtMs;
    this.#lifetimes = finished.lifetimes;
  }

  /**
   * Has it begin again if the pages that it was made from still are what this isolate holds. Returns until when it holds;
   * undefined if it has to be made again. `heldUntilMs`: of a page that it holds and that is fresh.
   */
  renew(nowMs: number, heldUntilMs: (page: PageStamp) => number | undefined): number | undefined {
    const { renewal } = this.#finished;
    if (renewal === undefined || nowMs >= renewal.endMs) return undefined;
    let untilMs = renewal.endMs;
    for (const page of renewal.pages) {
      const pageUntilMs = heldUntilMs(page);
      if (pageUntilMs === undefined) return undefined;
      untilMs = Math.min(untilMs, pageUntilMs);
    }
    this.#fromMs = nowMs;
    this.#lifetimes = renewal.lifetimesAt(nowMs, untilMs);
    if (this.#ready) this.#ready.ageSeconds = UNKNOWN_AGE;
    return untilMs;
  }

  /** The response to a GET request with these headers. */
  respond(headers: Headers, nowMs: number): Response {
    const ready = this.#readyAt(nowMs);
    const ifNoneMatch = headers.get("If-None-Match");
    const isUnmodified = ifNoneMatch !== null && matchesEtag(ifNoneMatch, this.#finished.headers.ETag ?? "");
    const response = new Response(isUnmodified ? null : ready.body, isUnmodified ? notModified(ready) : ready.whole);
    if (this.#finished.diagnostics && wantsDiagnostics(headers.get("Cache-Control"))) {
      addDiagnostics(response.headers, { tier: "isolate", durationMs: 0 });
      const traceparent = headers.get(TRACE_HEADER);
      if (traceparent !== null) response.headers.set(TRACE_HEADER, traceparentOf(traceparent));
    }
    return response;
  }

  /**
   * Lifetimes count from when it was made; updating them once a second is enough. They are shortened instead of adding
   * an Age header, since each header is a fiftieth of a response's cost.
   */
  #readyAt(nowMs: number): Ready {
    const { body, headers } = this.#finished;
    const ageSeconds = Math.floor((nowMs - this.#fromMs) / 1000);
    this.#ready ??= {
      body: typeof body === "string" ? encoder.encode(body) : body,
      ageSeconds: this.#lifetimes === this.#finished.lifetimes ? 0 : UNKNOWN_AGE,
      whole: { headers: new Headers(headers) },
      notModified: undefined,
    };
    const ready = this.#ready;
    if (ready.ageSeconds !== ageSeconds) {
      // In place: building all headers again costs a third of a response.
      for (const [name, value] of Object.entries(cacheHeaders(aged(this.#lifetimes, ageSeconds))))
        ready.whole.headers.set(name, value);
      ready.ageSeconds = ageSeconds;
      ready.notModified = undefined;
    }
    return ready;
  }
}

function notModified(ready: Ready): { status: 304; headers: Headers } {
  if (ready.notModified === undefined) {
    const headers = new Headers(ready.whole.headers);
    headers.delete("Content-Type");
    ready.notModified = { status: 304, headers };
  }
  return ready.notModified;
}
