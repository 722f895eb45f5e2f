import { z } from "@hono/zod-openapi";
import { CURRENCIES, type Pair, resolvePair } from "../rates/series.ts";
import { isPlainDate } from "../time/dates.ts";

/** The parameters that several endpoints share. Names, limits and examples go into the OpenAPI document. */

export const currency = z
  .enum(CURRENCIES, { error: `must be one of ${CURRENCIES.join(", ")}` })
  .openapi({ example: "USD", description: "ISO 4217 code, in upper or lower case." });

export const base = currency.default("USD").openapi({ description: "Base currency: the rate is for one unit of it." });

export const quote = currency
  .default("MXN")
  .openapi({ description: "Quote currency: the rate is in it.", example: "MXN" });

export const date = z
  .string()
  .refine(isPlainDate, { error: "must be an existing date in the form YYYY-MM-DD", abort: true })
  .openapi({ format: "date", example: "2023-12-29" });

/** A whole number from `min`, which is at least 1, to `max`. */
export function wholeNumber(max: number, min = 1) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^[1-9]\d{0,5}$/, { error })
    .transform(Number)
    .refine((number) => number >= min && number <= max, { error })
    .openapi({ type: "integer", minimum: min, maximum: max });
}

export const noParameters = z.strictObject({});

/** The pair that validated currency codes name. */
export function pairOf({ base, quote }: { base: string; quote: string }): Pair {
  const pair = resolvePair(base, quote);
  if (!pair) throw new RangeError("the schema let an unknown currency through");
  return pair;
}
