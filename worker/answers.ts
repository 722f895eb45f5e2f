import { matchesEtag } from "#core/api/etag.ts";
import { TRACE_HEADER, traceparentOf } from "./trace.ts";

export interface AnswersLimits {
  mostEntries: number;
  mostBytes: number;
}

/** A tenth of an isolate's memory; no single answer may take more than a sixteenth of that. */
const LIMITS: AnswersLimits = { mostEntries: 2_000, mostBytes: 12 * 1024 * 1024 };
const LARGEST_SHARE = 1 / 16;
/** What an entry takes beside its body, roughly. */
const OVERHEAD_BYTES = 1_500;

interface Entry {
  body: Uint8Array;
  etag: string;
  headers: Record<string, string>;
  /** Headers as the response takes them, with the age they were made for. */
  init: { headers: Headers };
  ageSeconds: number;
  madeAtMs: number;
  untilMs: number;
  bytes: number;
  /** Asked for since it was last considered for removal. */
  used: boolean;
}

/**
 * Finished answers by raw request URL, given again without asking anything until the earliest of the copies that they
 * were made from expires. Bounded in entries and bytes; what was not used since the last look goes first.
 */
export class HotAnswers {
  readonly #entries = new Map<string, Entry>();
  readonly #limits: AnswersLimits;
  #bytes = 0;

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
    const ageSeconds = Math.floor((nowMs - entry.madeAtMs) / 1000);
    // So that max-age counts from when the answer was made; once a second is enough.
    if (ageSeconds !== entry.ageSeconds) this.#setAge(entry, ageSeconds);
    const traceparent = request.headers.get(TRACE_HEADER);
    const init = traceparent === null ? entry.init : { headers: withTrace(entry.init.headers, traceparent) };
    const ifNoneMatch = request.headers.get("If-None-Match");
    if (ifNoneMatch !== null && matchesEtag(ifNoneMatch, entry.etag)) return notModified(init.headers);
    return new Response(entry.body, init);
  }

  /** Keeps an answer; `headers` as it was first given with. */
  keep(url: string, body: Uint8Array, headers: Headers, nowMs: number, untilMs: number): void {
    const bytes = body.byteLength + 2 * url.length + OVERHEAD_BYTES;
    if (untilMs <= nowMs || bytes > this.#limits.mostBytes * LARGEST_SHARE) return;
    const present = this.#entries.get(url);
    if (present) this.#remove(url, present);
    const kept = Object.fromEntries(headers);
    delete kept[TRACE_HEADER.toLowerCase()];
    // From now on it comes from this isolate.
    kept["paridad-tier"] = "isolate";
    kept["server-timing"] = "isolate;dur=0";
    const entry: Entry = {
      body,
      etag: kept.etag ?? "",
      headers: kept,
      init: { headers: new Headers(kept) },
      ageSeconds: 0,
      madeAtMs: nowMs,
      untilMs,
      bytes,
      used: false,
    };
    this.#entries.set(url, entry);
    this.#bytes += bytes;
    this.#shrink();
  }

  #setAge(entry: Entry, ageSeconds: number): void {
    entry.ageSeconds = ageSeconds;
    entry.init = { headers: new Headers({ ...entry.headers, age: String(ageSeconds) }) };
  }

  /** Second chance: the oldest goes, unless it was used since; then it goes to the end, unused. */
  #shrink(): void {
    while (this.#entries.size > this.#limits.mostEntries || this.#bytes > this.#limits.mostBytes) {
      const [url, entry] = this.#entries.entries().next().value as [string, Entry];
      if (entry.used) {
        entry.used = false;
        this.#entries.delete(url);
        this.#entries.set(url, entry);
      } else {
        this.#remove(url, entry);
      }
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

function notModified(headers: Headers): Response {
  const kept = new Headers(headers);
  kept.delete("Content-Type");
  return new Response(null, { status: 304, headers: kept });
}
