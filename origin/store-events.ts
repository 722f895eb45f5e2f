import type { EventSource } from "#core/api/event-source.ts";
import type { RateEventPage } from "#core/wire/events.ts";
import type { EventLog } from "./store/event-log.ts";

/** Gives the API its events, from the store. */
export function storeEvents({ events }: { events: EventLog }): EventSource {
  return {
    // Only types of rates are asked for.
    readEvents: async (query) => (await events.read(query)) as RateEventPage,
  };
}
