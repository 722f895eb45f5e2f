import { z } from "@hono/zod-openapi";
import { isDecimal } from "../money/decimal.ts";
import { parseWindow } from "../rates/average.ts";
import { CURRENCIES } from "../rates/series.ts";
import { daysBetween, isPlainDate, type PlainDate } from "../time/dates.ts";
import { FIRST_CALENDAR_YEAR } from "../time/mexico.ts";

/** The parameters of the public API. Names, limits and examples go into the OpenAPI document. */

const MAX_YEARS = 50;
const MAX_DAYS = Math.floor(MAX_YEARS * 365.25);
const MAX_OBSERVATIONS = 20_000;
const MAX_AMOUNT_LENGTH = 40;

export const TOO_LONG = `must be at most ${MAX_YEARS} years before the end of the period`;
export const TOO_FAR = `must be at most ${MAX_YEARS} years after the first rate listed`;

/** Whether a period is longer than one response covers. */
export function isTooLong(from: PlainDate, to: PlainDate): boolean {
  return daysBetween(from, to) > MAX_DAYS;
}

const currency = z
  .enum(CURRENCIES, { error: `must be one of ${CURRENCIES.join(", ")}` })
  .openapi({ example: "USD", description: "ISO 4217 code, in upper or lower case." });
const base = currency.default("USD").openapi({ description: "Base currency: the rate is for one unit of it." });
const quote = currency.default("MXN").openapi({ description: "Quote currency: the rate is in it.", example: "MXN" });
const date = z
  .string()
  .refine(isPlainDate, { error: "must be an existing date in the form YYYY-MM-DD", abort: true })
  .openapi({ format: "date", example: "2023-12-29" });

function wholeNumber(max: number) {
  return z
    .string()
    .regex(/^[1-9]\d{0,5}$/, { error: `must be a whole number from 1 to ${max}` })
    .transform(Number)
    .refine((number) => number <= max, { error: `must be a whole number from 1 to ${max}` })
    .openapi({ type: "integer", minimum: 1, maximum: max });
}

export const pairQuery = z.strictObject({ base, quote });

export const historicalQuery = z
  .strictObject({
    base,
    quote,
    days: wholeNumber(MAX_DAYS)
      .optional()
      .openapi({ description: "Number of calendar days, ending on the date of the latest observation.", example: 10 }),
    from: date.optional().openapi({ description: "First date (inclusive).", example: "2023-12-01" }),
    to: date.optional().openapi({ description: "Last date (inclusive). Default: today, if `from` is given." }),
    limit: wholeNumber(MAX_OBSERVATIONS).optional().openapi({
      description: "Return only the newest N rates; `from` in the response is then the date of the first one.",
      example: 100,
    }),
    fill: z.enum(["none", "previous"], { error: "must be none or previous" }).default("none").openapi({
      description:
        "`previous` adds the days without a fixing, each marked with the date its rate was carried forward from.",
    }),
  })
  .superRefine(({ days, from, to, limit }, context) => {
    const refuse = (parameter: string, message: string) =>
      context.addIssue({ code: "custom", path: [parameter], message, input: undefined });
    if (days !== undefined && (from ?? to) !== undefined) refuse("days", "can't be combined with from or to");
    if (to !== undefined && from === undefined && limit === undefined)
      refuse("from", "is required with to, unless limit is given");
    if (from !== undefined && to !== undefined) {
      if (from > to) refuse("from", "must not be after to");
      else if (isTooLong(from, to)) refuse("from", TOO_LONG);
    }
  });

export const averageParams = z.strictObject({
  window: z
    .string()
    .refine((text) => parseWindow(text) !== undefined, { error: "must be 1d to 366d, or a month such as 2023-11" })
    .openapi({
      pattern: "^([1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])d$|^\\d{4}-(0[1-9]|1[0-2])$",
      description:
        "`1d` to `366d`: that many calendar days, ending on the date of the latest observation. `2023-11`: a month.",
      example: "30d",
    }),
});

export const averageQuery = z.strictObject({
  base,
  quote,
  basis: z.enum(["business", "calendar"], { error: "must be business or calendar" }).default("business").openapi({
    description:
      "`business`: mean of the observations. `calendar`: mean over all calendar days, with rates carried forward.",
  }),
});

export const onParams = z.strictObject({ date });

export const convertQuery = z.strictObject({
  from: currency,
  to: currency.openapi({ example: "MXN" }),
  amount: z
    .string()
    .max(MAX_AMOUNT_LENGTH, { error: `must have at most ${MAX_AMOUNT_LENGTH} characters` })
    .refine(isDecimal, { error: "must be a plain decimal such as 100 or -12.50, without exponent or separators" })
    .openapi({ pattern: "^-?(0|[1-9]\\d*)(\\.\\d+)?$", example: "100.10" }),
  date: date
    .optional()
    .openapi({ description: "Convert at the rate in force on this date. Default: the current rate." }),
});

const MAX_CALENDAR_YEAR = 2100;
const CALENDAR_YEAR = `must be a year from ${FIRST_CALENDAR_YEAR} to ${MAX_CALENDAR_YEAR}`;

export const calendarParams = z.strictObject({
  provider: z.enum(["banxico"], { error: "must be banxico" }).openapi({ example: "banxico" }),
  year: z
    .string()
    .regex(/^\d{4}$/, { error: CALENDAR_YEAR, abort: true })
    .transform(Number)
    .refine((year) => year >= FIRST_CALENDAR_YEAR && year <= MAX_CALENDAR_YEAR, { error: CALENDAR_YEAR })
    .openapi({ type: "integer", minimum: FIRST_CALENDAR_YEAR, maximum: MAX_CALENDAR_YEAR, example: 2026 }),
});

export const nothing = z.strictObject({});
