import { z } from "@hono/zod-openapi";
import { rateOf } from "../../rates/fixing.ts";
import type { Route } from "../../rates/route.ts";
import { endpoint } from "../endpoint.ts";
import { fileName } from "../formats/table.ts";
import { servableLatest } from "../latest-fixing.ts";
import { checkPairs, isListOfPairs, pairsParameters, routesOf } from "../list-parameters.ts";
import { noParameters } from "../parameters.ts";
import { provenanceOf, stalenessOf } from "../provenance.ts";
import type { RateReader } from "../rate-reader.ts";
import * as fields from "../response-fields.ts";
import { newestTick } from "../ticks.ts";
import { view, viewCells, viewColumns, viewDates } from "../views.ts";

const MAX_PAIRS = 20;

export const current = endpoint({
  id: "currentRate",
  path: "/rates/current",
  tag: "Rates",
  summary: "The latest rate of a pair",
  description: `With \`bases\` or \`quotes\`, the latest rates of up to ${MAX_PAIRS} pairs, as a list.`,
  returns: "The latest rate, its date, and whether a newer one is overdue.",
  costsByRecord: "pairs",
  params: noParameters,
  query: () =>
    z
      .strictObject({ ...pairsParameters(), view: view() })
      .superRefine((request, context) => checkPairs(request, context, MAX_PAIRS)),
  response: () => {
    const rate = z
      .object({
        ...fields.pair(),
        rate: fields.decimal(),
        date: fields.day(),
        ...fields.viewDates(),
        age_business_days: z.int().openapi({ description: "Bank business days since `date`." }),
        next_update: fields.nextUpdate(),
        at: fields.instant().optional().openapi({
          description: "Of a provider that is polled during the day: since when this rate holds.",
        }),
        checked_at: fields.instant().optional().openapi({
          description: "Of the same: when the provider last gave it. `date` is its date where the provider is.",
        }),
      })
      .openapi("CurrentRate");
    const list = z
      .object({
        count: z.int().openapi({ description: "Only with `bases` or `quotes`, as `rates`." }),
        stale: z.boolean(),
        rates: z.array(rate),
      })
      .openapi("CurrentRates");
    return z.union([rate, list]).openapi(fields.named("CurrentRateOrRates"));
  },
  table: {
    isList: isListOfPairs,
    columns: (query) => ["date", "rate", ...(isListOfPairs(query) ? ["base", "quote"] : []), ...viewColumns(query)],
    rows: (content) =>
      ("rates" in content ? content.rates : [content]).map(({ date, rate, base, quote, ...others }) => ({
        date,
        rate,
        base,
        quote,
        ...viewCells(others),
      })),
    fileName: (content) =>
      "rates" in content ? fileName("rates-current") : fileName("rate", content.base, content.quote, content.date),
  },
  handle: async (reader, request) => {
    const routes = routesOf(reader.host, request);
    const rates = await Promise.all(routes.map((route) => currentRate(reader, route)));
    const latest = rates.map(({ date }, index) => ({ route: routes[index] as Route, date }));
    const kind = rates.some((rate) => "at" in rate) ? "log" : "now";
    const [only] = rates;
    if (only && !isListOfPairs(request)) return { content: only, kind, latest };
    const content = { count: rates.length, stale: rates.some(({ stale }) => stale), rates };
    return { content, kind, latest };
  },
});

/** The newest rate of a pair as the response has it; throws where it is too old to be called current. */
export async function currentRate(reader: RateReader, route: Route) {
  const tick = await newestTick(reader.host, route);
  if (tick !== undefined) {
    const { rate, at, checkedAt, date, stale, nextUpdate } = tick;
    return {
      base: route.base,
      quote: route.quote,
      rate,
      date,
      ...provenanceOf(reader.host, route),
      stale,
      age_business_days: reader.freshnessOf(route, date).ageBusinessDays,
      next_update: nextUpdate,
      at,
      checked_at: checkedAt,
    };
  }
  const latest = await servableLatest(reader, route);
  const { ageBusinessDays } = reader.freshnessOf(route, latest.date);
  const { stale, next_update } = stalenessOf(reader, route, latest.date);
  return {
    base: route.base,
    quote: route.quote,
    rate: rateOf(latest, route),
    date: latest.date,
    ...viewDates(latest),
    ...provenanceOf(reader.host, route),
    stale,
    age_business_days: ageBusinessDays,
    next_update,
  };
}
