import { z } from "@hono/zod-openapi";
import { describeCurrency } from "../../money/currency.ts";
import { CURRENCIES, PIVOT, SERIES } from "../../rates/series.ts";
import { earlier } from "../../time/dates.ts";
import { endpoint } from "../endpoint.ts";
import { fileName } from "../formats/table.ts";
import { noParameters } from "../parameters.ts";
import * as fields from "../response-fields.ts";
import { listResult, readSeriesDates } from "../series-dates.ts";

export const currencies = endpoint({
  id: "currencies",
  path: "/currencies",
  tag: "Catalogue",
  summary: "Available currencies",
  returns: "Codes, names, minor units, first and latest date.",
  params: noParameters,
  query: noParameters,
  response: () =>
    z
      .object({
        currencies: z.array(
          z.object({
            code: z.string().openapi({ example: "USD" }),
            name: z.object({ en: z.string(), es: z.string() }),
            minor_units: z.int(),
            since: fields.day(),
            latest: fields.day().nullable(),
          }),
        ),
      })
      .openapi("Currencies"),
  table: {
    columns: () => ["code", "name_en", "name_es", "minor_units", "since", "latest"],
    rows: ({ currencies }) =>
      currencies.map(({ name, ...currency }) => ({ ...currency, name_en: name.en, name_es: name.es })),
    fileName: () => fileName("currencies"),
  },
  handle: async (reader) => {
    const listed = await readSeriesDates(reader);
    // The pivot is served as far as any of the others.
    const pivot = listed.reduce((all, { since, latest, isKnown }) => ({
      isKnown: all.isKnown && isKnown,
      since: earlier(all.since, since),
      latest: all.latest !== null && latest !== null && all.latest > latest ? all.latest : (latest ?? all.latest),
    }));
    const byCode = new Map(SERIES.map((series, index) => [series.base, listed[index] ?? pivot]));
    const content = {
      currencies: CURRENCIES.map((code) => {
        const { name, minorUnits } = describeCurrency(code);
        const { since, latest } = code === PIVOT ? pivot : (byCode.get(code) ?? pivot);
        return { code, name, minor_units: minorUnits, since, latest };
      }),
    };
    return listResult(content, listed);
  },
});
