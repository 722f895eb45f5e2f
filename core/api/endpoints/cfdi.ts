import { z } from "@hono/zod-openapi";
import { decimalsIn, formatDecimal, parseDecimal, round } from "../../money/decimal.ts";
import { FIX_PAIR } from "../../providers/examples.ts";
import { cfdiSteps } from "../../rates/cfdi.ts";
import { inForceOn } from "../../rates/fixing.ts";
import type { Route } from "../../rates/route.ts";
import { earlier, later, type PlainDate } from "../../time/dates.ts";
import { endpoint, PREFIX } from "../endpoint.ts";
import { ApiFailure } from "../failure.ts";
import { fileName } from "../formats/table.ts";
import { dates, MAX_DATES } from "../list-parameters.ts";
import { date, noParameters, routeOf } from "../parameters.ts";
import { periodOf } from "../period.ts";
import { provenanceOf } from "../provenance.ts";
import type { RateReader } from "../rate-reader.ts";
import * as fields from "../response-fields.ts";
import { viewCells, viewDates } from "../views.ts";

/** As many as `TipoCambio` of a CFDI 4.0 takes. */
const MAX_DECIMALS = 6;
const LEGAL_BASIS = "CFF, art. 20";
/** What a date costs, with its reasoning in two languages, in days of a period. */
const DAYS_PER_DATE = 60;

export const cfdi = endpoint({
  id: "cfdiRate",
  path: "/rates/cfdi",
  tag: "Rates",
  summary: "The USD/MXN rate of a Mexican invoice",
  description: `For a CFDI whose tax is caused on \`date\`, by article 20 of the Código Fiscal de la Federación: what the Diario Oficial published on the day before, or last before that. \`dates\` takes up to ${MAX_DATES}.`,
  returns: "The rate, the reasoning in English and Spanish, and a link that stays true if the rate is corrected later.",
  params: noParameters,
  query: () =>
    z
      .strictObject({
        date: date()
          .optional()
          .openapi({ description: "When the tax is caused. Default: today in Mexico City.", example: "2023-04-10" }),
        dates: dates().optional(),
      })
      .superRefine(({ date, dates }, context) => {
        if (date === undefined || dates === undefined) return;
        const message = "can't be combined with date";
        context.addIssue({ code: "custom", path: ["dates"], message, input: undefined });
      }),
  response: () => {
    const nullable = () => fields.day().nullable();
    const rate = z.object({
      requested_date: fields.day(),
      date: nullable().openapi({ description: "The first day on which the rate applies." }),
      rate: fields.decimal().nullable().openapi({ description: "As `TipoCambio` takes it; null if not known yet." }),
      ...fields.viewDates(),
      steps: z
        .array(z.object({ date: fields.day(), en: z.string(), es: z.string() }).openapi(fields.named("CfdiStep")))
        .openapi({ description: "Why it is this rate." }),
      permalink: z
        .string()
        .nullable()
        .openapi({
          description: "Path of this response as it is now, whatever is corrected later.",
          example: `${PREFIX}/rates/cfdi?date=2023-04-10&known_at=2026-01-02T18:01:00.250Z`,
        }),
    });
    const common = {
      base: z.string().openapi({ example: "USD" }),
      quote: z.string().openapi({ example: FIX_PAIR.quote }),
      legal_basis: z.string().openapi({ example: LEGAL_BASIS }),
      source: fields.provenance().source,
      derived: fields.provenance().derived,
    };
    const one = rate.extend(common).openapi("CfdiRate");
    const list = z
      .object({
        count: z.int().openapi({ description: "Only with `dates`, as `rates`." }),
        missing: z.int().openapi({ description: "Number of dates without a rate." }),
        rates: z.array(rate),
        ...common,
      })
      .openapi("CfdiRates");
    return z.union([one, list]);
  },
  table: {
    isList: ({ dates }) => dates !== undefined,
    columns: () => ["date", "rate", "requested_date", ...Object.keys(viewCells({})), "permalink"],
    rows: (content) =>
      ("rates" in content ? content.rates : [content]).map(({ date, rate, requested_date, permalink, ...others }) => ({
        date,
        rate,
        requested_date,
        ...viewCells(others),
        permalink,
      })),
    fileName: (content) =>
      "rates" in content
        ? fileName("cfdi", String(content.count), "dates")
        : fileName("cfdi", "usd", "mxn", content.requested_date),
  },
  view: "settlement",
  costInDays: ({ dates }) => (dates === undefined ? 0 : DAYS_PER_DATE * dates.split(",").length),
  handle: async (reader, { date, dates }) => {
    const route = routeOf(reader.host, FIX_PAIR);
    const asked = dates ?? [date ?? reader.todayOf(route)];
    const [from, to] = [asked.reduce(earlier), asked.reduce(later)];
    // All pages at once; each date is then looked up in them.
    await reader.fixings(route, from, to);
    const found = await Promise.all(asked.map((one) => rateOn(reader, route, one)));
    const knownAt = reader.updatedAt;
    const rates = found.map((one) => ({ ...one, permalink: one.rate && linkTo(one.requested_date, knownAt) }));
    const period = await periodOf(reader, route, from, to);
    const common = {
      base: route.base,
      quote: route.quote,
      legal_basis: LEGAL_BASIS,
      ...provenanceOf(reader.host, route),
    };
    const latest = [{ route, date: period.openLatest ?? to }];
    if (dates !== undefined) {
      const missing = rates.filter(({ rate }) => rate === null).length;
      return { content: { count: rates.length, missing, rates, ...common }, kind: period.kind, latest };
    }
    const [only] = rates;
    if (only === undefined || only.rate === null)
      throw new ApiFailure({
        code: "no_data",
        detail: `The rate of an invoice of ${to} is not published yet, or there was none; there are rates from ${reader.firstDate(route)} on.`,
      });
    return { content: { ...only, ...common }, kind: period.kind, latest };
  },
});

/** The rate of an invoice; null while the FIX that it takes is not stored: the one before is never given in its place. */
async function rateOn(reader: RateReader, route: Route, date: PlainDate) {
  const fixing = inForceOn(await reader.fixingsToCarry(route, date, date), date);
  const [value = ""] = fixing?.values ?? [];
  if (fixing?.dates === undefined || !reader.hasLater(route, date))
    return { requested_date: date, date: null, rate: null, steps: [] };
  const rate =
    decimalsIn(value) > MAX_DECIMALS ? formatDecimal(round(parseDecimal(value), MAX_DECIMALS, "half_up")) : value;
  return {
    requested_date: date,
    date: fixing.date,
    rate,
    ...viewDates(fixing),
    steps: cfdiSteps(date, fixing.dates, rate, route.publication.calendar),
  };
}

/** As of when its newest value was stored, the response is the same for ever. */
function linkTo(date: PlainDate, knownAt: string | undefined): string {
  return `${PREFIX}/rates/cfdi?date=${date}&known_at=${knownAt}`;
}
