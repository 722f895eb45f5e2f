import { z } from "@hono/zod-openapi";
import { EXAMPLE } from "../../providers/examples.ts";
import { closedWeekdays } from "../../time/calendars.ts";
import { endpoint } from "../endpoint.ts";
import { invalidParameter } from "../failure.ts";
import { fileName } from "../formats/table.ts";
import { noParameters, provider, publicProviderIds } from "../parameters.ts";
import * as fields from "../response-fields.ts";

const MIN_YEAR = 1990;
const MAX_YEAR = 2100;
const ANY_YEAR = `must be a year from ${MIN_YEAR} to ${MAX_YEAR}`;

/** The weekdays on which a provider publishes nothing, those that operators declare among them. */
export const calendar = endpoint({
  id: "bankCalendar",
  path: "/calendar/{provider}/{year}",
  tag: "Catalogue",
  summary: "The weekdays on which a bank publishes nothing",
  returns: "The year's closed weekdays, and when a rate is announced on the others.",
  params: () =>
    z.strictObject({
      provider: provider().unwrap().openapi({ example: EXAMPLE.provider }),
      year: z
        .string()
        .regex(/^\d{4}$/, { error: ANY_YEAR, abort: true })
        .transform(Number)
        .refine((year) => year >= MIN_YEAR && year <= MAX_YEAR, { error: ANY_YEAR })
        .openapi({ type: "integer", minimum: MIN_YEAR, maximum: MAX_YEAR, example: 2026 }),
    }),
  query: noParameters,
  response: () =>
    z
      .object({
        provider: fields.providerId(),
        year: z.int(),
        time_zone: z.string().openapi({ example: "America/Mexico_City" }),
        published_at: z.string().openapi({
          description: "When a day's rate is announced, in that time zone, on every weekday that is not closed.",
          example: "12:00",
        }),
        dated: z.enum(["same_day", "next_day", "next_business_day"]).openapi({
          description:
            "Whether a rate carries the date of its announcement, of the day after, or of the next weekday that is not closed.",
        }),
        closed: z
          .array(fields.day())
          .openapi({ description: "Weekdays without a rate: bank holidays and exceptional closures." }),
        is_complete: z.boolean().openapi({
          description: "Whether the bank's holidays are known. If not, only closures that were declared are listed.",
        }),
      })
      .openapi("BankCalendar"),
  table: {
    columns: () => ["closed"],
    rows: ({ closed }) => closed.map((date) => ({ closed: date })),
    fileName: ({ provider, year }) => fileName("calendar", provider, String(year)),
  },
  handle: async (reader, { provider, year }) => {
    const { catalogue } = reader.host;
    const found = catalogue.findProvider(provider);
    const ids = publicProviderIds(catalogue).filter((id) => catalogue.findProvider(id));
    if (!found || !ids.includes(provider)) throw invalidParameter("provider", `must be one of ${ids.join(", ")}`);
    const { zone, at, dated, calendar } = found.publication;
    if (year < calendar.firstYear)
      throw invalidParameter("year", `must be a year from ${calendar.firstYear} to ${MAX_YEAR}`);
    const content = {
      provider,
      year,
      time_zone: zone.id,
      published_at: at,
      dated,
      closed: closedWeekdays(calendar, year),
      is_complete: calendar.isExact,
    };
    return { content, kind: "settled", latest: [] };
  },
});
