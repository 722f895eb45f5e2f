import { isPlainDate, type PlainDate } from "../../time/dates.ts";
import { announcedAtMs } from "../../time/publication.ts";
import type { RateReader } from "../rate-reader.ts";
import { daysOfTable } from "../table.ts";
import {
  assertComplete,
  FacadeFailure,
  type FacadeRequest,
  type FacadeResponse,
  type FacadeRoute,
  fixedResponse,
  objectOf,
} from "./facade.ts";
import { frankfurterName } from "./frankfurter-names.ts";
import { rateTableOf } from "./rates.ts";

/** The shape of Open Exchange Rates' API: all rates of one base, of now or of a date. A key is not looked at. */

const DEFAULT_BASE = "USD";

export const OPEN_EXCHANGE_RATES: readonly FacadeRoute[] = [
  { path: "/api/latest.json", handle: (reader, request) => table(reader, request) },
  {
    path: "/api/historical/:file",
    handle: historical,
    pairDays: (_, catalogue) => daysOfTable(catalogue.currencies.length),
  },
  {
    path: "/api/currencies.json",
    handle: async ({ host: { catalogue } }) =>
      fixedResponse(Object.fromEntries(catalogue.currencies.map((code) => [code, frankfurterName(code)]))),
  },
];

async function historical(reader: RateReader, request: FacadeRequest): Promise<FacadeResponse> {
  const date = request.param("file").replace(/\.json$/, "");
  if (!isPlainDate(date)) throw new FacadeFailure(400, "invalid_date", "The date must be written YYYY-MM-DD.");
  return table(reader, request, date);
}

async function table(reader: RateReader, { query }: FacadeRequest, date?: PlainDate): Promise<FacadeResponse> {
  const base = (query("base") ?? DEFAULT_BASE).toUpperCase();
  if (!reader.host.catalogue.currencies.includes(base))
    throw new FacadeFailure(400, "invalid_base", "The base is no currency that is served here.");
  const wanted = query("symbols")?.toUpperCase().split(",");
  const { newest, figures, lifetime } = await rateTableOf(reader, base, date);
  if (newest === undefined) {
    assertComplete(reader);
    throw new FacadeFailure(400, "not_available", "There are no rates for this date.");
  }
  const members = [
    ["disclaimer", '"/docs"'],
    ["license", '"/docs"'],
    ["timestamp", String(announcedAtMs(newest.route.publication, newest.fixing.date) / 1_000)],
    ["base", JSON.stringify(base)],
    ["rates", objectOf(figures.filter(([code]) => wanted?.includes(code) ?? true))],
  ] as const;
  return { body: objectOf(members), ...lifetime };
}
