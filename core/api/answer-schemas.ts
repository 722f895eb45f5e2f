import { z } from "@hono/zod-openapi";

/** The shapes of the public API's responses, only for the document and the tests: hosts never build them. */

const decimal = z.string().openapi({
  description: "A decimal: as published or, if the rate is derived, rounded once, half-even, to 8 decimals.",
  example: "16.9190",
});
const day = z.string().openapi({ format: "date", example: "2023-12-29" });
const instant = z.string().openapi({ format: "date-time", example: "2024-01-02T18:00:00Z" });

const source = z
  .object({
    provider: z.literal("banxico"),
    series: z.array(z.string().openapi({ example: "SF43718" })),
    attribution: z.string().openapi({ example: "Banco de México" }),
  })
  .openapi("Source");

const common = {
  base: z.string().openapi({ example: "USD" }),
  quote: z.string().openapi({ example: "MXN" }),
  source,
  derived: z
    .boolean()
    .openapi({ description: "Whether the rate is computed from published ones (an inverse or a cross)." }),
  stale: z.boolean().openapi({
    description: "Whether a newer rate should already be there; the header `Paridad-Stale` says why it is not.",
  }),
};

const nextUpdate = instant.openapi({ description: "When the next rate is due; in the past while it is overdue." });
const nextUpdateOrNull = nextUpdate
  .nullable()
  .openapi({ description: "When the response next changes; null if the period is closed." });

export const currentAnswer = z
  .object({
    ...common,
    rate: decimal,
    date: day,
    age_business_days: z.int().openapi({ description: "Bank business days since `date`." }),
    next_update: nextUpdate,
  })
  .openapi("CurrentRate");

export const historicalAnswer = z
  .object({
    ...common,
    from: day,
    to: day,
    count: z.int(),
    observations: z.array(
      z.object({
        date: day,
        rate: decimal,
        carried_from: day.optional().openapi({ description: "The date of the fixing, if the day itself has none." }),
      }),
    ),
    next_update: nextUpdateOrNull,
  })
  .openapi("HistoricalRates");

export const averageAnswer = z
  .object({
    ...common,
    window: z.string().openapi({ example: "30d" }),
    basis: z.enum(["business", "calendar"]),
    from: day,
    to: day,
    observations: z.int().openapi({ description: "Number of fixings in the window." }),
    days: z.int().nullable().openapi({ description: "Number of calendar days averaged; null on the business basis." }),
    average: decimal.openapi({
      description:
        "The mean of the unrounded daily rates, rounded once, half-even, to as many decimals as the pair's rates have, at least 6, and to at least 6 significant digits.",
      example: "17.195340",
    }),
    next_update: nextUpdateOrNull,
  })
  .openapi("AverageRate");

export const onAnswer = z
  .object({ ...common, requested_date: day, date: day, rate: decimal, next_update: nextUpdateOrNull })
  .openapi("RateOnDate");

export const convertAnswer = z
  .object({
    from: z.string().openapi({ example: "USD" }),
    to: z.string().openapi({ example: "MXN" }),
    amount: decimal.openapi({ description: "The amount, as given.", example: "100.10" }),
    result: decimal.openapi({
      example: "1693.59",
      description:
        "Computed from the unrounded legs, rounded once to the target's ISO 4217 minor units, half away from zero.",
    }),
    rate: decimal,
    requested_date: day.nullable(),
    date: day,
    legs: z
      .array(z.object({ series: z.string(), base: z.string(), quote: z.string(), rate: decimal }))
      .openapi({ description: "The published rates that the result is computed from, unrounded." }),
    source,
    derived: common.derived,
    stale: common.stale,
    next_update: nextUpdateOrNull,
  })
  .openapi("Conversion");

export const currenciesAnswer = z
  .object({
    currencies: z.array(
      z.object({
        code: z.string().openapi({ example: "USD" }),
        name: z.object({ en: z.string(), es: z.string() }),
        minor_units: z.int(),
        since: day,
        latest: day.nullable(),
      }),
    ),
  })
  .openapi("Currencies");

export const seriesAnswer = z
  .object({
    series: z.array(
      z.object({
        id: z.string().openapi({ example: "banxico.SF43718" }),
        provider: z.literal("banxico"),
        provider_id: z.string().openapi({ example: "SF43718" }),
        base: z.string(),
        quote: z.string(),
        cadence: z.literal("bank_day"),
        since: day,
        latest: day.nullable(),
        note: z.string().nullable(),
        attribution: z.string(),
      }),
    ),
  })
  .openapi("SeriesList");

export const calendarAnswer = z
  .object({
    provider: z.literal("banxico"),
    year: z.int(),
    time_zone: z.string().openapi({ example: "America/Mexico_City" }),
    published_at: z.string().openapi({
      description: "When a day's rate is announced, in that time zone, on every weekday that is not closed.",
      example: "12:00",
    }),
    closed: z.array(day).openapi({ description: "Weekdays without a rate: bank holidays and exceptional closures." }),
  })
  .openapi("BankCalendar");

export const problemAnswer = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string().openapi({ example: "invalid_parameter" }),
    errors: z.array(z.object({ parameter: z.string(), detail: z.string() })).optional(),
  })
  .openapi("Problem");
