import { z } from "@hono/zod-openapi";
import { barsOf, INTERVALS, intervalBounds } from "../../rates/bars.ts";
import { rateOf } from "../../rates/fixing.ts";
import { boundsOf, periodParameters, readPeriod } from "../analysis-period.ts";
import { endpoint } from "../endpoint.ts";
import { fileName } from "../formats/table.ts";
import { noParameters, pair, routeOf } from "../parameters.ts";
import { provenanceOf, stalenessOf } from "../provenance.ts";
import * as fields from "../response-fields.ts";

/** The parts of a bar, after which CSV repeats none. */
const COLUMNS = ["from", "to", "open", "open_date", "high", "high_date", "low", "low_date", "close", "close_date"];

export const bars = endpoint({
  id: "bars",
  path: "/rates/bars",
  tag: "Analytics",
  summary: "Open, high, low and close of a pair",
  description:
    "Bars over fixings by week (ISO 8601, Monday to Sunday), month, quarter or year. A fixing is one number per day, so there are no daily bars, and none for an interval without a fixing. A bar holds only fixings of the period: the first and the last may be cut.",
  returns: "The bars of the period, ascending.",
  costsByPeriod: true,
  params: noParameters,
  query: () =>
    z.strictObject({
      ...pair(),
      interval: z
        .enum(INTERVALS, { error: `must be one of ${INTERVALS.join(", ")}` })
        .default("month")
        .openapi({ description: "The length of a bar." }),
      ...periodParameters(),
      from: periodParameters().from.openapi({
        description:
          "First date (inclusive). Default: the start of the interval that the date a year before `to` is in.",
      }),
    }),
  response: () =>
    z
      .object({
        ...fields.pair(),
        interval: z.enum(INTERVALS),
        from: fields.day(),
        to: fields.day(),
        count: z.int(),
        bars: z.array(
          z
            .object({
              from: fields.day().openapi({ description: "First day of the interval that is in the period." }),
              to: fields.day().openapi({ description: "Last day of the interval that is in the period." }),
              open: fields.decimal(),
              open_date: fields.day(),
              high: fields.decimal().openapi({ description: "The highest rate." }),
              high_date: fields.day().openapi({ description: "The first date that has it." }),
              low: fields.decimal().openapi({ description: "The lowest rate." }),
              low_date: fields.day().openapi({ description: "The first date that has it." }),
              close: fields.decimal(),
              close_date: fields.day(),
              observations: z.int().openapi({ description: "Number of fixings in the bar.", example: 22 }),
            })
            .openapi(fields.named("Bar")),
        ),
        next_update: fields.nextUpdateOrNull(),
      })
      .openapi("Bars"),
  table: {
    columns: () => ["date", "rate", ...COLUMNS, "observations"],
    rows: ({ bars }) => bars.map((bar) => ({ date: bar.close_date, rate: bar.close, ...bar })),
    fileName: ({ base, quote, interval, from, to }) => fileName("bars", base, quote, interval, from, to),
  },
  handle: async (reader, { interval, ...query }) => {
    const route = routeOf(reader.host, { ...query, until: query.to });
    const bounds = await boundsOf(reader, route, query);
    const start = query.from ?? intervalBounds(bounds.from, interval).from;
    const { from, to, fixings, period } = await readPeriod(reader, route, { ...bounds, from: start });
    const bars = barsOf(route, fixings, interval, from, to).map(({ open, high, low, close, ...bar }) => ({
      from: bar.from,
      to: bar.to,
      open: rateOf(open, route),
      open_date: open.date,
      high: rateOf(high, route),
      high_date: high.date,
      low: rateOf(low, route),
      low_date: low.date,
      close: rateOf(close, route),
      close_date: close.date,
      observations: bar.observations,
    }));
    const content = {
      base: route.base,
      quote: route.quote,
      interval,
      from,
      to,
      count: bars.length,
      bars,
      ...provenanceOf(reader.host, route),
      ...stalenessOf(reader, route, period.openLatest),
    };
    return { content, kind: period.kind, latest: [{ route, date: period.openLatest ?? to }] };
  },
});
