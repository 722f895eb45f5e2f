import { z } from "@hono/zod-openapi";
import { ATTRIBUTION, SERIES } from "../../rates/series.ts";
import { endpoint } from "../endpoint.ts";
import { fileName } from "../formats/table.ts";
import { noParameters } from "../parameters.ts";
import * as fields from "../response-fields.ts";
import { listResult, readSeriesDates } from "../series-dates.ts";

export const series = endpoint({
  id: "series",
  path: "/series",
  tag: "Catalogue",
  summary: "The published series behind the rates",
  returns: "Each series with its provider, first and latest date.",
  params: noParameters,
  query: noParameters,
  response: () =>
    z
      .object({
        series: z.array(
          z.object({
            id: z.string().openapi({ example: "banxico.SF43718" }),
            provider: z.literal("banxico"),
            provider_id: z.string().openapi({ example: "SF43718" }),
            base: z.string(),
            quote: z.string(),
            cadence: z.literal("bank_day"),
            since: fields.day(),
            latest: fields.day().nullable(),
            note: z.string().nullable(),
            attribution: z.string(),
          }),
        ),
      })
      .openapi("SeriesList"),
  table: {
    columns: () => [
      "id",
      "provider",
      "provider_id",
      "base",
      "quote",
      "cadence",
      "since",
      "latest",
      "note",
      "attribution",
    ],
    rows: ({ series }) => series,
    fileName: () => fileName("series"),
  },
  handle: async (reader) => {
    const listed = await readSeriesDates(reader);
    const content = {
      series: SERIES.map(({ id, provider, providerId, base, quote, cadence, firstDate, note }, index) => ({
        id,
        provider,
        provider_id: providerId,
        base,
        quote,
        cadence,
        since: firstDate,
        latest: listed[index]?.latest ?? null,
        note: note ?? null,
        attribution: ATTRIBUTION,
      })),
    };
    return listResult(content, listed);
  },
});
