import { z } from "@hono/zod-openapi";
import { EXAMPLE } from "../providers/examples.ts";
import { RATE_EVENT_TYPES, type RateEventType } from "../wire/events.ts";
import type { RateEventFilter } from "./event-source.ts";
import { invalidParameter } from "./failure.ts";
import type { ApiHost } from "./host.ts";
import { routeOf } from "./parameters.ts";

/** The parameters that choose events, alike for the log and for live updates. */

const MAX_SERIES = 50;
const MAX_PAIRS = 20;

function listOf<T extends string>(pattern: RegExp, max: number, what: string) {
  return z
    .string()
    .transform((text) => [...new Set(text.split(","))] as T[])
    .refine((values) => values.length <= max && values.every((value) => pattern.test(value)), {
      error: `must be 1 to ${max} ${what}, separated by commas`,
    })
    .optional();
}

export const eventFilterParameters = () => ({
  types: listOf<RateEventType>(
    new RegExp(`^(${RATE_EVENT_TYPES.join("|").replaceAll(".", "[.]")})$`),
    RATE_EVENT_TYPES.length,
    `of ${RATE_EVENT_TYPES.join(", ")}`,
  ).openapi({
    type: "array",
    items: { type: "string", enum: [...RATE_EVENT_TYPES] },
    param: { style: "form", explode: false },
    description: "Only these types. Default: all.",
    example: ["rate.published"],
  }),
  series: listOf<string>(/^[a-z][a-z-]{0,19}(\.[A-Za-z0-9]{1,20}){1,2}$/, MAX_SERIES, "ids of series").openapi({
    type: "array",
    items: { type: "string", "x-known": "series" } as never,
    param: { style: "form", explode: false },
    description: "Only of these series, which `/series` lists.",
    example: [EXAMPLE.series],
  }),
  pairs: listOf<string>(/^[A-Za-z]{3}\/[A-Za-z]{3}$/, MAX_PAIRS, "pairs such as USD/MXN").openapi({
    type: "array",
    items: { type: "string", pattern: "^[A-Za-z]{3}/[A-Za-z]{3}$" },
    param: { style: "form", explode: false },
    description:
      "Only of the series that the rates of these pairs are computed from; in addition to those in `series`.",
    example: ["USD/MXN"],
  }),
});

export interface EventFilterQuery {
  types?: RateEventType[] | undefined;
  series?: string[] | undefined;
  pairs?: string[] | undefined;
}

/** What a validated request wants to see. Throws ApiFailure on a series or pair that is not served. */
export function eventFilterOf(host: Pick<ApiHost, "catalogue">, query: EventFilterQuery): RateEventFilter {
  const { catalogue } = host;
  const providers = catalogue.providers.filter(({ isPrivate }) => !isPrivate).map(({ id }) => id);
  const unknown = query.series?.find((id) => !providers.includes(catalogue.findSeries(id)?.provider ?? ""));
  if (unknown !== undefined) throw invalidParameter("series", `${unknown} is not one of those that /series lists`);
  const ofPairs = query.pairs?.flatMap((pair) => {
    const [base = "", quote = ""] = pair.toUpperCase().split("/");
    return routeOf(host, { base, quote }, ["pairs", "pairs"]).series.map(({ id }) => id);
  });
  const named = query.series !== undefined || query.pairs !== undefined;
  const series = named ? [...new Set([...(query.series ?? []), ...(ofPairs ?? [])])] : undefined;
  return { types: query.types ?? RATE_EVENT_TYPES, series, providers };
}

/** A position in the log. */
export const after = () =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,15})$/, { error: "must be the number of an event, or 0" })
    .transform(Number)
    .refine(Number.isSafeInteger, { error: "must be the number of an event, or 0" });
