import { z } from "@hono/zod-openapi";
import { averageOf, parseWindow, windowBounds } from "../../rates/average.ts";
import { monthBounds } from "../../time/dates.ts";
import { endpoint } from "../endpoint.ts";
import { noData, storedLatest } from "../latest-fixing.ts";
import { pair, routeOf } from "../parameters.ts";
import { periodOf } from "../period.ts";
import { provenanceOf, stalenessOf } from "../provenance.ts";
import * as fields from "../response-fields.ts";
import { view, viewDates } from "../views.ts";

export const average = endpoint({
  id: "averageRate",
  path: "/rates/average/{window}",
  tag: "Rates",
  summary: "The mean rate of a window or a month",
  returns: "The mean, rounded once, half-even, to as many decimals as the pair's rates have and at least 6.",
  costsByPeriod: true,
  params: () =>
    z.strictObject({
      window: z
        .string()
        .refine((text) => parseWindow(text) !== undefined, { error: "must be 1d to 366d, or a month such as 2023-11" })
        .openapi({
          pattern: "^([1-9]|[1-9]\\d|[12]\\d\\d|3[0-5]\\d|36[0-6])d$|^\\d{4}-(0[1-9]|1[0-2])$",
          description:
            "`1d` to `366d`: that many calendar days, ending on the date of the latest observation. `2023-11`: a month.",
          example: "30d",
        }),
    }),
  query: () =>
    z.strictObject({
      ...pair(),
      basis: z.enum(["business", "calendar"], { error: "must be business or calendar" }).default("business").openapi({
        description:
          "`business`: mean of the observations. `calendar`: mean over all calendar days, with rates carried forward.",
      }),
      view: view(),
    }),
  response: () =>
    z
      .object({
        ...fields.pair(),
        window: z.string().openapi({ example: "30d" }),
        basis: z.enum(["business", "calendar"]),
        from: fields.day(),
        to: fields.day(),
        observations: z.int().openapi({ description: "Number of fixings in the window." }),
        days: z
          .int()
          .nullable()
          .openapi({ description: "Number of calendar days averaged; null on the business basis." }),
        average: fields.decimal().openapi({
          description:
            "The mean of the unrounded daily rates, rounded once, half-even, to as many decimals as the pair's rates have, at least 6, and to at least 6 significant digits.",
          example: "17.195340",
        }),
        ...fields.viewDates(),
        next_update: fields.nextUpdateOrNull(),
      })
      .openapi("AverageRate"),
  handle: async (reader, { window: text, basis, ...query }) => {
    const window = parseWindow(text);
    if (!window) throw new RangeError("the schema let an unknown window through");
    const route = routeOf(reader.host, {
      ...query,
      until: "month" in window ? monthBounds(window.month).to : undefined,
    });
    const anchor = "days" in window ? await storedLatest(reader, route) : undefined;
    const { from, to } = windowBounds(window, anchor?.date ?? reader.todayOf(route));
    const fixings = await reader.fixingsToCarry(route, from, to);
    const period = await periodOf(reader, route, from, to, anchor !== undefined);
    // Nothing is carried forward into a month that has yet to come.
    const mean = from > reader.todayOf(route) ? undefined : averageOf(route, fixings, from, to, basis);
    if (!mean) {
      const missing = basis === "business" ? "observation" : "rate in force";
      throw await noData(reader, route, `${route.base}/${route.quote} has no ${missing} in ${text}`);
    }
    const content = {
      base: route.base,
      quote: route.quote,
      window: text,
      basis,
      from,
      to,
      ...mean,
      // The last rate of the window says of which days the mean is.
      ...viewDates(fixings.findLast(({ date }) => date <= to) ?? {}),
      ...provenanceOf(reader.host, route),
      ...stalenessOf(reader, route, period.openLatest),
    };
    return {
      content,
      kind: period.kind === "now" ? "average" : period.kind,
      latest: [{ route, date: period.openLatest ?? to }],
    };
  },
});
