import { z } from "@hono/zod-openapi";
import { instantAt, keptFrom } from "../../rates/ticks.ts";
import { later } from "../../time/dates.ts";
import { endpoint } from "../endpoint.ts";
import { invalidParameter } from "../failure.ts";
import { fileName } from "../formats/table.ts";
import { instant } from "../known-at.ts";
import { noParameters, pair, routeOf } from "../parameters.ts";
import { provenanceOf } from "../provenance.ts";
import * as fields from "../response-fields.ts";
import { staleness, tickStateOf, ticksBetween } from "../ticks.ts";

const HOUR_MS = 3_600_000;
const MAX_HOURS = 24;
/** What an hour of a rate that changes twice a minute costs, in days of a period. */
const DAYS_PER_HOUR = 180;

export const intraday = endpoint({
  id: "intradayRates",
  path: "/rates/intraday",
  tag: "Rates",
  summary: "Rates within a day, as they changed",
  description: `Of a provider that is polled during the day: the rate in force at \`from\`, and each that followed. A rate that stays the same is not repeated. Kept for seven days; at most ${MAX_HOURS} hours at once. Volatility is not computed of them. Where a deployment polls no provider during the day, the response is a 404.`,
  returns: "The rates of the period, each with the instant from which it held.",
  costInDays: ({ from, to }) => {
    if (from === undefined) return DAYS_PER_HOUR;
    const hours = to === undefined ? MAX_HOURS : (Date.parse(to) - Date.parse(from)) / HOUR_MS;
    return hours <= MAX_HOURS ? DAYS_PER_HOUR * hours : 0;
  },
  params: noParameters,
  query: () =>
    z.strictObject({
      ...pair(),
      from: instant().optional().openapi({
        type: "string",
        format: "date-time",
        description: "Begin with the rate in force at this instant. Default: an hour before `to`.",
        example: "2026-11-26T18:00:00Z",
      }),
      to: instant().optional().openapi({
        type: "string",
        format: "date-time",
        description: "The last instant. Default: now.",
        example: "2026-11-26T19:00:00Z",
      }),
    }),
  response: () =>
    z
      .object({
        ...fields.pair(),
        from: fields.instant(),
        to: fields.instant(),
        every_seconds: z.int().openapi({ description: "How often the provider is polled.", example: 30 }),
        count: z.int(),
        ticks: z.array(z.object({ at: fields.instant(), rate: fields.decimal() }).openapi(fields.named("TickOfPair"))),
        checked_at: fields.instant().openapi({ description: "When the provider was last polled with success." }),
        next_update: fields.nextUpdate(),
      })
      .openapi("IntradayRates"),
  table: {
    columns: () => ["at", "rate"],
    rows: ({ ticks }) => ticks,
    fileName: ({ base, quote, from }) => fileName("ticks", base, quote, from.slice(0, 10)),
  },
  handle: async (reader, { from, to, ...query }) => {
    const { host } = reader;
    const route = routeOf(host, query);
    const state = await tickStateOf(reader, route);
    const endMs = to === undefined ? host.nowMs : Math.min(Date.parse(to), host.nowMs);
    const startMs = from === undefined ? endMs - HOUR_MS : Date.parse(from);
    if (startMs > endMs) throw invalidParameter("from", "must not be after to, or in the future");
    if (endMs - startMs > MAX_HOURS * HOUR_MS)
      throw invalidParameter("from", `must be at most ${MAX_HOURS} hours before the end of the period`);
    const start = later(instantAt(startMs), keptFrom(host.nowMs));
    const ticks = await ticksBetween(host, route, start, instantAt(endMs));
    const { stale, nextUpdate } = staleness(state, state.instant, host.nowMs);
    const content = {
      base: route.base,
      quote: route.quote,
      from: start,
      to: instantAt(endMs),
      every_seconds: state.everySeconds,
      count: ticks.length,
      ticks: ticks.map(({ at, rate }) => ({ at, rate })),
      ...provenanceOf(host, route),
      stale,
      checked_at: state.instant,
      next_update: nextUpdate,
    };
    return { content, kind: "log", latest: [] };
  },
});
