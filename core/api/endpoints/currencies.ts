import { z } from "@hono/zod-openapi";
import { describeCurrency } from "../../money/currency.ts";
import { parityOf } from "../../providers/parities.ts";
import { earlier, later, type PlainDate } from "../../time/dates.ts";
import { endpoint } from "../endpoint.ts";
import { fileName } from "../formats/table.ts";
import { noParameters } from "../parameters.ts";
import * as fields from "../response-fields.ts";
import { listResult, readSeriesDates, type SeriesDates } from "../series-dates.ts";

export const currencies = endpoint({
  id: "currencies",
  path: "/currencies",
  tag: "Catalogue",
  summary: "Available currencies",
  returns: "Codes, names, minor units, first and latest date, and the providers that have each.",
  params: noParameters,
  query: noParameters,
  response: () =>
    z
      .object({
        currencies: z.array(
          z
            .object({
              code: fields.code("USD"),
              name: fields.bilingual(),
              minor_units: z.int(),
              since: fields.day(),
              latest: fields.day().nullable(),
              providers: z.array(fields.providerId()),
              parity_with: z
                .string()
                .optional()
                .openapi({ description: "The currency in which the law fixes the value of this one.", example: "GBP" }),
            })
            .openapi(fields.named("Currency")),
        ),
      })
      .openapi("Currencies"),
  table: {
    columns: () => ["code", "name_en", "name_es", "minor_units", "since", "latest", "providers"],
    rows: ({ currencies }) =>
      currencies.map(({ name, providers, ...currency }) => ({
        ...currency,
        name_en: name.en,
        name_es: name.es,
        providers: providers.join(" "),
      })),
    fileName: () => fileName("currencies"),
  },
  handle: async (reader) => {
    const listed = await readSeriesDates(reader);
    const byCode = new Map<string, Summary>();
    for (const dates of listed.series)
      for (const code of [dates.series.base, dates.series.quote]) byCode.set(code, joined(byCode.get(code), dates));
    const content = {
      currencies: reader.host.catalogue.currencies.map((code) => {
        const { name, minorUnits } = describeCurrency(code);
        const parity = byCode.has(code) ? undefined : parityOf(code);
        const { since, latest, providers } = byCode.get(code) ?? byCode.get(parity?.anchor ?? "") ?? NOTHING;
        return {
          code,
          name,
          minor_units: minorUnits,
          since: later(since, parity?.since ?? since),
          latest,
          providers: [...providers],
          ...(parity && { parity_with: parity.anchor }),
        };
      }),
    };
    return listResult(content, listed);
  },
});

interface Summary {
  since: PlainDate;
  latest: PlainDate | null;
  providers: ReadonlySet<string>;
}

const NOTHING: Summary = { since: "", latest: null, providers: new Set() };

function joined(known: Summary | undefined, { series, latest }: SeriesDates): Summary {
  if (known === undefined) return { since: series.since, latest, providers: new Set([series.provider]) };
  return {
    since: earlier(known.since, series.since),
    latest: later(known.latest ?? "", latest ?? "") || null,
    providers: new Set([...known.providers, series.provider]),
  };
}
