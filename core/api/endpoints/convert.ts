import { z } from "@hono/zod-openapi";
import { minorUnitsOf } from "../../money/currency.ts";
import { formatDecimal, isDecimal, parseDecimal } from "../../money/decimal.ts";
import { EXAMPLE } from "../../providers/examples.ts";
import { convertAmount, type Fixing, rateOf } from "../../rates/fixing.ts";
import type { Route } from "../../rates/route.ts";
import { endpoint } from "../endpoint.ts";
import { servableLatest } from "../latest-fixing.ts";
import { currency, date, noParameters, provider, routeOf } from "../parameters.ts";
import { inForce, type Period } from "../period.ts";
import { provenanceOf, stalenessOf } from "../provenance.ts";
import type { RateReader } from "../rate-reader.ts";
import * as fields from "../response-fields.ts";
import { view, viewDates } from "../views.ts";

const MAX_AMOUNT_LENGTH = 40;

export const convert = endpoint({
  id: "convert",
  path: "/convert",
  tag: "Rates",
  summary: "Convert an amount exactly",
  returns: "The amount converted, rounded once, with the rate used.",
  params: noParameters,
  query: () =>
    z.strictObject({
      from: currency(),
      to: currency().openapi({ example: EXAMPLE.quote }),
      provider: provider(),
      amount: z
        .string()
        .max(MAX_AMOUNT_LENGTH, { error: `must have at most ${MAX_AMOUNT_LENGTH} characters` })
        .refine(isDecimal, { error: "must be a plain decimal such as 100 or -12.50, without exponent or separators" })
        .openapi({ pattern: "^-?(0|[1-9]\\d*)(\\.\\d+)?$", example: "100.10" }),
      date: date()
        .optional()
        .openapi({ description: "Convert at the rate in force on this date. Default: the current rate." }),
      view: view(),
    }),
  response: () =>
    z
      .object({
        from: fields.code("USD"),
        to: fields.code(EXAMPLE.quote),
        amount: fields.decimal().openapi({ description: "The amount, as given.", example: "100.10" }),
        result: fields.decimal().openapi({
          example: "1693.59",
          description:
            "Computed from the unrounded legs, rounded once to the target's ISO 4217 minor units, half away from zero.",
        }),
        rate: fields.decimal(),
        requested_date: fields.day().nullable(),
        date: fields.day(),
        ...fields.viewDates(),
        legs: z
          .array(
            z
              .object({
                series: z.string(),
                base: fields.code("USD"),
                quote: fields.code(EXAMPLE.quote),
                rate: fields.decimal(),
              })
              .openapi({ "x-component": "ConversionLeg" }),
          )
          .openapi({ description: "The published rates that the result is computed from, unrounded." }),
        ...fields.provenance(),
        next_update: fields.nextUpdateOrNull(),
      })
      .openapi("Conversion"),
  handle: async (reader, { from, to, amount, date, provider }) => {
    const route = routeOf(reader.host, { base: from, quote: to, provider, until: date }, ["from", "to"]);
    const { fixing, period } = await (date === undefined ? current(reader, route) : inForce(reader, route, date));
    const content = {
      from: route.base,
      to: route.quote,
      amount,
      result: formatDecimal(convertAmount(parseDecimal(amount), fixing, route, minorUnitsOf(route.quote))),
      rate: rateOf(fixing, route),
      requested_date: date ?? null,
      date: fixing.date,
      ...viewDates(fixing),
      legs: publishedLegs(fixing, route),
      ...provenanceOf(reader.host, route),
      ...stalenessOf(reader, route, period.openLatest),
    };
    return { content, kind: period.kind, latest: [{ route, date: period.openLatest ?? fixing.date }] };
  },
});

async function current(reader: RateReader, route: Route): Promise<{ fixing: Fixing; period: Period }> {
  const fixing = await servableLatest(reader, route);
  return { fixing, period: { kind: "now", openLatest: fixing.date } };
}

function publishedLegs({ values }: Fixing, { legs }: Route) {
  return legs.map(({ series: { providerId, base, quote } }, index) => ({
    series: providerId,
    base,
    quote,
    rate: values[index] ?? "",
  }));
}
