import { z } from "@hono/zod-openapi";
import { EXAMPLE } from "../../providers/examples.ts";
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
          z
            .object({
              id: z.string().openapi({ example: EXAMPLE.series }),
              provider: fields.providerId(),
              provider_id: z.string().openapi({ example: "SF43718" }),
              base: fields.code("USD"),
              quote: fields.code(EXAMPLE.quote),
              cadence: z
                .enum(["bank_day", "week"])
                .openapi({ description: "Whether a value is published on each bank day, or once a week." }),
              since: fields.day(),
              latest: fields.day().nullable(),
              until: fields.day().optional().openapi({ description: "The last date of a series that has ended." }),
              unit: z.int().openapi({ description: "For how many units of `base` the provider publishes its values." }),
              side: z
                .enum(["buy", "sell"])
                .optional()
                .openapi({ description: "For providers that publish what is paid and asked, and no middle." }),
              note: z.string().nullable(),
              attribution: z.string(),
            })
            .openapi(fields.named("Series")),
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
      series: listed.series.map(({ series, provider, latest }) => ({
        id: series.id,
        provider: provider.id,
        provider_id: series.providerId,
        base: series.base,
        quote: series.quote,
        cadence: cadenceOf((series.publication ?? provider.publication).weekday),
        since: series.since,
        latest,
        ...(series.until !== undefined && { until: series.until }),
        unit: series.unit,
        ...(series.side !== undefined && { side: series.side }),
        note: series.note ?? null,
        attribution: provider.attribution.en,
      })),
    };
    return listResult(content, listed);
  },
});

function cadenceOf(weekday: number | undefined): "bank_day" | "week" {
  return weekday === undefined ? "bank_day" : "week";
}
