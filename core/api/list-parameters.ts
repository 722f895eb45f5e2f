import { z } from "@hono/zod-openapi";
import { EXAMPLE } from "../providers/examples.ts";
import type { Route } from "../rates/route.ts";
import { isPlainDate, type PlainDate } from "../time/dates.ts";
import type { ApiHost } from "./host.ts";
import { currency, DEFAULT_BASE, DEFAULT_QUOTE, provider, routeOf } from "./parameters.ts";

/** Parameters that hold several values, separated by commas. */

export const MAX_DATES = 366;
const MAX_CODES = 20;
const MAX_CODES_OF_TABLE = 200;

// Without a default of their own, so that a pair that is given beside a list is told from one that is not.
const pairParameters = () => ({
  base: currency().optional().openapi({
    default: DEFAULT_BASE,
    description: "Base currency: the rate is for one unit of it.",
  }),
  quote: currency().optional().openapi({
    default: DEFAULT_QUOTE,
    description: "Quote currency: the rate is in it.",
    example: DEFAULT_QUOTE,
  }),
});

/** What the OpenAPI document says of one value. */
interface Item {
  type: "string";
  pattern?: string;
  format?: "date";
  [extension: `x-${string}`]: unknown;
}

/** Up to `max` values, in the order in which they are wanted. */
function listOf(isValid: (value: string) => boolean, max: number, what: string, item: Item) {
  const schema = { type: "array" as const, minItems: 1, maxItems: max, items: item };
  return z
    .string()
    .transform((text) => text.split(","))
    .refine((values) => values.length <= max && values.every(isValid), {
      error: `must be 1 to ${max} ${what}, separated by commas`,
    })
    .openapi({ ...schema, param: { style: "form", explode: false } });
}

const CODE = /^[A-Z]{3}$/;
const codesOf = (max: number) =>
  listOf((code) => CODE.test(code), max, "currency codes of three letters", {
    type: "string",
    pattern: "^[A-Za-z]{3}$",
  });
const codes = () => codesOf(MAX_CODES).optional();

/** Currencies of a table: each once, in the order given. */
export const currencyList = () =>
  codesOf(MAX_CODES_OF_TABLE)
    .transform((list) => [...new Set(list)])
    .openapi({ example: ["EUR", "JPY"] });

/** A pair, or the pairs of each of `bases` in each of `quotes`. */
export const pairsParameters = () => ({
  ...pairParameters(),
  provider: provider(),
  bases: codes().openapi({ description: "Several base currencies; instead of `base`.", example: ["USD", "EUR"] }),
  quotes: codes().openapi({
    description: "Several quote currencies; instead of `quote`.",
    example: [EXAMPLE.quote, "CAD"],
  }),
});

/** Dates in any order; one may be there twice, as in a list of invoices. */
export const dates = () =>
  listOf(isPlainDate, MAX_DATES, "existing dates in the form YYYY-MM-DD", {
    type: "string",
    format: "date",
  }).openapi({ description: "The dates, in any order.", example: ["2023-12-29", "2023-12-25"] });

interface PairsRequest {
  provider?: string | undefined;
  base?: string | undefined;
  quote?: string | undefined;
  bases?: string[] | undefined;
  quotes?: string[] | undefined;
}

/** Reports what of a request for pairs contradicts itself, or is more than `maxPairs`. */
export function checkPairs(request: PairsRequest, context: z.RefinementCtx, maxPairs: number): void {
  const refuse = (parameter: string, message: string) =>
    context.addIssue({ code: "custom", path: [parameter], message, input: undefined });
  const { base, bases = [], quote, quotes = [] } = request;
  if (base !== undefined && bases.length > 0) refuse("bases", "can't be combined with base");
  if (quote !== undefined && quotes.length > 0) refuse("quotes", "can't be combined with quote");
  if (Math.max(1, bases.length) * Math.max(1, quotes.length) > maxPairs)
    refuse(quotes.length > 0 ? "quotes" : "bases", `makes more than ${maxPairs} pairs`);
}

/** Whether a request names several pairs, even if its lists have one code each. */
export function isListOfPairs({ bases, quotes }: PairsRequest): boolean {
  return bases !== undefined || quotes !== undefined;
}

/** The routes of a validated request: each base in each quote. Throws as `routeOf` does. */
export function routesOf(
  host: ApiHost,
  { base = DEFAULT_BASE, quote = DEFAULT_QUOTE, bases, quotes, provider }: PairsRequest,
  until?: PlainDate,
): Route[] {
  const names = [bases ? "bases" : "base", quotes ? "quotes" : "quote"] as const;
  return (bases ?? [base]).flatMap((one) =>
    (quotes ?? [quote]).map((other) => routeOf(host, { base: one, quote: other, provider, until }, names)),
  );
}
