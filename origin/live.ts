import { setTimeout as pause } from "node:timers/promises";
import type { EventSource } from "#core/api/event-source.ts";
import { invalidParameter } from "#core/api/failure.ts";
import type { LiveRequest, LiveSource } from "#core/api/live.ts";
import { problemResponse } from "#core/api/problem.ts";
import { HEARTBEAT_SECONDS, helloOf, isNews, messageOf } from "#core/live/message.ts";
import { eventText, HEARTBEAT, retryLine, STREAM_HEADERS } from "#core/live/sse.ts";
import { MAX_EVENTS_PER_PAGE } from "#core/wire/events.ts";
import { held } from "./held.ts";
import { errorFields, type Log } from "./ops/log.ts";
import type { EventLog } from "./store/event-log.ts";

export interface LiveSettings {
  source: EventSource;
  log: Log;
  events: Pick<EventLog, "latest">;
  now: () => number;
  /** Whether streams are to end, so that their readers go to another instance. */
  isDraining: () => boolean;
  pollMs?: number;
}

const POLL_MS = 1_000;
/** Connections that a small instance can hold beside its requests. */
const MAX_STREAMS = 200;
const RETRY_AFTER_SECONDS = 5;

/**
 * Live updates of the origin alone: server-sent events from its own log, which it looks at once a second for all readers
 * together. WebSockets are served by the edge.
 */
export function originLive({ source, log, events, now, isDraining, pollMs = POLL_MS }: LiveSettings): LiveSource {
  const latest = held(() => events.latest(), pollMs, now);
  let streams = 0;
  return {
    async stream(wanted, request) {
      if (wanted.ticket !== undefined) throw invalidParameter("ticket", "is taken by the edge only");
      if (request.method === "HEAD") return new Response(null, { headers: STREAM_HEADERS });
      if (streams >= MAX_STREAMS)
        return problemResponse({ code: "too_many_connections", retryAfterSeconds: RETRY_AFTER_SECONDS }, request.url);
      const gone = new AbortController();
      // Counted before anything is awaited, or those who come at once would all find room.
      streams++;
      const end = () => {
        if (gone.signal.aborted) return;
        gone.abort();
        streams--;
      };
      request.signal.addEventListener("abort", end);
      // A signal that has fired already does not fire again.
      if (request.signal.aborted) end();
      const messages = follow(wanted, gone.signal);
      // A store that can't be read is told by a status, while there can be one.
      const first = await messages.next().catch((error: unknown) => {
        end();
        throw error;
      });
      const encoder = new TextEncoder();
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(encoder.encode(retryLine(Math.random()) + first.value)),
        async pull(controller) {
          const { value, done } = await messages.next().catch((error: unknown) => {
            if (!gone.signal.aborted) log("stream_failed", errorFields(error));
            return { value: undefined, done: true };
          });
          if (!done) return controller.enqueue(encoder.encode(value));
          end();
          controller.close();
        },
        cancel: end,
      });
      return new Response(body, { headers: STREAM_HEADERS });
    },
    // The nearest thing to it that this host has.
    socket: async (_, { url }) => problemResponse({ code: "not_found", suggestion: "/api/v1/stream" }, url),
  };

  /** What a reader is sent, piece by piece, until it has gone or the instance stops. */
  async function* follow({ position, filter }: LiveRequest, signal: AbortSignal): AsyncGenerator<string> {
    let at = position?.public ?? (await latest());
    const hello = helloOf(at, await latest());
    yield eventText(String(hello.id), hello.type, JSON.stringify(hello));
    let silentMs = 0;
    while (!isDraining() && !signal.aborted) {
      if ((await latest()) > at) {
        const page = await source.readEvents({ ...filter, after: at, limit: MAX_EVENTS_PER_PAGE });
        at = Math.max(at, page.next);
        const texts = page.events.filter(isNews).map((event) => {
          const message = messageOf(event);
          return eventText(String(message.id), message.type, JSON.stringify(message));
        });
        if (texts.length > 0) {
          silentMs = 0;
          yield texts.join("");
        }
        if (page.next < page.latest) continue;
      }
      await pause(pollMs, undefined, { signal });
      silentMs += pollMs;
      if (silentMs >= HEARTBEAT_SECONDS * 1_000) {
        silentMs = 0;
        yield HEARTBEAT;
      }
    }
  }
}
