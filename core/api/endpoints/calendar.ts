import { z } from "@hono/zod-openapi";
import { closedWeekdays, FIRST_CALENDAR_YEAR, PUBLICATION_TIME, TIME_ZONE } from "../../time/mexico.ts";
import { endpoint } from "../endpoint.ts";
import { fileName } from "../formats/table.ts";
import { noParameters } from "../parameters.ts";
import * as fields from "../response-fields.ts";

const MAX_CALENDAR_YEAR = 2100;
const CALENDAR_YEAR = `must be a year from ${FIRST_CALENDAR_YEAR} to ${MAX_CALENDAR_YEAR}`;

/** The weekdays on which a provider publishes nothing, those that operators declare among them. */
export const calendar = endpoint({
  id: "bankCalendar",
  path: "/calendar/{provider}/{year}",
  tag: "Catalogue",
  summary: "The weekdays on which a bank publishes nothing",
  returns: "The year's closed weekdays, and when a rate is announced on the others.",
  params: z.strictObject({
    provider: z.enum(["banxico"], { error: "must be banxico" }).openapi({ example: "banxico" }),
    year: z
      .string()
      .regex(/^\d{4}$/, { error: CALENDAR_YEAR, abort: true })
      .transform(Number)
      .refine((year) => year >= FIRST_CALENDAR_YEAR && year <= MAX_CALENDAR_YEAR, { error: CALENDAR_YEAR })
      .openapi({ type: "integer", minimum: FIRST_CALENDAR_YEAR, maximum: MAX_CALENDAR_YEAR, example: 2026 }),
  }),
  query: noParameters,
  response: () =>
    z
      .object({
        provider: z.literal("banxico"),
        year: z.int(),
        time_zone: z.string().openapi({ example: "America/Mexico_City" }),
        published_at: z.string().openapi({
          description: "When a day's rate is announced, in that time zone, on every weekday that is not closed.",
          example: "12:00",
        }),
        closed: z
          .array(fields.day())
          .openapi({ description: "Weekdays without a rate: bank holidays and exceptional closures." }),
      })
      .openapi("BankCalendar"),
  table: {
    columns: () => ["closed"],
    rows: ({ closed }) => closed.map((date) => ({ closed: date })),
    fileName: ({ provider, year }) => fileName("calendar", provider, String(year)),
  },
  handle: async (reader, { provider, year }) => {
    const content = {
      provider,
      year,
      time_zone: TIME_ZONE,
      published_at: PUBLICATION_TIME,
      closed: closedWeekdays(year, reader.outlook.closures),
    };
    return { content, kind: "settled", latest: reader.today };
  },
});
