import { z } from "@hono/zod-openapi";
import { rateOf } from "../../rates/fixing.ts";
import { statisticsOf } from "../../rates/statistics.ts";
import { boundsOf, periodParameters, readPeriod } from "../analysis-period.ts";
import { endpoint } from "../endpoint.ts";
import { noParameters, pair, routeOf } from "../parameters.ts";
import { provenanceOf, stalenessOf } from "../provenance.ts";
import * as fields from "../response-fields.ts";

export const statistics = endpoint({
  id: "statistics",
  path: "/rates/statistics",
  tag: "Analytics",
  summary: "The distribution of a pair's rates over a period",
  description:
    "Over the observations of the period. Mean and percentiles are exact, rounded once, half-even, to as many decimals as the rates have and at least 6.",
  returns: "Mean, median, standard deviation, percentiles and the largest fall.",
  costsByPeriod: true,
  params: noParameters,
  query: () => z.strictObject({ ...pair(), ...periodParameters() }),
  response: () =>
    z
      .object({
        ...fields.pair(),
        from: fields.day(),
        to: fields.day(),
        observations: z.int().openapi({ description: "Number of fixings in the period.", example: 251 }),
        mean: fields
          .decimal()
          .openapi({ description: "As `/rates/average`, on the business basis.", example: "17.733837" }),
        median: fields.decimal().openapi({ example: "17.587200" }),
        standard_deviation: fields.decimal().nullable().openapi({
          description: "Of the rates, sample (n - 1), with 12 significant digits; null for a single observation.",
          example: "0.685488627726",
        }),
        percentiles: z
          .object({
            p5: percentile(),
            p10: percentile(),
            p25: percentile(),
            p50: percentile(),
            p75: percentile(),
            p90: percentile(),
            p95: percentile(),
          })
          .openapi({ description: "Interpolated between the two nearest ranks, as Excel's `PERCENTILE.INC` does." }),
        max_drawdown: z
          .object({
            percent: fields.decimal().openapi({ description: "Of the peak; positive.", example: "14.361437" }),
            peak: fields.decimal(),
            peak_date: fields.day(),
            trough: fields.decimal(),
            trough_date: fields.day(),
          })
          .nullable()
          .openapi({ description: "The largest fall from a rate to a later one; null if the rate never fell." }),
        next_update: fields.nextUpdateOrNull(),
      })
      .openapi("Statistics"),
  handle: async (reader, query) => {
    const route = routeOf(reader.host, { ...query, until: query.to });
    const { from, to, fixings, period } = await readPeriod(reader, route, await boundsOf(reader, route, query));
    const found = statisticsOf(route, fixings);
    const { drawdown } = found;
    const content = {
      base: route.base,
      quote: route.quote,
      from,
      to,
      observations: found.observations,
      mean: found.mean,
      median: found.percentiles.p50,
      standard_deviation: found.standardDeviation,
      percentiles: found.percentiles,
      max_drawdown: drawdown
        ? {
            percent: drawdown.percent,
            peak: rateOf(drawdown.peak, route),
            peak_date: drawdown.peak.date,
            trough: rateOf(drawdown.trough, route),
            trough_date: drawdown.trough.date,
          }
        : null,
      ...provenanceOf(reader.host, route),
      ...stalenessOf(reader, route, period.openLatest),
    };
    return { content, kind: period.kind, latest: [{ route, date: period.openLatest ?? to }] };
  },
});

function percentile() {
  return fields.decimal().openapi({ example: "17.587200" });
}
