import { ProblemError, problemErrorOf } from "./problem.ts";
import { backoffMs, type Fetch, type Wait, waitFor } from "./retry.ts";
import { EventStreamParser } from "./sse.ts";

/** A rate that was published, or corrected. */
export interface RateEvent {
  type: "rate.published" | "rate.revised";
  id: number | string;
  series: string;
  base: string;
  quote: string;
  date: string;
  rate: string;
  previous: string | null;
  version: number;
  revised: boolean;
  /** When the platform stored it. */
  at: string;
}

/** A rate that its provider took back. */
export interface WithdrawnEvent extends Omit<RateEvent, "type" | "rate"> {
  type: "rate.withdrawn";
  rate: null;
  /** What no longer holds. */
  previous: string | null;
}

/** The first message of each connection. */
export interface HelloEvent {
  type: "hello";
  /** The newest event that there is. */
  latest: number | string;
  heartbeat_seconds: number;
}

/** Events were missed that the stream no longer has: read the current rates again. */
export interface ResyncEvent {
  type: "resync";
}

export type StreamEvent = RateEvent | WithdrawnEvent | HelloEvent | ResyncEvent;

export interface StreamOptions {
  /** Only these pairs, such as "USD/MXN". */
  pairs?: readonly string[];
  /** Only these series, such as "banxico.SF43718". */
  series?: readonly string[];
  types?: readonly string[];
  /** The id of the last event that was handled: what came after it comes first. */
  lastEventId?: string;
  signal?: AbortSignal;
  /** A connection is given up when it has been silent for so long. Default: 60; the stream sends something every 25. */
  maxSilenceSeconds?: number;
  /** Told when the stream is open, and when it is lost and will be opened again. */
  onState?: (state: "open" | "lost", reason?: unknown) => void;
  /** For tests. */
  wait?: Wait;
}

/** An event with the id to resume after. */
export type Received<Event> = Event & { lastEventId: string };

const FIRST_WAIT_MS = 1000;

/**
 * The events of `/api/v1/stream`, for as long as they are wanted. A lost connection is opened again, after the last event
 * that was received, so that none is missed and none comes twice. Throws ProblemError if the request itself is refused.
 */
export async function* streamEvents(
  fetch: Fetch,
  url: string,
  options: StreamOptions = {},
): AsyncGenerator<Received<StreamEvent>, void, undefined> {
  const { signal, maxSilenceSeconds = 60, onState, wait = waitFor } = options;
  const parser = new EventStreamParser(options.lastEventId);
  for (let failures = 0; !signal?.aborted; failures++) {
    let wantedMs: number | undefined;
    const silence = new Silence(maxSilenceSeconds * 1000, signal);
    try {
      const lastEventId = parser.lastEventId;
      const response = await fetch(requestOf(url, options, lastEventId, silence.signal));
      if (!response.ok || !response.body) throw await problemErrorOf(response);
      parser.reconnected();
      onState?.("open");
      for await (const piece of textOf(response.body, silence))
        for (const { id, event, data } of parser.push(piece)) {
          failures = 0;
          if (event.startsWith("rate.") && id === lastEventId) continue;
          yield { type: event, ...JSON.parse(data), lastEventId: id } as Received<StreamEvent>;
        }
      wantedMs = parser.retryMs;
      onState?.("lost");
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof ProblemError && !isPassing(error.status)) throw error;
      const seconds = error instanceof ProblemError ? error.retryAfterSeconds : undefined;
      wantedMs = seconds === undefined ? undefined : seconds * 1000;
      onState?.("lost", error);
    } finally {
      silence.end();
    }
    await wait(wantedMs ?? backoffMs(failures, FIRST_WAIT_MS), signal).catch(() => undefined);
  }
}

function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Aborts a connection that has been silent for too long, or that is no longer wanted. */
class Silence {
  readonly #controller = new AbortController();
  readonly #maxMs: number;
  readonly #outer: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(maxMs: number, outer?: AbortSignal) {
    this.#maxMs = maxMs;
    this.#outer = outer;
    outer?.addEventListener("abort", this.#stop);
    this.broken();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something was heard. */
  broken(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#stop, this.#maxMs);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#stop);
    this.#controller.abort();
  }

  readonly #stop = (): void => this.#controller.abort();
}

async function* textOf(body: ReadableStream<Uint8Array>, silence: Silence): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      silence.broken();
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function requestOf(url: string, { pairs, series, types }: StreamOptions, lastEventId: string, signal: AbortSignal) {
  const target = new URL(url);
  for (const [name, values] of Object.entries({ pairs, series, types }))
    if (values?.length) target.searchParams.set(name, values.join(","));
  const headers = new Headers({ Accept: "text/event-stream" });
  if (lastEventId) headers.set("Last-Event-ID", lastEventId);
  return new Request(target, { headers, signal, cache: "no-store" });
}
