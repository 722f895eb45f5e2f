import { z } from "@hono/zod-openapi";
import { EXAMPLE } from "../../providers/examples.ts";
import { type Fixing, inForceOn, rateOf } from "../../rates/fixing.ts";
import { firstDateOf, type Route } from "../../rates/route.ts";
import { earlier, later, type PlainDate } from "../../time/dates.ts";
import { endpoint } from "../endpoint.ts";
import { fileName } from "../formats/table.ts";
import { checkPairs, dates, MAX_DATES, pairsParameters, routesOf } from "../list-parameters.ts";
import { noParameters } from "../parameters.ts";
import { periodOf } from "../period.ts";
import { provenanceOf, stalenessOf } from "../provenance.ts";
import type { RateReader } from "../rate-reader.ts";
import * as fields from "../response-fields.ts";
import { view, viewColumns, viewDates } from "../views.ts";

const MAX_PAIRS = 10;

export const onDates = endpoint({
  id: "ratesOnDates",
  path: "/rates/on",
  tag: "Rates",
  summary: "The rates in force on many dates",
  description: `Up to ${MAX_DATES} dates and ${MAX_PAIRS} pairs in one request, as for a list of invoices. The fixing of each date or, where there is none, the last one before it, at most 14 days back.`,
  returns: "One item per pair and date, in the order of the request; without a rate, `date` and `rate` are null.",
  costsByPeriod: true,
  params: noParameters,
  query: () =>
    z
      .strictObject({ dates: dates(), ...pairsParameters(), view: view() })
      .superRefine((request, context) => checkPairs(request, context, MAX_PAIRS)),
  response: () =>
    z
      .object({
        count: z.int(),
        missing: z.int().openapi({ description: "Number of items without a rate." }),
        rates: z.array(
          z
            .object({
              base: fields.code("USD"),
              quote: fields.code(EXAMPLE.quote),
              requested_date: fields.day(),
              date: fields.day().nullable(),
              rate: fields.decimal().nullable(),
              ...fields.viewDates(),
              derived: z.boolean(),
            })
            .openapi(fields.named("RateOfDate")),
        ),
        sources: z
          .array(fields.provenance().source)
          .openapi({ description: "The published series behind each pair, in the order of the pairs." }),
        stale: fields.provenance().stale,
        next_update: fields.nextUpdateOrNull(),
      })
      .openapi("RatesOnDates"),
  table: {
    columns: (query) => ["date", "rate", "requested_date", "base", "quote", ...viewColumns(query)],
    rows: ({ rates }) => rates,
    fileName: ({ count }) => fileName("rates-on", String(count), "dates"),
  },
  handle: async (reader, { dates, ...request }) => {
    const routes = routesOf(reader.host, request, dates.reduce(later));
    const lists = await Promise.all(routes.map((route) => ratesOn(reader, route, dates)));
    const [from, to] = [dates.reduce(earlier), dates.reduce(later)];
    const periods = await Promise.all(
      routes.map(async (route) => ({ route, ...(await periodOf(reader, route, from, to)) })),
    );
    const stalenesses = periods.map(({ route, openLatest }) => stalenessOf(reader, route, openLatest));
    const rates = lists.flat();
    const content = {
      count: rates.length,
      missing: rates.filter(({ rate }) => rate === null).length,
      rates,
      sources: routes.map((route) => provenanceOf(reader.host, route).source),
      stale: stalenesses.some(({ stale }) => stale),
      // What changes first decides, as it does for how long the response holds.
      next_update: stalenesses.map(({ next_update }) => next_update).reduce(firstOf),
    };
    const latest = periods.map(({ route, openLatest }) => ({ route, date: openLatest ?? to }));
    return {
      content,
      kind: KINDS_BY_LIFETIME.find((kind) => periods.some((one) => one.kind === kind)) ?? "now",
      latest,
    };
  },
});

/** Whose responses hold the shortest time comes first. */
const KINDS_BY_LIFETIME = ["now", "settled", "closed"] as const;

function firstOf(a: string | null, b: string | null): string | null {
  return a === null || b === null ? (a ?? b) : earlier(a, b);
}

/** A pair's rates in force on some dates, in their order. */
async function ratesOn(reader: RateReader, route: Route, dates: readonly PlainDate[]) {
  const { base, quote } = route;
  const { derived } = provenanceOf(reader.host, route);
  const first = firstDateOf(route);
  const byYear = await fixingsByYear(reader, route, dates);
  const found = [];
  for (const date of dates) {
    const isServed = date >= first && (date <= reader.todayOf(route) || reader.hasLater(route, date));
    const fixing = isServed
      ? // The first days of a year carry the last fixing of the year before.
        (inForceOn(byYear.get(date.slice(0, 4)) ?? [], date) ??
        inForceOn(await reader.fixingsToCarry(route, date, date), date))
      : undefined;
    const inForce = fixing ? { date: fixing.date, rate: rateOf(fixing, route) } : { date: null, rate: null };
    found.push({ base, quote, requested_date: date, ...inForce, ...viewDates(fixing ?? {}), derived });
  }
  return found;
}

/** The pair's fixings of every year that one of the dates is in, all read at once. */
async function fixingsByYear(
  reader: RateReader,
  route: Route,
  dates: readonly PlainDate[],
): Promise<Map<string, Fixing[]>> {
  const years = [...new Set(dates.map((date) => date.slice(0, 4)))];
  const read = async (year: string) => [year, await reader.fixings(route, `${year}-01-01`, `${year}-12-31`)] as const;
  return new Map(await Promise.all(years.map(read)));
}
