import { z } from "@hono/zod-openapi";
import { dailyRates, type Fixing } from "../../rates/fixing.ts";
import { firstDateOf, type Route } from "../../rates/route.ts";
import { addDays, daysBetween, earlier, later, type PlainDate } from "../../time/dates.ts";
import { endpoint } from "../endpoint.ts";
import { invalidParameter } from "../failure.ts";
import { fileName } from "../formats/table.ts";
import { noData, storedLatest } from "../latest-fixing.ts";
import { date, noParameters, pair, routeOf, wholeNumber } from "../parameters.ts";
import { periodOf } from "../period.ts";
import { provenanceOf, stalenessOf } from "../provenance.ts";
import { ComputedRates, type ListedRate, type RateList } from "../rate-list.ts";
import type { RateReader } from "../rate-reader.ts";
import * as fields from "../response-fields.ts";
import { view, viewColumns } from "../views.ts";

export const DEFAULT_DAYS = 10;
const MAX_YEARS = 50;
const MAX_DAYS = Math.floor(MAX_YEARS * 365.25);
const MAX_OBSERVATIONS = 20_000;

export const TOO_LONG = `must be at most ${MAX_YEARS} years before the end of the period`;
const TOO_FAR = `must be at most ${MAX_YEARS} years after the first rate listed`;

const query = () =>
  z
    .strictObject({
      ...pair(),
      days: wholeNumber(MAX_DAYS).optional().openapi({
        description: "Number of calendar days, ending on the date of the latest observation.",
        example: 10,
      }),
      from: date().optional().openapi({ description: "First date (inclusive).", example: "2023-12-01" }),
      to: date().optional().openapi({ description: "Last date (inclusive). Default: today, if `from` is given." }),
      limit: wholeNumber(MAX_OBSERVATIONS).optional().openapi({
        description: "Return only the newest N rates; `from` in the response is then the date of the first one.",
        example: 100,
      }),
      fill: z.enum(["none", "previous"], { error: "must be none or previous" }).default("none").openapi({
        description:
          "`previous` adds the days without a fixing, each marked with the date its rate was carried forward from.",
      }),
      view: view(),
    })
    .superRefine(({ days, from, to, limit }, context) => {
      const refuse = (parameter: string, message: string) =>
        context.addIssue({ code: "custom", path: [parameter], message, input: undefined });
      if (days !== undefined && (from ?? to) !== undefined) refuse("days", "can't be combined with from or to");
      if (to !== undefined && from === undefined && limit === undefined)
        refuse("from", "is required with to, unless limit is given");
      if (from !== undefined && to !== undefined) {
        if (from > to) refuse("from", "must not be after to");
        else if (isTooLong(from, to)) refuse("from", TOO_LONG);
      }
    });

export const historical = endpoint({
  id: "historicalRates",
  path: "/rates/historical",
  tag: "Rates",
  summary: "Rates over a period, ascending",
  description: "Without parameters, the last 10 days; otherwise `days`, or `from` and `to`. `limit` keeps the newest.",
  returns: "The observations of the period.",
  costsByPeriod: true,
  params: noParameters,
  query,
  response: () =>
    z
      .object({
        ...fields.pair(),
        from: fields.day(),
        to: fields.day(),
        count: z.int(),
        observations: z.array(
          z
            .object({
              date: fields.day(),
              rate: fields.decimal(),
              carried_from: fields
                .day()
                .optional()
                .openapi({ description: "The date of the fixing, if the day itself has none." }),
              ...fields.viewDates(),
            })
            .openapi(fields.named("Observation")),
        ),
        next_update: fields.nextUpdateOrNull(),
      })
      .openapi("HistoricalRates"),
  table: {
    columns: ({ fill, view }) => [
      "date",
      "rate",
      ...(fill === "previous" ? ["carried_from"] : []),
      ...viewColumns({ view }),
    ],
    rows: ({ observations }) => observations,
    fileName: ({ base, quote, from, to }) => fileName("rates", base, quote, from, to),
  },
  handle: async (reader, query) => {
    const route = routeOf(reader.host, { ...query, until: query.to });
    const { from, to, endsOnLatest, rates } = await selectPeriod(reader, route, query);
    const period = await periodOf(reader, route, from, to, endsOnLatest);
    const kept = query.limit === undefined ? rates : rates.newest(query.limit);
    const content = {
      base: route.base,
      quote: route.quote,
      // Where the limit has cut the period, the response says where it begins.
      from: kept.length < rates.length ? (kept.firstDate ?? from) : from,
      to,
      count: kept.length,
      // Made only for forms that need them one by one.
      get observations(): ListedRate[] {
        return kept.rows();
      },
      ...provenanceOf(reader.host, route),
      ...stalenessOf(reader, route, period.openLatest),
    };
    const written = { observations: () => kept.toJson() };
    return { content, written, kind: period.kind, latest: [{ route, date: period.openLatest ?? to }] };
  },
});

/** Whether a period is longer than one response covers. */
export function isTooLong(from: PlainDate, to: PlainDate): boolean {
  return daysBetween(from, to) > MAX_DAYS;
}

type Query = z.output<ReturnType<typeof query>>;

async function selectPeriod(
  reader: RateReader,
  route: Route,
  query: Query,
): Promise<{ from: PlainDate; to: PlainDate; endsOnLatest: boolean; rates: RateList }> {
  const { days, from, to, limit } = query;
  if (from !== undefined) {
    const end = to ?? later(reader.todayOf(route), from);
    if (isTooLong(from, end)) throw invalidParameter("from", TOO_LONG);
    return { from, to: end, endsOnLatest: false, rates: await ratesIn(reader, route, query, from, end) };
  }
  if (limit !== undefined && days === undefined) {
    const end = to ?? (await storedLatest(reader, route)).date;
    const fixings = await reader.newest(route, limit, earlier(end, reader.todayOf(route)));
    const start = fixings[0]?.date;
    if (start === undefined)
      throw await noData(reader, route, `${route.base}/${route.quote} has no observation on or before ${end}`);
    if (to !== undefined && isTooLong(start, to)) throw invalidParameter("to", TOO_FAR);
    const rates = await computed(reader, route, query, start, end, fixings);
    return { from: start, to: end, endsOnLatest: to === undefined, rates };
  }
  const end = (await storedLatest(reader, route)).date;
  const start = addDays(end, 1 - (days ?? DEFAULT_DAYS));
  return { from: start, to: end, endsOnLatest: true, rates: await ratesIn(reader, route, query, start, end) };
}

/** The rates of a range of dates. There is no response to a named one that ended before the first fixing, or has yet to come. */
async function ratesIn(
  reader: RateReader,
  route: Route,
  query: Query,
  from: PlainDate,
  to: PlainDate,
): Promise<RateList> {
  const published = query.fill === "none" ? await reader.published(route, from, to) : undefined;
  const fixings = published === undefined ? await reader.fixings(route, from, to) : [];
  const isOutside = to < firstDateOf(route) || from > reader.todayOf(route);
  if (query.from !== undefined && isOutside && (published ?? fixings).length === 0)
    throw await noData(reader, route, `${route.base}/${route.quote} has no observation from ${from} to ${to}`);
  return published ?? computed(reader, route, query, from, to, fixings);
}

/** With `fill`, each day of the period has a rate: of the fixings of the period and those shortly before it. */
async function computed(
  reader: RateReader,
  route: Route,
  { fill }: Query,
  from: PlainDate,
  to: PlainDate,
  fixings: readonly Fixing[],
): Promise<ComputedRates> {
  if (fill === "none") return new ComputedRates(fixings, route);
  const carried = await reader.withCarried(route, from, fixings);
  // Of days to come, only a view of the FIX lists any.
  const last = later(reader.todayOf(route), carried.at(-1)?.date ?? from);
  return new ComputedRates(dailyRates(carried, later(from, firstDateOf(route)), earlier(to, last)), route);
}
