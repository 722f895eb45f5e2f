import { z } from "@hono/zod-openapi";
import { divide, formatDecimal, parseDecimal } from "../../money/decimal.ts";
import { later } from "../../time/dates.ts";
import { endpoint } from "../endpoint.ts";
import { ApiFailure } from "../failure.ts";
import { base, date, noParameters, quote, routeOf } from "../parameters.ts";
import * as fields from "../response-fields.ts";
import { isRateStale, latestOf, latestRates, ratesOn, tableFields } from "../table.ts";

const PERCENT_DECIMALS = 4;
const HUNDRED = { units: 100n, scale: 0 };

export const compare = endpoint({
  id: "compareRates",
  path: "/rates/compare",
  tag: "Rates",
  summary: "A pair at every provider that has it",
  description: "The only place where rates of several providers stand side by side; no number is made of two of them.",
  returns: "One row for each provider, the one that answers by default first.",
  params: noParameters,
  query: z.strictObject({
    base,
    quote,
    date: date.optional().openapi({ description: "The rates in force on this date. Default: the newest." }),
  }),
  response: () =>
    z
      .object({
        base: fields.code("USD"),
        quote: fields.code("MXN"),
        date: fields.day().openapi({ description: "The requested date, or the newest date of any rate." }),
        rates: z.array(
          z
            .object({
              provider: fields.providerId(),
              rate: fields.decimal(),
              date: fields.day(),
              series: z.array(z.string()),
              derived: z.boolean(),
              parity: fields.parities(),
              difference_percent: z.string().openapi({
                description:
                  "By how much the rate is above (or, negative, below) the first one, rounded to 4 decimals.",
                example: "0.2314",
              }),
              stale: z.boolean(),
            })
            .openapi(fields.named("ComparedRate")),
        ),
        stale: z.boolean().openapi({ description: "Whether any rate is." }),
      })
      .openapi("RateComparison"),
  handle: async (reader, { base, quote, date }) => {
    const { catalogue } = reader.host;
    const first = routeOf(reader.host, { base, quote });
    const others = catalogue.providersOf(base, quote).filter(({ id }) => id !== first.provider);
    const routes = [first, ...others.flatMap(({ id }) => catalogue.route(base, quote, id) ?? [])];
    const rates = await (date === undefined ? latestRates(reader, routes) : ratesOn(reader, routes, date));
    const rows = rates.map((rate) => ({
      ...tableFields(rate),
      stale: date === undefined && isRateStale(reader, rate),
    }));
    const [reference] = rows;
    if (reference === undefined)
      throw new ApiFailure({
        code: "no_data",
        detail: `${base}/${quote} has no rate${date ? ` in force on ${date}` : " yet"}.`,
      });
    const content = {
      base,
      quote,
      date: date ?? rows.map((row) => row.date).reduce(later, ""),
      rates: rows.map((row) => ({ ...row, difference_percent: differencePercent(row.rate, reference.rate) })),
      stale: rows.some(({ stale }) => stale),
    };
    return { content, kind: "now", latest: latestOf(rates) };
  },
});

function differencePercent(rate: string, reference: string): string {
  const [of, from] = [parseDecimal(rate), parseDecimal(reference)];
  const scale = Math.max(of.scale, from.scale);
  const units = of.units * 10n ** BigInt(scale - of.scale) - from.units * 10n ** BigInt(scale - from.scale);
  return formatDecimal(divide({ units: units * HUNDRED.units, scale }, from, PERCENT_DECIMALS));
}
