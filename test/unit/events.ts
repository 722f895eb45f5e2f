import type { EventSource } from "#core/api/event-source.ts";
import type { LiveSource } from "#core/api/live.ts";
import { problemResponse } from "#core/api/problem.ts";
import type { RateEvent } from "#core/wire/events.ts";

/** A log of events in memory. */
export function eventsInMemory(log: readonly RateEvent[] = []): EventSource {
  return {
    readEvents: async ({ after, limit, types, series, providers }) => {
      const isWanted = ({ type, subject }: RateEvent) =>
        types.includes(type) && (series?.includes(subject) ?? providers.includes(subject.split(".", 1)[0] ?? ""));
      const latest = log.at(-1)?.seq ?? 0;
      const events = log.filter((event) => event.seq > after && isWanted(event)).slice(0, limit);
      return { events, next: events.length === limit ? (events.at(-1)?.seq ?? after) : latest, latest };
    },
  };
}

/** A host without live updates. */
export const noLive: LiveSource = {
  stream: async (_, { url }) => problemResponse({ code: "not_found" }, url),
  socket: async (_, { url }) => problemResponse({ code: "not_found" }, url),
};

/** An event about a series' value, with what a test says otherwise. */
export function rateEvent(seq: number, data: Partial<RateEvent["data"]> = {}): RateEvent {
  const at = "2023-12-29T18:00:05.000Z";
  const full = {
    series: "banxico.SF43718",
    base: "USD",
    quote: "MXN",
    date: "2023-12-29",
    rate: "16.9190",
    previous: "16.9087",
    version: seq,
    revised: false,
    at,
    ...data,
  };
  const type = full.rate === null ? "rate.withdrawn" : full.revised ? "rate.revised" : "rate.published";
  return { seq, type, subject: full.series, data: full, occurred_at: full.at };
}
