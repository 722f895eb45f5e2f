import { z } from "zod";
import { isPlainDate } from "../time/dates.ts";

/**
 * The log of events as the origin keeps it and everyone else reads it. `seq` numbers ascend in the order of commits; not
 * all of them are public, and readers that want some types only see some of them.
 */

/** What readers may see. */
export const RATE_EVENT_TYPES = ["rate.published", "rate.revised", "rate.withdrawn"] as const;
export type RateEventType = (typeof RATE_EVENT_TYPES)[number];

/** Only for operators. */
export const QUARANTINE_EVENT_TYPE = "rate.quarantined";

export const EVENT_TYPES = [...RATE_EVENT_TYPES, QUARANTINE_EVENT_TYPE] as const;
export type EventType = (typeof EVENT_TYPES)[number];

const plainDate = z.lazy(() => z.string().refine(isPlainDate, "must be a date that exists, YYYY-MM-DD"));
const seq = z.lazy(() => z.int().positive());
const position = z.lazy(() => z.int().min(0));

const rateData = z.lazy(() =>
  z.object({
    series: z.string(),
    base: z.string(),
    quote: z.string(),
    date: plainDate,
    /** A decimal; null if the provider took the value back. */
    rate: z.string().nullable(),
    /** What a revision or withdrawal replaces; of a first value, the rate of the date before, at most 14 days back. */
    previous: z.string().nullable(),
    /** The observation's sequence number: of two events about one date, the higher one holds. */
    version: seq,
    /** Whether the date had a value before. */
    revised: z.boolean(),
    /** When it was stored (RFC 3339, UTC). */
    at: z.iso.datetime(),
  }),
);
export type RateEventData = z.infer<typeof rateData>;

const quarantineData = z.lazy(() =>
  z.object({ series: z.string(), date: z.string(), value: z.string(), reason: z.string(), at: z.iso.datetime() }),
);
export type QuarantineEventData = z.infer<typeof quarantineData>;
export type EventData = RateEventData | QuarantineEventData;

export const rateEventSchema = z.lazy(() =>
  z.object({
    seq,
    type: z.enum(RATE_EVENT_TYPES),
    /** The series' id. */
    subject: z.string(),
    data: rateData,
    occurred_at: z.iso.datetime(),
  }),
);
export type RateEvent = z.infer<typeof rateEventSchema>;

const quarantineEventSchema = z.lazy(() =>
  rateEventSchema.unwrap().extend({ type: z.literal(QUARANTINE_EVENT_TYPE), data: quarantineData }),
);
export type QuarantineEvent = z.infer<typeof quarantineEventSchema>;
export type LogEvent = RateEvent | QuarantineEvent;

/** GET /internal/events with public types only. */
export const rateEventPageSchema = z.lazy(() =>
  z.object({
    events: z.array(rateEventSchema),
    /** Where to go on: every matching event up to this number is in this page or in those before. */
    next: position,
    /** The highest number given so far. */
    latest: position,
  }),
);
export type RateEventPage = z.infer<typeof rateEventPageSchema>;

/** The same with all types. */
export interface EventPage extends Omit<RateEventPage, "events"> {
  events: LogEvent[];
}

/** How far a consumer has come: GET and POST /internal/cursors/{consumer}. */
export const cursorSchema = z.lazy(() => z.strictObject({ seq: position }));
export type Cursor = z.infer<typeof cursorSchema>;

/** Readers of the whole log that remember how far they have come. */
export const CONSUMERS = ["hub", "alerts", "mirror"] as const;
export type Consumer = (typeof CONSUMERS)[number];

/** The cursors that are kept: those of the log, and that of who brings accounts' own events to their hubs. */
export const CURSORS = [...CONSUMERS, "accounts"] as const;
export type CursorName = (typeof CURSORS)[number];

/** So many events of rates are at most in one page. */
export const MAX_EVENTS_PER_PAGE = 1_000;
