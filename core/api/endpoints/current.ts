import { z } from "@hono/zod-openapi";
import { rateOf } from "../../rates/fixing.ts";
import { freshnessOf } from "../../rates/freshness.ts";
import { endpoint } from "../endpoint.ts";
import { servableLatest } from "../latest-fixing.ts";
import { base, noParameters, provider, quote, routeOf } from "../parameters.ts";
import { provenanceOf, stalenessOf } from "../provenance.ts";
import * as fields from "../response-fields.ts";

export const current = endpoint({
  id: "currentRate",
  path: "/rates/current",
  tag: "Rates",
  summary: "The latest rate of a pair",
  returns: "The latest rate, its date, and whether a newer one is overdue.",
  params: noParameters,
  query: z.strictObject({ base, quote, provider }),
  response: () =>
    z
      .object({
        ...fields.pair(),
        rate: fields.decimal(),
        date: fields.day(),
        age_business_days: z.int().openapi({ description: "Bank business days since `date`." }),
        next_update: fields.nextUpdate(),
      })
      .openapi("CurrentRate"),
  handle: async (reader, query) => {
    const route = routeOf(reader.host, query);
    const latest = await servableLatest(reader, route);
    const { ageBusinessDays } = freshnessOf(latest.date, reader.outlookOf(route));
    const { stale, next_update } = stalenessOf(reader, route, latest.date);
    const content = {
      base: route.base,
      quote: route.quote,
      rate: rateOf(latest, route),
      date: latest.date,
      ...provenanceOf(reader.host, route),
      stale,
      age_business_days: ageBusinessDays,
      next_update,
    };
    return { content, kind: "now", latest: [{ route, date: latest.date }] };
  },
});
