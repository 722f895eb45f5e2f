import { z } from "@hono/zod-openapi";
import { EXAMPLE } from "../../providers/examples.ts";
import { type Fixing, rateOf } from "../../rates/fixing.ts";
import type { Route } from "../../rates/route.ts";
import type { PlainDate } from "../../time/dates.ts";
import { endpoint } from "../endpoint.ts";
import { ApiFailure } from "../failure.ts";
import { fileName } from "../formats/table.ts";
import { date, pair, routeOf } from "../parameters.ts";
import { provenanceOf } from "../provenance.ts";
import type { RateReader } from "../rate-reader.ts";
import * as fields from "../response-fields.ts";

export const revisions = endpoint({
  id: "rateRevisions",
  path: "/rates/{date}/revisions",
  tag: "Rates",
  summary: "Every rate that was served for a date",
  description:
    "Providers correct values and take some back. Of a date with a fixing, each rate with the time for which it was the one served; a computed rate changes with each value behind it.",
  returns: "The rates of the date, in the order in which they were known.",
  params: () => z.strictObject({ date: date() }),
  query: () => z.strictObject({ ...pair() }),
  response: () => {
    const { stale: _, ...provenance } = fields.provenance();
    return z
      .object({
        base: z.string().openapi({ example: "USD" }),
        quote: z.string().openapi({ example: EXAMPLE.quote }),
        date: fields.day(),
        count: z.int(),
        revisions: z.array(
          z.object({
            rate: fields.decimal().nullable().openapi({ description: "Null if there was none, as it was withdrawn." }),
            withdrawn: z.boolean().openapi({ description: "Whether the provider had taken the value back." }),
            known_from: fields.instant().openapi({ description: "When it was stored." }),
            known_until: fields.instant().nullable().openapi({
              description: "When the next one was stored; null for the one that is in force.",
            }),
          }),
        ),
        ...provenance,
      })
      .openapi("RateRevisions");
  },
  table: {
    columns: () => ["date", "rate", "withdrawn", "known_from", "known_until"],
    rows: ({ date, revisions }) => revisions.map((revision) => ({ date, ...revision })),
    fileName: ({ base, quote, date }) => fileName("revisions", base, quote, date),
  },
  handle: async (reader, { date, ...query }) => {
    const route = routeOf(reader.host, { ...query, until: date });
    const known = await ratesKnown(reader, route, date);
    if (known.length === 0)
      throw new ApiFailure({
        code: "no_data",
        detail: `${route.base}/${route.quote} has no value of ${date} itself; ask for the date that a rate in force was determined on.`,
      });
    const content = {
      base: route.base,
      quote: route.quote,
      date,
      count: known.length,
      revisions: known.map((one, index) => ({ ...one, known_until: known[index + 1]?.known_from ?? null })),
      ...provenanceOf(reader.host, route),
    };
    return { content, kind: "now", latest: [] };
  },
});

interface KnownRate {
  rate: string | null;
  withdrawn: boolean;
  known_from: string;
}

/** The rates of a date as the values behind them came and went. The first is there once every leg has a value. */
async function ratesKnown(reader: RateReader, route: Route, date: PlainDate): Promise<KnownRate[]> {
  const legs = await Promise.all(route.series.map(({ id }) => reader.revisions(id, date)));
  const steps = legs
    .flatMap((revisions, leg) => revisions.map((revision) => ({ leg, ...revision })))
    .sort((a, b) => Date.parse(a.knownFrom) - Date.parse(b.knownFrom));
  const values: (string | undefined)[] = legs.map(() => undefined);
  const known: (KnownRate & { leg: number })[] = [];
  for (const { leg, value, withdrawn, knownFrom } of steps) {
    values[leg] = withdrawn ? undefined : value;
    const isWhole = values.every((one) => one !== undefined);
    if (!isWhole && known.length === 0) continue;
    // Legs that were stored together change the rate once.
    const last = known.at(-1);
    if (last?.known_from === knownFrom && last.leg !== leg) known.pop();
    const fixing: Fixing = { date, values: values.map((one) => one ?? "") };
    known.push({ leg, rate: isWhole ? rateOf(fixing, route) : null, withdrawn: !isWhole, known_from: knownFrom });
  }
  return known.map(({ leg: _, ...rate }) => rate);
}
