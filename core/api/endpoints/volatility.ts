import { z } from "@hono/zod-openapi";
import { type Fixing, rateOf } from "../../rates/fixing.ts";
import type { Route } from "../../rates/route.ts";
import { factorOf, logReturns, MIN_RETURNS, rollingVolatility, volatilityOf } from "../../rates/volatility.ts";
import { addDays, earlier } from "../../time/dates.ts";
import { type AnalysisPeriod, boundsOf, fixingBefore, periodParameters, readPeriod } from "../analysis-period.ts";
import { endpoint } from "../endpoint.ts";
import { fileName } from "../formats/table.ts";
import { noData, storedLatest } from "../latest-fixing.ts";
import { noParameters, pair, routeOf, wholeNumber } from "../parameters.ts";
import { periodOf } from "../period.ts";
import { provenanceOf, stalenessOf } from "../provenance.ts";
import type { RateReader } from "../rate-reader.ts";
import * as fields from "../response-fields.ts";

const DEFAULT_WINDOW = 20;
const MAX_WINDOW = 366;

const query = () =>
  z.strictObject({
    ...pair(),
    window: wholeNumber(MAX_WINDOW, MIN_RETURNS)
      .optional()
      .openapi({
        description: `Number of returns, the newest. Default: all of the period if \`from\` is given, else ${DEFAULT_WINDOW}.`,
        example: DEFAULT_WINDOW,
      }),
    ...periodParameters(),
    rolling: z
      .enum(["true", "false"], { error: "must be true or false" })
      .default("false")
      .openapi({
        description: `\`true\` adds the volatility of \`window\` returns (default ${DEFAULT_WINDOW}) on each date of the period, whose default is then a year.`,
      }),
  });

type Query = z.output<ReturnType<typeof query>>;

/** The fixings that the returns of a period are between: there may be too few of them. */
type Returns = Omit<AnalysisPeriod, "fixings"> & { fixings: readonly Fixing[] };

export const volatility = endpoint({
  id: "volatility",
  path: "/rates/volatility",
  tag: "Analytics",
  summary: "The volatility of a pair",
  description:
    "The sample standard deviation (n - 1) of the log returns from one observation to the next; Friday to Monday is one return. The return into the first observation of a period counts.",
  returns: "The volatility, daily and annualised, and with `rolling` that of each date.",
  costsByPeriod: true,
  params: noParameters,
  query,
  response: () =>
    z
      .object({
        ...fields.pair(),
        from: fields.day(),
        to: fields.day(),
        n: z.int().openapi({ description: "Number of returns that `daily` is computed from.", example: 20 }),
        window: z
          .int()
          .nullable()
          .openapi({ description: "Number of returns that were asked for; null: all of the period.", example: 20 }),
        factor: z.int().nullable().openapi({
          description: "Observations per year; null for an intraday series, which is not annualised.",
          example: 252,
        }),
        ...deviations(),
        rate: fields.decimal().openapi({ description: "The last rate of the period." }),
        date: fields.day().openapi({ description: "Its date." }),
        rolling: z
          .array(
            z
              .object({ date: fields.day(), rate: fields.decimal(), ...deviations() })
              .openapi(fields.named("RollingVolatility")),
          )
          .optional()
          .openapi({ description: "For each observation that has `window` returns up to it." }),
        next_update: fields.nextUpdateOrNull(),
      })
      .openapi("Volatility"),
  table: {
    columns: () => ["date", "rate", "daily", "annualised"],
    rows: ({ date, rate, daily, annualised, rolling }) => rolling ?? [{ date, rate, daily, annualised }],
    fileName: ({ base, quote, from, to }) => fileName("volatility", base, quote, from, to),
  },
  handle: async (reader, query) => {
    const route = routeOf(reader.host, { ...query, until: query.to });
    const factor = factorOf({ ...reader.host.catalogue.findProvider(route.provider), ...route.publication });
    const isRolling = query.rolling === "true";
    const ofNewest = query.from === undefined && !isRolling;
    const { from, to, fixings, period } = await (ofNewest
      ? newest(reader, route, query)
      : inPeriod(reader, route, query));
    const returns = logReturns(route, fixings);
    if (returns.length < MIN_RETURNS) {
      const { base, quote } = route;
      throw await noData(reader, route, `${base}/${quote} has fewer than ${MIN_RETURNS} returns from ${from} to ${to}`);
    }
    const { n, ...deviations } = volatilityOf(returns, factor);
    const last = fixings.at(-1) as Fixing;
    const content = {
      base: route.base,
      quote: route.quote,
      from,
      to,
      n,
      window: query.window ?? (ofNewest || isRolling ? DEFAULT_WINDOW : null),
      factor,
      ...deviations,
      rate: rateOf(last, route),
      date: last.date,
      ...(isRolling && { rolling: await rolling(reader, route, fixings, query.window ?? DEFAULT_WINDOW, factor) }),
      ...provenanceOf(reader.host, route),
      ...stalenessOf(reader, route, period.openLatest),
    };
    return { content, kind: period.kind, latest: [{ route, date: period.openLatest ?? to }] };
  },
});

/** The newest `window` returns on or before `to`. */
async function newest(reader: RateReader, route: Route, { window = DEFAULT_WINDOW, to }: Query): Promise<Returns> {
  const end = to ?? (await storedLatest(reader, route)).date;
  const fixings = await reader.newest(route, window + 1, earlier(end, reader.todayOf(route)));
  const from = (fixings[1] ?? fixings[0])?.date ?? end;
  return { from, to: end, fixings, period: await periodOf(reader, route, from, end, to === undefined) };
}

/** The returns into the observations of a period, or the newest `window` of them. */
async function inPeriod(reader: RateReader, route: Route, query: Query): Promise<Returns> {
  const asked = await readPeriod(reader, route, await boundsOf(reader, route, query));
  const before = await fixingBefore(reader, route, asked.from);
  const fixings = before ? [before, ...asked.fixings] : asked.fixings;
  const kept = query.rolling === "true" || query.window === undefined ? fixings : fixings.slice(-query.window - 1);
  return { ...asked, fixings: kept };
}

/** One line for each of the period's observations that has so many returns up to it. */
async function rolling(
  reader: RateReader,
  route: Route,
  fixings: readonly Fixing[],
  window: number,
  factor: number | null,
) {
  const [first] = fixings;
  // The first fixing is the one that the first return starts from, so its own returns lie before it.
  const earlierOnes = first ? await reader.newest(route, window - 1, addDays(first.date, -1)) : [];
  const all = [...earlierOnes, ...fixings];
  return rollingVolatility(logReturns(route, all), window, factor).map(({ daily, annualised }, index) => {
    const fixing = all[index + window] as Fixing;
    return { date: fixing.date, rate: rateOf(fixing, route), daily, annualised };
  });
}

/** The two figures of a volatility. */
function deviations() {
  return {
    daily: fields.decimal().openapi({ description: "Of the returns from day to day.", example: "0.0068727300835" }),
    annualised: fields
      .decimal()
      .nullable()
      .openapi({ description: "`daily` times the square root of `factor`.", example: "0.1091012077747" }),
  };
}
