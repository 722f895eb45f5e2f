import { z } from "@hono/zod-openapi";
import { changeOf } from "../../rates/change.ts";
import { rateOf } from "../../rates/fixing.ts";
import { boundsOf, periodParameters, readPeriod } from "../analysis-period.ts";
import { endpoint } from "../endpoint.ts";
import { noParameters, pair, routeOf } from "../parameters.ts";
import { provenanceOf, stalenessOf } from "../provenance.ts";
import * as fields from "../response-fields.ts";

export const change = endpoint({
  id: "change",
  path: "/rates/change",
  tag: "Analytics",
  summary: "How a pair moved over a period",
  description: "From the first observation of the period to the last, with the highest and the lowest between them.",
  returns: "The first and last rate, the change, absolute and in percent, and the extremes with their dates.",
  costsByPeriod: true,
  params: noParameters,
  query: () => z.strictObject({ ...pair(), ...periodParameters() }),
  response: () =>
    z
      .object({
        ...fields.pair(),
        from: fields.day(),
        to: fields.day(),
        start: fields.decimal().openapi({ description: "The first rate of the period." }),
        start_date: fields.day(),
        end: fields.decimal().openapi({ description: "The last rate of the period." }),
        end_date: fields.day(),
        absolute: fields.decimal().openapi({
          description: "`end` less `start`, from unrounded rates, with as many decimals as they have.",
          example: "-2.5693",
        }),
        percent: fields.decimal().openapi({
          description: "The same in percent of `start`, rounded once, half-even, to 6 decimals.",
          example: "-13.183808",
        }),
        high: fields.decimal().openapi({ description: "The highest rate." }),
        high_date: fields.day().openapi({ description: "The first date that has it." }),
        low: fields.decimal().openapi({ description: "The lowest rate." }),
        low_date: fields.day().openapi({ description: "The first date that has it." }),
        observations: z.int().openapi({ description: "Number of fixings in the period.", example: 251 }),
        next_update: fields.nextUpdateOrNull(),
      })
      .openapi("Change"),
  handle: async (reader, query) => {
    const route = routeOf(reader.host, { ...query, until: query.to });
    const { from, to, fixings, period } = await readPeriod(reader, route, await boundsOf(reader, route, query));
    const change = changeOf(route, fixings);
    const content = {
      base: route.base,
      quote: route.quote,
      from,
      to,
      start: rateOf(change.start, route),
      start_date: change.start.date,
      end: rateOf(change.end, route),
      end_date: change.end.date,
      absolute: change.absolute,
      percent: change.percent,
      high: rateOf(change.high, route),
      high_date: change.high.date,
      low: rateOf(change.low, route),
      low_date: change.low.date,
      observations: fixings.length,
      ...provenanceOf(reader.host, route),
      ...stalenessOf(reader, route, period.openLatest),
    };
    return { content, kind: period.kind, latest: [{ route, date: period.openLatest ?? to }] };
  },
});
