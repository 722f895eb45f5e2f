import type { Answer } from "#core/api/answer.ts";
import { aged, cacheHeaders } from "#core/api/caching.ts";
import { matchesEtag } from "#core/api/etag.ts";
import { TRACE_HEADER } from "#core/trace.ts";
import { traceparentOf } from "./trace.ts";

export interface AnswersLimits {
  mostEntries: number;
  mostBytes: number;
}

/** A tenth of an isolate's memory; no single answer may take more than a sixteenth of that. */
const LIMITS: AnswersLimits = { mostEntries: 2_000, mostBytes: 12 * 1024 * 1024 };
const LARGEST_SHARE = 1 / 16;
/** From when it is kept, an answer comes from this isolate. */
const OURS = { "Paridad-Tier": "isolate", "Server-Timing": "isolate;dur=0" };
/** What an entry takes beside its body, roughly. */
const OVERHEAD_BYTES = 1_500;

interface Entry extends Pick<Answer, "body" | "headers" | "lifetimes"> {
  madeAtMs: number;
  untilMs: number;
  bytes: number;
  /** Asked for since it was last considered for removal. */
  used: boolean;
  /** Made when it is given for the first time: many answers never are. */
  ready: Ready | undefined;
}

/** An answer as responses take it. */
interface Ready {
  body: Uint8Array;
  /** The age that the lifetimes in the headers account for. */
  ageSeconds: number;
  whole: { headers: Headers };
  notModified: { status: 304; headers: Headers } | undefined;
}

const encoder = new TextEncoder();

/**
 * Finished answers by raw request URL, given again without asking anything until the earliest of the copies that they
 * were made from expires. Bounded in entries and bytes; what was not used since the last look goes first.
 */
export class HotAnswers {
  readonly #entries = new Map<string, Entry>();
  readonly #limits: AnswersLimits;
  #bytes = 0;
  #hand = this.#entries.entries();

  constructor(limits: AnswersLimits = LIMITS) {
    this.#limits = limits;
  }

  get size(): { entries: number; bytes: number } {
    return { entries: this.#entries.size, bytes: this.#bytes };
  }

  /** The answer to a request, where it is at hand and still holds. */
  give(request: Request, nowMs: number): Response | undefined {
    const url = request.url;
    const entry = this.#entries.get(url);
    if (entry === undefined || request.method !== "GET") return undefined;
    if (nowMs >= entry.untilMs) {
      this.#remove(url, entry);
      return undefined;
    }
    entry.used = true;
    const ready = readied(entry, nowMs);
    const { headers } = request;
    const ifNoneMatch = headers.get("If-None-Match");
    const traceparent = headers.get(TRACE_HEADER);
    const isUnmodified = ifNoneMatch !== null && matchesEtag(ifNoneMatch, entry.headers.ETag ?? "");
    const init = isUnmodified ? notModified(ready) : ready.whole;
    return new Response(
      isUnmodified ? null : ready.body,
      traceparent === null ? init : { ...init, headers: withTrace(init.headers, traceparent) },
    );
  }

  /** Keeps an answer as it was made. */
  keep(url: string, { body, headers, lifetimes, hotUntilMs }: Answer, nowMs: number): void {
    const bytes = body.length + 2 * url.length + OVERHEAD_BYTES;
    if (hotUntilMs <= nowMs || bytes > this.#limits.mostBytes * LARGEST_SHARE) return;
    const present = this.#entries.get(url);
    if (present) this.#remove(url, present);
    const entry: Entry = {
      body,
      headers,
      lifetimes,
      madeAtMs: nowMs,
      untilMs: hotUntilMs,
      bytes,
      used: false,
      ready: undefined,
    };
    this.#entries.set(url, entry);
    this.#bytes += bytes;
    this.#shrink();
  }

  /**
   * Second chance: what was used since the hand last passed stays, and the rest goes. The hand is kept, for a new iterator
   * would first walk over all that was removed before.
   */
  #shrink(): void {
    while (this.#entries.size > this.#limits.mostEntries || this.#bytes > this.#limits.mostBytes) {
      const { value, done } = this.#hand.next();
      if (done) {
        this.#hand = this.#entries.entries();
        continue;
      }
      const [url, entry] = value;
      if (entry.used) entry.used = false;
      else this.#remove(url, entry);
    }
  }

  #remove(url: string, entry: Entry): void {
    if (this.#entries.delete(url)) this.#bytes -= entry.bytes;
  }
}

function withTrace(headers: Headers, incoming: string): Headers {
  const traced = new Headers(headers);
  traced.set(TRACE_HEADER, traceparentOf(incoming));
  return traced;
}

/**
 * Its lifetimes count from when the answer was made; to account for that once a second is enough. They are shortened, for
 * an Age would be one header more, and each is a fiftieth of what an answer costs.
 */
function readied(entry: Entry, nowMs: number): Ready {
  const ageSeconds = Math.floor((nowMs - entry.madeAtMs) / 1000);
  entry.ready ??= {
    body: encoder.encode(entry.body),
    ageSeconds: 0,
    whole: { headers: new Headers({ ...entry.headers, ...OURS }) },
    notModified: undefined,
  };
  const { ready } = entry;
  if (ready.ageSeconds !== ageSeconds) {
    // In place: to make all of them anew costs a third of an answer.
    const headers = Object.entries(cacheHeaders(aged(entry.lifetimes, ageSeconds)));
    for (const [name, value] of headers) ready.whole.headers.set(name, value);
    ready.ageSeconds = ageSeconds;
    ready.notModified = undefined;
  }
  return ready;
}

function notModified(ready: Ready): { status: 304; headers: Headers } {
  if (ready.notModified === undefined) {
    const headers = new Headers(ready.whole.headers);
    headers.delete("Content-Type");
    ready.notModified = { status: 304, headers };
  }
  return ready.notModified;
}
