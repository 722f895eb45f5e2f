import { z } from "@hono/zod-openapi";
import { EXAMPLE } from "../../providers/examples.ts";
import { RATE_EVENT_TYPES, type RateEvent } from "../../wire/events.ts";
import { endpoint } from "../endpoint.ts";
import { after, eventFilterOf, eventFilterParameters } from "../event-filter.ts";
import { fileName } from "../formats/table.ts";
import { noParameters, wholeNumber } from "../parameters.ts";
import * as fields from "../response-fields.ts";

const MAX_EVENTS = 1_000;
const DEFAULT_EVENTS = "100";
/** What an event costs, in days of a period. */
const DAYS_PER_EVENT = 12.5;

export const events = endpoint({
  id: "events",
  path: "/events",
  tag: "Events",
  summary: "What was published, in order",
  description:
    "The log of every rate that was published, revised or taken back. To follow it, keep `next` and send it as `after`. Every event is in it exactly once and its number never changes; numbers ascend, but some are not public. The event for a rate is there within a second or two of the rate itself.",
  returns: "Events after a number, oldest first; `next` is where to go on, also if none matched.",
  costInDays: ({ limit = DEFAULT_EVENTS }) => DAYS_PER_EVENT * Number(limit),
  params: noParameters,
  query: () =>
    z.strictObject({
      after: after().default(0).openapi({
        type: "integer",
        minimum: 0,
        description: "Only events with a higher number. Default: from the beginning.",
        example: 1042,
      }),
      limit: wholeNumber(MAX_EVENTS).prefault(DEFAULT_EVENTS).openapi({ description: "How many events at most." }),
      ...eventFilterParameters(),
    }),
  response: () =>
    z
      .object({
        events: z.array(rateEvent()),
        next: z.int().openapi({ description: "The `after` of the next request.", example: 1042 }),
        latest: z.int().openapi({ description: "The highest number so far.", example: 1042 }),
      })
      .openapi("Events"),
  table: {
    columns: () => ["date", "rate", "seq", "type", "series", "base", "quote", "previous", "version", "revised", "at"],
    rows: ({ events }) => events.map(({ seq, type, data }) => ({ seq, type, ...data })),
    fileName: ({ next }) => fileName("events", "to", String(next)),
  },
  handle: async ({ host }, { after, limit, ...query }) => {
    const page = await host.events.readEvents({ ...eventFilterOf(host, query), after, limit });
    const content = { ...page, events: page.events.map(inOrder) };
    return { content, kind: "log", latest: [] };
  },
});

/** An event as the log has it. */
function rateEvent() {
  return z
    .object({
      seq: z.int().openapi({ description: "Its number, which live updates send as `id`.", example: 1042 }),
      type: z.enum(RATE_EVENT_TYPES),
      subject: z.string().openapi({ description: "The series.", example: EXAMPLE.series }),
      data: z.object({
        series: z.string().openapi({ example: EXAMPLE.series }),
        base: z.string().openapi({ example: "USD" }),
        quote: z.string().openapi({ example: EXAMPLE.quote }),
        date: fields.day(),
        rate: z.string().nullable().openapi({
          description: "As published, in units of `quote` for one of `base`; null if the provider took it back.",
          example: "16.9190",
        }),
        previous: z.string().nullable().openapi({
          description:
            "The value that a revision or withdrawal replaces; of a date's first value, the one before it, at most 14 days back.",
          example: "16.9087",
        }),
        version: z
          .int()
          .openapi({ description: "Of two events about one date, the one with the higher version holds." }),
        revised: z.boolean().openapi({ description: "Whether the date had a value before." }),
        at: z.string().openapi({ format: "date-time", description: "When it was stored." }),
      }),
      occurred_at: z.string().openapi({ format: "date-time" }),
    })
    .openapi("RateEvent");
}

/** The same bytes from both hosts: a store and a parser may each have an order of their own. */
function inOrder({ seq, type, subject, data, occurred_at }: RateEvent): RateEvent {
  const { series, base, quote, date, rate, previous, version, revised, at } = data;
  return { seq, type, subject, data: { series, base, quote, date, rate, previous, version, revised, at }, occurred_at };
}
