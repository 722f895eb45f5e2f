import { z } from "@hono/zod-openapi";
import { parities } from "../../providers/parities.ts";
import { freshnessOf, outlookAt } from "../../rates/freshness.ts";
import { later } from "../../time/dates.ts";
import { endpoint } from "../endpoint.ts";
import { fileName } from "../formats/table.ts";
import { noParameters } from "../parameters.ts";
import * as fields from "../response-fields.ts";
import { listResult, readSeriesDates } from "../series-dates.ts";

export const providers = endpoint({
  id: "providers",
  path: "/providers",
  tag: "Catalogue",
  summary: "Who publishes the rates",
  returns: "Each provider with its authority, licence and attribution, when it publishes, and how fresh its rates are.",
  params: noParameters,
  query: noParameters,
  response: () =>
    z
      .object({
        providers: z.array(
          z
            .object({
              id: fields.providerId("ecb"),
              name: fields.bilingual(),
              authority: fields.authority(),
              pivot: z
                .string()
                .nullable()
                .openapi({ description: "The currency that its other rates are computed over.", example: "EUR" }),
              attribution: fields.bilingual(),
              licence: z.object({
                name: z.string(),
                url: z.string().openapi({ format: "uri" }),
                redistribution: z.enum(["yes", "no", "unverified"]),
              }),
              currencies: z.int().openapi({ description: "How many it has." }),
              time_zone: z.string().nullable().openapi({ example: "Europe/Berlin" }),
              published_at: z.string().nullable().openapi({ example: "16:00" }),
              freshness: z
                .object({
                  latest: fields.day().nullable(),
                  expected: fields.day(),
                  publications_missed: z.int().nullable(),
                  stale: z.boolean(),
                })
                .nullable()
                .openapi({ description: "Of its newest rate; null where nothing is published." }),
            })
            .openapi(fields.named("Provider")),
        ),
      })
      .openapi("Providers"),
  table: {
    columns: () => [
      "id",
      "name_en",
      "name_es",
      "authority",
      "pivot",
      "currencies",
      "latest",
      "stale",
      "time_zone",
      "published_at",
      "attribution",
      "licence_url",
    ],
    rows: ({ providers }) =>
      providers.map(({ name, attribution, licence, freshness, ...provider }) => ({
        ...provider,
        name_en: name.en,
        name_es: name.es,
        latest: freshness?.latest ?? null,
        stale: freshness?.stale ?? null,
        attribution: attribution.en,
        licence_url: licence.url,
      })),
    fileName: () => fileName("providers"),
  },
  handle: async (reader) => {
    const listed = await readSeriesDates(reader);
    const { catalogue, nowMs } = reader.host;
    const served = catalogue.providers.filter(({ isPrivate }) => !isPrivate);
    const banks = served.map((provider) => {
      const { id, name, authority, pivot, attribution, licence, publication, series } = provider;
      const own = listed.series.filter((one) => one.provider === provider);
      const latest = own.reduce((newest, one) => later(newest, one.latest ?? ""), "") || null;
      const outlook = outlookAt(publication, nowMs);
      const freshness = latest === null ? undefined : freshnessOf(latest, outlook);
      return {
        id,
        name,
        authority,
        pivot,
        attribution,
        licence,
        currencies: new Set(series.flatMap(({ base, quote }) => [base, quote])).size,
        time_zone: publication.zone.id,
        published_at: publication.at,
        freshness: {
          latest,
          expected: outlook.expected,
          publications_missed: freshness?.publicationsMissed ?? null,
          stale: freshness?.stale ?? true,
        },
      };
    });
    const { id, name, authority, attribution, licence } = parities;
    const byLaw = {
      pivot: null,
      currencies: catalogue.parityCodes.length,
      time_zone: null,
      published_at: null,
      freshness: null,
    };
    const content = {
      providers: catalogue.hasParities ? [...banks, { id, name, authority, attribution, licence, ...byLaw }] : banks,
    };
    return listResult(content, listed);
  },
});
