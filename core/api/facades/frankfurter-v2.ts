import type { Catalogue } from "../../providers/catalogue.ts";
import { earlier, type PlainDate, utcDate } from "../../time/dates.ts";
import { acceptedFormat, type Format, MEDIA_TYPES } from "../formats/format.ts";
import type { RateReader } from "../rate-reader.ts";
import { FacadeFailure, type FacadeRequest, type FacadeResponse, type FacadeRoute, fixedResponse } from "./facade.ts";
import { currencies, currency, providers } from "./frankfurter-lists.ts";
import { v2Document } from "./frankfurter-openapi.ts";
import { parseV2, type V2Query, v2RoutesOf } from "./frankfurter-query.ts";
import { type V2Row, v2RowsOf } from "./frankfurter-rows.ts";
import { pairDaysOf } from "./rates.ts";

/** Frankfurter's v2, over the default choice of providers or those that a request names. */

const ROOT = "/frankfurter/v2";
const ROOT_CONTENT = { version: "v2", status: "current", openapi: "/v2/openapi.json", docs: "/docs" };

export const FRANKFURTER_V2: readonly FacadeRoute[] = [
  { path: ROOT, handle: async () => fixedResponse(ROOT_CONTENT) },
  { path: `${ROOT}/openapi.json`, handle: async () => fixedResponse(v2Document()) },
  { path: `${ROOT}/rates`, handle: (reader, request) => rates(reader, request), pairDays },
  { path: `${ROOT}/rates.csv`, handle: (reader, request) => rates(reader, request, "csv"), pairDays },
  { path: `${ROOT}/rate/:base/:quote`, handle: rate, pairDays },
  { path: `${ROOT}/currencies`, handle: currencies },
  { path: `${ROOT}/currency/:code`, handle: currency },
  { path: `${ROOT}/providers`, handle: providers },
  ...["currencies", "providers"].map((list) => ({ path: `${ROOT}/${list}.csv`, handle: notAsCsv })),
];

/** A list of rates; `fixed`: the format that the path names. */
async function rates(reader: RateReader, request: FacadeRequest, fixed?: Format): Promise<FacadeResponse> {
  const query = queryOf(request, reader.host.catalogue, utcDate(reader.host.nowMs));
  const { rows, lifetime } = await v2RowsOf(reader, query, v2RoutesOf(reader.host.catalogue, query));
  const format = fixed ?? acceptedFormat(request.accept);
  const headers = {
    ...(format !== "json" && { "Content-Type": MEDIA_TYPES[format] }),
    ...(format === "csv" && { "Content-Disposition": 'attachment; filename="rates.csv"' }),
    ...(fixed === undefined && { Vary: "Accept" }),
  };
  return { body: written(rows, query, format), headers, ...lifetime };
}

/** The first rate of one pair. */
async function rate(reader: RateReader, request: FacadeRequest): Promise<FacadeResponse> {
  const query = queryOf(request, reader.host.catalogue, utcDate(reader.host.nowMs));
  const { rows, lifetime } = await v2RowsOf(reader, query, v2RoutesOf(reader.host.catalogue, query));
  const [first] = rows;
  if (first === undefined) throw new FacadeFailure(404, "not found");
  return { body: jsonOf(first, query), ...lifetime };
}

function pairDays(request: FacadeRequest, catalogue: Catalogue, today: PlainDate): number {
  const query = queryOf(request, catalogue, today);
  const { pairs, identity } = v2RoutesOf(catalogue, query);
  if (query.from === undefined) return 0;
  return pairDaysOf(identity ? [...pairs, identity] : pairs, query.from, earlier(query.to, today));
}

function queryOf(request: FacadeRequest, catalogue: Catalogue, today: PlainDate): V2Query {
  const [base, quote] = [request.param("base"), request.param("quote")];
  return parseV2(request, catalogue, today, base === "" ? undefined : { base, quote });
}

function written(rows: readonly V2Row[], query: V2Query, format: Format): string {
  switch (format) {
    case "json":
      return `[${rows.map((row) => jsonOf(row, query)).join(",")}]`;
    case "ndjson":
      return rows.map((row) => `${jsonOf(row, query)}\n`).join("");
    case "csv": {
      const heading = `date,base,quote,rate${query.expandsProviders ? ",providers" : ""}\n`;
      return heading + rows.map((row) => csvLine(row, query)).join("");
    }
  }
}

/** Codes, dates and figures need no escaping. */
function jsonOf({ date, quote, figure, provider }: V2Row, { base, expandsProviders }: V2Query): string {
  const isExpanded = expandsProviders && provider !== undefined;
  const own = isExpanded ? `,"providers":[{"key":"${keyOf(provider)}","date":"${date}","rate":${figure}}]` : "";
  return `{"date":"${date}","base":"${base}","quote":"${quote}","rate":${figure}${own}}`;
}

function csvLine({ date, quote, figure, provider }: V2Row, { base, expandsProviders }: V2Query): string {
  const own = provider === undefined ? "" : `${keyOf(provider)}:${figure}`;
  return `${date},${base},${quote},${figure}${expandsProviders ? `,${own}` : ""}\n`;
}

function keyOf(provider: string): string {
  return provider.toUpperCase();
}

async function notAsCsv(): Promise<FacadeResponse> {
  throw new FacadeFailure(406, "not acceptable");
}
