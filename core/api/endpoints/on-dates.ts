import { z } from "@hono/zod-openapi";
import { type Fixing, inForceOn, rateOf } from "../../rates/fixing.ts";
import { firstDateOf, type Pair } from "../../rates/series.ts";
import { earlier, later, type PlainDate } from "../../time/dates.ts";
import { endpoint } from "../endpoint.ts";
import { fileName } from "../formats/table.ts";
import { checkPairs, dates, MAX_DATES, pairsOf, pairsParameters } from "../list-parameters.ts";
import { noParameters } from "../parameters.ts";
import { periodOf } from "../period.ts";
import { provenanceOf, stalenessOf } from "../provenance.ts";
import type { RateReader } from "../rate-reader.ts";
import * as fields from "../response-fields.ts";

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
  query: z
    .strictObject({ dates, ...pairsParameters })
    .superRefine((request, context) => checkPairs(request, context, MAX_PAIRS)),
  response: () =>
    z
      .object({
        count: z.int(),
        missing: z.int().openapi({ description: "Number of items without a rate." }),
        rates: z.array(
          z.object({
            base: z.string().openapi({ example: "USD" }),
            quote: z.string().openapi({ example: "MXN" }),
            requested_date: fields.day(),
            date: fields.day().nullable(),
            rate: fields.decimal().nullable(),
            derived: z.boolean(),
          }),
        ),
        sources: z
          .array(fields.provenance().source)
          .openapi({ description: "The published series behind each pair, in the order of the pairs." }),
        stale: fields.provenance().stale,
        next_update: fields.nextUpdateOrNull(),
      })
      .openapi("RatesOnDates"),
  table: {
    columns: () => ["date", "rate", "requested_date", "base", "quote"],
    rows: ({ rates }) => rates,
    fileName: ({ count }) => fileName("rates-on", String(count), "dates"),
  },
  handle: async (reader, { dates, ...request }) => {
    const pairs = pairsOf(request);
    const lists = await Promise.all(pairs.map((pair) => ratesOn(reader, pair, dates)));
    const [from, to] = [dates.reduce(earlier), dates.reduce(later)];
    const periods = await Promise.all(pairs.map((pair) => periodOf(reader, pair, from, to)));
    // The pair that is furthest behind decides how long the response holds.
    const period = periods.reduce((all, one) => ((one.openLatest ?? to) < (all.openLatest ?? to) ? one : all));
    const rates = lists.flat();
    const content = {
      count: rates.length,
      missing: rates.filter(({ rate }) => rate === null).length,
      rates,
      sources: pairs.map((pair) => provenanceOf(pair).source),
      ...stalenessOf(reader, period.openLatest),
    };
    return { content, kind: period.kind, latest: period.openLatest ?? to };
  },
});

/** A pair's rates in force on some dates, in their order. */
async function ratesOn(reader: RateReader, pair: Pair, dates: readonly PlainDate[]) {
  const { base, quote } = pair;
  const { derived } = provenanceOf(pair);
  const first = firstDateOf(pair);
  const byYear = await fixingsByYear(reader, pair, dates);
  const found = [];
  for (const date of dates) {
    const isServed = date >= first && date <= reader.today;
    const fixing = isServed
      ? // The first days of a year carry the last fixing of the year before.
        (inForceOn(byYear.get(date.slice(0, 4)) ?? [], date) ??
        inForceOn(await reader.fixingsToCarry(pair, date, date), date))
      : undefined;
    const inForce = fixing ? { date: fixing.date, rate: rateOf(fixing, pair) } : { date: null, rate: null };
    found.push({ base, quote, requested_date: date, ...inForce, derived });
  }
  return found;
}

/** The pair's fixings of every year that one of the dates is in, all read at once. */
async function fixingsByYear(
  reader: RateReader,
  pair: Pair,
  dates: readonly PlainDate[],
): Promise<Map<string, Fixing[]>> {
  const years = [...new Set(dates.map((date) => date.slice(0, 4)))];
  const read = async (year: string) => [year, await reader.fixings(pair, `${year}-01-01`, `${year}-12-31`)] as const;
  return new Map(await Promise.all(years.map(read)));
}
