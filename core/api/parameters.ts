import { z } from "@hono/zod-openapi";
import { parseWindow } from "../average.ts";
import { FIRST_CALENDAR_YEAR } from "../calendar.ts";
import { daysBetween, isPlainDate, type PlainDate } from "../dates.ts";
import { isDecimal } from "../decimal.ts";
import { CURRENCIES } from "../series.ts";

/** Parameters of the public API, as requests are held to them. Names, limits and examples are what the document says. */

const MOST_YEARS = 50;
const MOST_DAYS = Math.floor(MOST_YEARS * 365.25);
const MOST_OBSERVATIONS = 20_000;
const MOST_AMOUNT_LENGTH = 40;

export const TOO_LONG = `must be at most ${MOST_YEARS} years before to`;
export const TOO_FAR = `must be at most ${MOST_YEARS} years after the first rate listed`;

/** Whether a period is longer than is answered in one piece. */
export function isTooLong(from: PlainDate, to: PlainDate): boolean {
  return daysBetween(from, to) > MOST_DAYS;
}

const currency = z
  .enum(CURRENCIES, { error: `must be one of ${CURRENCIES.join(", ")}` })
  .openapi({ example: "USD", description: "ISO 4217 code." });
const base = currency.default("USD").openapi({ description: "The currency that is priced: one unit of it." });
const quote = currency.default("MXN").openapi({ description: "The currency that the price is in.", example: "MXN" });
const date = z
  .string()
  .refine(isPlainDate, { error: "must be a date that exists, written YYYY-MM-DD", abort: true })
  .openapi({ format: "date", example: "2023-12-29" });

function wholeNumber(most: number) {
  return z
    .string()
    .regex(/^[1-9]\d{0,5}$/, { error: `must be a whole number from 1 to ${most}` })
    .transform(Number)
    .refine((number) => number <= most, { error: `must be a whole number from 1 to ${most}` })
    .openapi({ type: "integer", minimum: 1, maximum: most });
}

export const pairQuery = z.strictObject({ base, quote });

export const historicalQuery = z
  .strictObject({
    base,
    quote,
    days: wholeNumber(MOST_DAYS)
      .optional()
      .openapi({ description: "Calendar days that end on the latest observation's date.", example: 10 }),
    from: date.optional().openapi({ description: "First date, included.", example: "2023-12-01" }),
    to: date.optional().openapi({ description: "Last date, included; today where only `from` is given." }),
    limit: wholeNumber(MOST_OBSERVATIONS).optional().openapi({
      description: "At most so many of the rates listed, the newest; `from` then begins with the first of them.",
      example: 100,
    }),
    fill: z.enum(["none", "previous"], { error: "must be none or previous" }).default("none").openapi({
      description: "`previous` adds the days without a fixing, each marked with the date its rate is carried from.",
    }),
  })
  .superRefine(({ days, from, to, limit }, context) => {
    const refuse = (parameter: string, message: string) =>
      context.addIssue({ code: "custom", path: [parameter], message, input: undefined });
    if (days !== undefined && (from ?? to) !== undefined) refuse("days", "can't be combined with from or to");
    if (to !== undefined && from === undefined && limit === undefined)
      refuse("from", "is needed with to, unless there is a limit");
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
      description: "`1d` to `366d`: calendar days that end on the latest observation's date. `2023-11`: a month.",
      example: "30d",
    }),
});

export const averageQuery = z.strictObject({
  base,
  quote,
  basis: z.enum(["business", "calendar"], { error: "must be business or calendar" }).default("business").openapi({
    description: "`business`: mean of the observations. `calendar`: mean over all days, rates carried forward.",
  }),
});

export const onParams = z.strictObject({ date });

export const convertQuery = z.strictObject({
  from: currency,
  to: currency.openapi({ example: "MXN" }),
  amount: z
    .string()
    .max(MOST_AMOUNT_LENGTH, { error: `must have at most ${MOST_AMOUNT_LENGTH} characters` })
    .refine(isDecimal, { error: "must be a plain decimal such as 100 or -12.50, without exponent or separators" })
    .openapi({ pattern: "^-?(0|[1-9]\\d*)(\\.\\d+)?$", example: "100.10" }),
  date: date
    .optional()
    .openapi({ description: "Converts at the rate in force on this date; at the current one without it." }),
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
