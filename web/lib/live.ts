import { apiPath } from "./api.ts";
import { isLive, isPaused, wake } from "./feeds.ts";

/** News as it is published (`/stream`), while the page is seen; polling goes on beside it, more slowly. */

/** What the API sends of a rate that was published or corrected. */
export interface RateEvent {
  series: string;
  base: string;
  quote: string;
  date: string;
  rate: string;
}

const TYPES = ["rate.published", "rate.revised"];
/** After a refusal, which the browser does not repeat by itself. */
const RETRY_MS = 60_000;

/** Follows the stream, and hands over its events: those of some pairs, such as "USD/MXN,EUR/MXN", or all. */
export function listen(pairs: string | undefined, onEvent: (event: RateEvent) => void): void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const path = apiPath("/stream", { pairs });

  const connect = () => {
    clearTimeout(timer);
    source?.close();
    isLive.value = false;
    if (document.hidden || isPaused.peek()) return;
    const opened = new EventSource(path);
    source = opened;
    opened.onopen = () => {
      isLive.value = true;
    };
    opened.onerror = () => {
      // The pace of polling was set when news came by itself.
      if (isLive.peek()) {
        isLive.value = false;
        wake();
      }
      if (opened.readyState === EventSource.CLOSED) timer = setTimeout(connect, RETRY_MS);
    };
    for (const type of TYPES) opened.addEventListener(type, ({ data }) => onEvent(JSON.parse(data)));
  };
  document.addEventListener("visibilitychange", connect);
  isPaused.subscribe(connect);
}
