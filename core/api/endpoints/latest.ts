import { z } from "@hono/zod-openapi";
import { endpoint } from "../endpoint.ts";
import { fileName } from "../formats/table.ts";
import { currencyList } from "../list-parameters.ts";
import { base, date, noParameters, provider, routeOf } from "../parameters.ts";
import * as fields from "../response-fields.ts";
import { readTable } from "../table.ts";

export const latest = endpoint({
  id: "latestRates",
  path: "/rates/latest",
  tag: "Rates",
  summary: "All currencies against one base",
  description:
    "The newest rate of every currency, or of those named in `quotes`. Each is of the provider that answers for its pair, and of that provider's newest date. With `date`, the rates in force on it.",
  returns: "A rate for each currency, with its date and provider.",
  costsByTable: true,
  params: noParameters,
  query: () =>
    z.strictObject({
      base: base(),
      quotes: currencyList().optional().openapi({ description: "Only these currencies. Default: all." }),
      date: date().optional().openapi({ description: "The rates in force on this date. Default: the newest." }),
      provider: provider(),
    }),
  response: () =>
    z
      .object({
        base: fields.code("USD"),
        date: fields.day().openapi({ description: "The requested date, or the newest date of any rate." }),
        rates: z
          .record(
            z.string(),
            z
              .object({
                rate: fields.decimal(),
                date: fields.day(),
                provider: fields.providerId("ecb"),
                series: z.array(z.string().openapi({ example: "JPY" })),
                derived: z.boolean(),
                parity: fields.parities(),
                stale: z.boolean(),
              })
              .openapi(fields.named("LatestRate")),
          )
          .openapi({ description: "By currency code. A currency without a rate is absent." }),
        stale: z.boolean().openapi({ description: "Whether any rate is." }),
      })
      .openapi("LatestRates"),
  table: {
    columns: () => ["date", "rate", "base", "quote", "provider", "derived", "stale"],
    rows: ({ base, rates }) =>
      Object.entries(rates).map(([quote, { date, rate, provider, derived, stale }]) => ({
        date,
        rate,
        base,
        quote,
        provider,
        derived,
        stale,
      })),
    fileName: ({ base, date }) => fileName("rates-latest", base, date),
  },
  handle: async (reader, { base, quotes, date, provider }) => {
    const { catalogue } = reader.host;
    const routes = quotes
      ? quotes.map((quote) => routeOf(reader.host, { base, quote, provider, until: date }, ["base", "quotes"]))
      : catalogue.currencies
          .filter((quote) => quote !== base)
          .flatMap((quote) => catalogue.route(base, quote, provider, date) ?? []);
    // For its problem, if nothing is served.
    if (routes.length === 0) routeOf(reader.host, { base, quote: base, provider });
    const table = await readTable(reader, routes, date, base);
    const content = {
      base,
      date: table.date,
      rates: Object.fromEntries(table.rows.map(({ base: _, quote, ...row }) => [quote, row])),
      stale: table.stale,
    };
    return { content, kind: table.kind, latest: table.latest };
  },
});
