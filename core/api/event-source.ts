import type { RateEventPage, RateEventType } from "../wire/events.ts";

/** Which public events are wanted: of these types, and of these series or, if none are named, of these providers. */
export interface RateEventFilter {
  types: readonly RateEventType[];
  series?: readonly string[] | undefined;
  providers: readonly string[];
}

export interface RateEventQuery extends RateEventFilter {
  after: number;
  limit: number;
}

/** The log of events. The origin reads its store, the edge asks the origin. Throws PagesUnavailable if it can't be read. */
export interface EventSource {
  readEvents(query: RateEventQuery): Promise<RateEventPage>;
}
