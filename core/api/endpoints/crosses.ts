import { z } from "@hono/zod-openapi";
import { endpoint } from "../endpoint.ts";
import { ApiFailure } from "../failure.ts";
import { fileName } from "../formats/table.ts";
import { noParameters, provider, publicProviderIds } from "../parameters.ts";
import { provenanceOf } from "../provenance.ts";
import * as fields from "../response-fields.ts";
import { currentTick, oldestCurrent, staleness } from "../ticks.ts";

export const crosses = endpoint({
  id: "crossRates",
  path: "/rates/crosses",
  tag: "Rates",
  summary: "The tracked currencies in each other",
  description:
    "Of a provider that is polled during the day: the newest rate of each pair of the currencies whose ticks are kept, computed when asked for. Each pair is listed once. Where a deployment polls no provider during the day, the response is a 404.",
  returns: "One rate for each pair, with the instant from which it held.",
  params: noParameters,
  query: () => z.strictObject({ provider: provider() }),
  response: () =>
    z
      .object({
        provider: fields.providerId(),
        currencies: z.array(fields.code("EUR")),
        every_seconds: z.int().openapi({ description: "How often the provider is polled.", example: 30 }),
        count: z.int(),
        rates: z.array(
          z
            .object({
              base: fields.code("EUR"),
              quote: fields.code("JPY"),
              rate: fields.decimal(),
              at: fields.instant(),
            })
            .openapi(fields.named("CrossRate")),
        ),
        source: fields.provenance().source,
        stale: fields.provenance().stale,
        checked_at: fields.instant().openapi({ description: "When the provider was last polled with success." }),
        next_update: fields.nextUpdate(),
      })
      .openapi("CrossRates"),
  table: {
    columns: () => ["at", "rate", "base", "quote"],
    rows: ({ rates }) => rates,
    fileName: ({ provider }) => fileName("crosses", provider),
  },
  handle: async ({ host }, { provider: id }) => {
    const { catalogue, nowMs } = host;
    const found = catalogue.findProvider(id ?? catalogue.main.id);
    if (found === undefined || !publicProviderIds(catalogue).includes(found.id))
      throw new ApiFailure({
        code: "invalid_parameter",
        errors: [{ parameter: "provider", detail: `must be one of ${publicProviderIds(catalogue).join(", ")}` }],
      });
    const state = found.everySeconds === undefined ? undefined : await host.ticks?.state(found.id);
    if (state === undefined) throw new ApiFailure({ code: "no_data", detail: `${found.id} has no rates of the day.` });
    const codes = found.series
      .filter((series) => state.tracked.includes(series.id))
      .map(({ base, quote }) => (base === found.pivot ? quote : base));
    const pairs = codes.flatMap((base, index) => codes.slice(index + 1).map((quote) => [base, quote] as const));
    const routes = pairs.flatMap(([base, quote]) => catalogue.route(base, quote, found.id) ?? []);
    const oldest = oldestCurrent(nowMs);
    const rates = routes.flatMap((route) => {
      const tick = currentTick(state, route);
      return tick === undefined || tick.checkedAt < oldest
        ? []
        : [{ base: route.base, quote: route.quote, rate: tick.rate, at: tick.at }];
    });
    const { stale, nextUpdate } = staleness(state, state.instant, nowMs);
    const [first] = routes;
    if (first === undefined) throw new ApiFailure({ code: "no_data", detail: `No ticks of ${found.id} are kept.` });
    const content = {
      provider: found.id,
      currencies: codes,
      every_seconds: state.everySeconds,
      count: rates.length,
      rates,
      source: {
        ...provenanceOf(host, first).source,
        series: found.series.filter(({ id: one }) => state.tracked.includes(one)).map(({ providerId }) => providerId),
      },
      stale,
      checked_at: state.instant,
      next_update: nextUpdate,
    };
    return { content, kind: "log", latest: [] };
  },
});
