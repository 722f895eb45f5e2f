import { effect, type ReadonlySignal } from "@preact/signals-core";
import { apiPath } from "./api.ts";
import { isLive, isPaused, wake } from "./feeds.ts";

/** News as it is published (`/stream`), while the page is seen; polling goes on beside it, more slowly. */

/** What the API sends of a rate that was published or corrected, or that its provider took back: null. */
export interface RateEvent {
  series: string;
  base: string;
  quote: string;
  date: string;
  rate: string | null;
}

const TYPES = ["rate.published", "rate.revised", "rate.withdrawn"];
/** After a refusal, which the browser does not repeat by itself. */
const RETRY_MS = 60_000;

/** After a connection by a ticket that had been open. */
const NEXT_TICKET_MS = 3_000;

/** Follows the stream, and hands over its events: those of some pairs, such as "USD/MXN,EUR/MXN", or all. */
export function listen(pairs: string | undefined, onEvent: (event: RateEvent) => void): void {
  const path = apiPath("/stream", { pairs });
  follow({ pathOf: () => path, types: TYPES, onEvent });
}

interface Followed<T> {
  /** Asked for each connection; undefined: there is nothing to follow now. */
  pathOf: () => string | undefined | Promise<string | undefined>;
  types: readonly string[];
  onEvent: (event: T) => void;
  /** Whether a path is good for one connection, so that the browser must not come back to it. */
  isSingleUse?: boolean;
  /** Connects again when it changes. */
  by?: ReadonlySignal<unknown>;
}

/** Follows a stream while the page is seen. */
export function follow<T>({ pathOf, types, onEvent, isSingleUse = false, by }: Followed<T>): void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let round = 0;

  const connect = async (isRetry = false) => {
    const own = ++round;
    clearTimeout(timer);
    source?.close();
    isLive.value = false;
    if (document.hidden || isPaused.peek()) return;
    const retryIn = (ms: number) => {
      if (own === round) timer = setTimeout(connect, ms, true);
    };
    const path = await Promise.resolve(pathOf()).catch(() => retryIn(RETRY_MS));
    if (!path || own !== round) return;
    const opened = new EventSource(path);
    source = opened;
    let isBehind = isRetry;
    opened.onopen = () => {
      isLive.value = true;
      // Unlike one that the browser repeats, a new connection does not go on where the last one ended.
      if (isBehind) wake();
      isBehind = false;
    };
    opened.onerror = () => {
      const wasLive = isLive.peek();
      if (isSingleUse) opened.close();
      // The pace of polling was set when news came by itself.
      if (wasLive) {
        isLive.value = false;
        wake();
      }
      if (opened.readyState === EventSource.CLOSED) retryIn(wasLive && isSingleUse ? NEXT_TICKET_MS : RETRY_MS);
    };
    for (const type of types) opened.addEventListener(type, ({ data }) => onEvent(JSON.parse(data)));
  };
  document.addEventListener("visibilitychange", () => void connect());
  effect(() => {
    void [isPaused.value, by?.value];
    void connect();
  });
}
