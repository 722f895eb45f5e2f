import { z } from "@hono/zod-openapi";
import type { Catalogue } from "../providers/catalogue.ts";
import { EXAMPLE } from "../providers/examples.ts";
import { parities } from "../providers/parities.ts";
import type { Route } from "../rates/route.ts";
import { isPlainDate, type PlainDate } from "../time/dates.ts";
import { PREFIX } from "./endpoint.ts";
import { ApiFailure } from "./failure.ts";
import type { ApiHost } from "./host.ts";

/**
 * The parameters that several endpoints share. Names, limits and examples go into the OpenAPI document. Functions, because
 * an isolate builds the schemas of an endpoint at its first request.
 */

export const currency = () =>
  z
    .string()
    .regex(/^[A-Z]{3}$/, { error: "must be a currency code of three letters, such as USD" })
    .openapi({
      pattern: "^[A-Za-z]{3}$",
      example: "USD",
      description: "Code of a currency that `/currencies` lists, in upper or lower case.",
    });

export const DEFAULT_BASE = EXAMPLE.base;
export const DEFAULT_QUOTE = EXAMPLE.quote;

export const base = () =>
  currency().default(DEFAULT_BASE).openapi({ description: "Base currency: the rate is for one unit of it." });

export const quote = () =>
  currency()
    .default(DEFAULT_QUOTE)
    .openapi({ description: "Quote currency: the rate is in it.", example: DEFAULT_QUOTE });

export const provider = () =>
  z
    .string()
    // In a path; of a query it is the canonical spelling.
    .toLowerCase()
    .regex(/^[a-z][a-z-]{0,39}$/, { error: "must be the id of a provider, such as ecb" })
    .optional()
    .openapi({
      example: EXAMPLE.provider,
      description:
        "Whose rates to use: a provider that `/providers` lists. Default: the one that is documented for the pair; it never depends on what is available.",
    });

/** Whose rates, and of which pair. */
export const pair = () => ({ base: base(), quote: quote(), provider: provider() });

export const date = () =>
  z
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

export const noParameters = () => z.strictObject({});

/** The pair that a request is for, as its parameters name it. */
export interface PairQuery {
  base: string;
  quote: string;
  provider?: string | undefined;
  /** The last date that the request is about, if it names one. */
  until?: PlainDate | undefined;
}

/**
 * How the rate of a requested pair is computed. `names`: what the request calls its two currencies.
 * Throws ApiFailure if a currency or the provider is unknown, or if the provider does not have both.
 */
export function routeOf(
  { catalogue }: Pick<ApiHost, "catalogue">,
  { base, quote, provider, until }: PairQuery,
  names: readonly [string, string] = ["base", "quote"],
): Route {
  const route = catalogue.route(base, quote, provider, until);
  if (route !== undefined) return route;
  const unknown = names.filter((_, index) => !catalogue.currencies.includes(index === 0 ? base : quote));
  const errors = Array.from(new Set(unknown), (parameter) => ({ parameter, detail: unknownCurrency(catalogue) }));
  const providers = publicProviderIds(catalogue);
  if (provider !== undefined && !providers.includes(provider))
    errors.push({ parameter: "provider", detail: `must be one of ${providers.join(", ")}` });
  if (errors.length > 0) throw new ApiFailure({ code: "invalid_parameter", errors });
  const others = catalogue.providersOf(base, quote).map(({ id }) => id);
  throw new ApiFailure({
    code: "pair_not_served",
    detail: `${provider ?? "No provider"} has ${provider ? "no " : ""}${base}/${quote}. ${others.length > 0 ? `These have: ${others.join(", ")}.` : "No other one has."}`,
  });
}

/** The ids that `provider` may be. */
export function publicProviderIds({ providers, hasParities }: Catalogue): string[] {
  const ids = providers.filter(({ isPrivate }) => !isPrivate).map(({ id }) => id);
  return hasParities ? [...ids, parities.id] : ids;
}

/** Few codes are listed; many are looked up. */
const MAX_LISTED = 40;

/** What a problem says of a code that is none of those served. */
export function unknownCurrency({ currencies }: Catalogue): string {
  return currencies.length <= MAX_LISTED
    ? `must be one of ${currencies.join(", ")}`
    : `must be one of the ${currencies.length} codes that ${PREFIX}/currencies lists`;
}
