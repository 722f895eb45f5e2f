import { z } from "@hono/zod-openapi";
import { type Fixed, formatDecimal, parseDecimal, subtract } from "../../money/decimal.ts";
import { EXAMPLE } from "../../providers/examples.ts";
import { percentOf } from "../../rates/change.ts";
import { endpoint } from "../endpoint.ts";
import { fileName } from "../formats/table.ts";
import { base, date, noParameters, quote, routeOf } from "../parameters.ts";
import * as fields from "../response-fields.ts";
import { readTable } from "../table.ts";

const PERCENT_DECIMALS = 4;

export const compare = endpoint({
  id: "compareRates",
  path: "/rates/compare",
  tag: "Rates",
  summary: "A pair at every provider that has it",
  description: "The only place where rates of several providers stand side by side; no number is made of two of them.",
  returns: "One row for each provider, the one that answers by default first.",
  costsByRecord: "boards",
  params: noParameters,
  query: () =>
    z.strictObject({
      base: base(),
      quote: quote(),
      date: date().optional().openapi({ description: "The rates in force on this date. Default: the newest." }),
    }),
  response: () =>
    z
      .object({
        base: fields.code("USD"),
        quote: fields.code(EXAMPLE.quote),
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
  table: {
    columns: () => ["date", "rate", "base", "quote", "provider", "difference_percent", "derived", "stale"],
    rows: ({ base, quote, rates }) =>
      rates.map(({ date, rate, provider, difference_percent, derived, stale }) => ({
        date,
        rate,
        base,
        quote,
        provider,
        difference_percent,
        derived,
        stale,
      })),
    fileName: ({ base, quote, date }) => fileName("rates-compared", base, quote, date),
  },
  handle: async (reader, { base, quote, date }) => {
    const { catalogue } = reader.host;
    const first = routeOf(reader.host, { base, quote, until: date });
    const others = catalogue.providersOf(base, quote).filter(({ id }) => id !== first.provider);
    const routes = [first, ...others.flatMap(({ id }) => catalogue.route(base, quote, id) ?? [])];
    const table = await readTable(reader, routes, date, `${base}/${quote}`);
    const reference = parseDecimal(table.rows[0]?.rate ?? "1");
    const content = {
      base,
      quote,
      date: table.date,
      rates: table.rows.map(({ base: _base, quote: _quote, ...row }) => ({
        ...row,
        difference_percent: differencePercent(parseDecimal(row.rate), reference),
      })),
      stale: table.stale,
    };
    return { content, kind: table.kind, latest: table.latest };
  },
});

function differencePercent(rate: Fixed, reference: Fixed): string {
  return formatDecimal(percentOf(subtract(rate, reference), reference, PERCENT_DECIMALS));
}
