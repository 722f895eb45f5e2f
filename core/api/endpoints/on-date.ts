import { z } from "@hono/zod-openapi";
import { rateOf } from "../../rates/fixing.ts";
import { endpoint } from "../endpoint.ts";
import { fileName } from "../formats/table.ts";
import { date, pair, routeOf } from "../parameters.ts";
import { inForce } from "../period.ts";
import { provenanceOf, stalenessOf } from "../provenance.ts";
import * as fields from "../response-fields.ts";
import { view, viewCells, viewColumns, viewDates } from "../views.ts";

export const onDate = endpoint({
  id: "rateOnDate",
  path: "/rates/on/{date}",
  tag: "Rates",
  summary: "The rate in force on a date",
  description: "The fixing of that date or, where there is none, the last one before it, at most 14 days back.",
  returns: "The rate, with the requested date and the date it was determined.",
  params: () => z.strictObject({ date: date() }),
  query: () => z.strictObject({ ...pair(), view: view() }),
  response: () =>
    z
      .object({
        ...fields.pair(),
        requested_date: fields.day(),
        date: fields.day(),
        rate: fields.decimal(),
        ...fields.viewDates(),
        next_update: fields.nextUpdateOrNull(),
      })
      .openapi("RateOnDate"),
  table: {
    isList: () => false,
    columns: (query) => ["date", "rate", "requested_date", ...viewColumns(query)],
    rows: ({ date, rate, requested_date, ...others }) => [{ date, rate, requested_date, ...viewCells(others) }],
    fileName: ({ base, quote, requested_date }) => fileName("rate", base, quote, requested_date),
  },
  handle: async (reader, { date, ...query }) => {
    const route = routeOf(reader.host, { ...query, until: date });
    const { fixing, period } = await inForce(reader, route, date);
    const content = {
      base: route.base,
      quote: route.quote,
      requested_date: date,
      date: fixing.date,
      rate: rateOf(fixing, route),
      ...viewDates(fixing),
      ...provenanceOf(reader.host, route),
      ...stalenessOf(reader, route, period.openLatest),
    };
    return { content, kind: period.kind, latest: [{ route, date: period.openLatest ?? date }] };
  },
});
