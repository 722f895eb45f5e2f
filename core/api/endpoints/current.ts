import { z } from "@hono/zod-openapi";
import { rateOf } from "../../rates/fixing.ts";
import { freshnessOf } from "../../rates/freshness.ts";
import { endpoint } from "../endpoint.ts";
import { servableLatest } from "../latest-fixing.ts";
import { base, noParameters, pairOf, quote } from "../parameters.ts";
import { provenanceOf, stalenessOf } from "../provenance.ts";
import * as fields from "../response-fields.ts";

export const current = endpoint({
  id: "currentRate",
  path: "/rates/current",
  tag: "Rates",
  summary: "The latest rate of a pair",
  returns: "The latest rate, its date, and whether a newer one is overdue.",
  params: noParameters,
  query: z.strictObject({ base, quote }),
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
    const pair = pairOf(query);
    const latest = await servableLatest(reader, pair);
    const { ageBusinessDays } = freshnessOf(latest.date, reader.outlook);
    const { stale, next_update } = stalenessOf(reader, latest.date);
    const content = {
      base: pair.base,
      quote: pair.quote,
      rate: rateOf(latest, pair),
      date: latest.date,
      ...provenanceOf(pair),
      stale,
      age_business_days: ageBusinessDays,
      next_update,
    };
    return { content, kind: "now", latest: latest.date };
  },
});
