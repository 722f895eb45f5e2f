import { DATA_HEADERS } from "../api/headers.ts";

/** The format of server-sent events. */

/** A shared cache would keep the first reader's stream for the next one. */
export const STREAM_HEADERS = {
  ...DATA_HEADERS,
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store",
  // Proxies such as nginx would hold events back.
  "X-Accel-Buffering": "no",
};

export const HEARTBEAT = ": keep-alive\n\n";

const MIN_RETRY_MS = 2_000;
const MAX_RETRY_MS = 15_000;

/** When a reader is to come back, drawn for each, so that not all of them come at once. `random`: 0 to 1. */
export function retryLine(random: number): string {
  return `retry: ${Math.round(MIN_RETRY_MS + random * (MAX_RETRY_MS - MIN_RETRY_MS))}\n\n`;
}

/** One message; `json` has no line breaks. */
export function eventText(id: string, type: string, json: string): string {
  return `id: ${id}\nevent: ${type}\ndata: ${json}\n\n`;
}
