import type { Catalogue } from "../../providers/catalogue.ts";
import type { PlainDate } from "../../time/dates.ts";
import { acceptedFormat, type Format, MEDIA_TYPES } from "../formats/format.ts";
import type { RateReader } from "../rate-reader.ts";
import {
  FacadeFailure,
  type FacadeRequest,
  type FacadeResponse,
  type FacadeRoute,
  fixedResponse,
  utcToday,
} from "./facade.ts";
import { currencies, currency, providers } from "./frankfurter-lists.ts";
import { parseV2, type V2Query, v2RoutesOf } from "./frankfurter-query.ts";
import { type V2Row, v2PairDaysOf, writeV2Rows } from "./frankfurter-rows.ts";

/** Frankfurter's v2, over the default choice of providers or those that a request names. */

const ROOT = "/frankfurter/v2";
const ROOT_CONTENT = { version: "v2", status: "current", openapi: "/v2/openapi.json", docs: "/docs" };

export const FRANKFURTER_V2: readonly FacadeRoute[] = [
  { path: ROOT, handle: async () => fixedResponse(ROOT_CONTENT) },
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
  const format = fixed ?? acceptedFormat(request.accept);
  const query = queryOf(request, reader.host.catalogue, utcToday(reader));
  const lines: string[] = [];
  const lineOf = format === "csv" ? csvLine : jsonOf;
  // Joined in parts, so that a long list is not twice in memory.
  const separator = format === "json" ? "," : "\n";
  const lifetime = await writeV2Rows(reader, query, v2RoutesOf(reader.host.catalogue, query), (rows) => {
    if (rows.length > 0) lines.push(rows.map((row) => lineOf(row, query)).join(separator));
  });
  const headers = {
    ...(format !== "json" && { "Content-Type": MEDIA_TYPES[format] }),
    ...(format === "csv" && { "Content-Disposition": 'attachment; filename="rates.csv"' }),
    ...(fixed === undefined && { Vary: "Accept" }),
  };
  return { body: written(lines, query, format), headers, ...lifetime };
}

/** The first rate of one pair. */
async function rate(reader: RateReader, request: FacadeRequest): Promise<FacadeResponse> {
  const query = queryOf(request, reader.host.catalogue, utcToday(reader));
  let first: V2Row | undefined;
  const lifetime = await writeV2Rows(reader, query, v2RoutesOf(reader.host.catalogue, query), ([row]) => {
    first ??= row;
  });
  if (first === undefined) throw new FacadeFailure(404, "not found");
  return { body: jsonOf(first, query), ...lifetime };
}

function pairDays(request: FacadeRequest, catalogue: Catalogue, today: PlainDate): number {
  const query = queryOf(request, catalogue, today);
  return v2PairDaysOf(query, v2RoutesOf(catalogue, query), today);
}

function queryOf(request: FacadeRequest, catalogue: Catalogue, today: PlainDate): V2Query {
  const [base, quote] = [request.param("base"), request.param("quote")];
  return parseV2(request, catalogue, today, base === "" ? undefined : { base, quote });
}

function written(lines: readonly string[], { expandsProviders }: V2Query, format: Format): string {
  switch (format) {
    case "json":
      return `[${lines.join(",")}]`;
    case "ndjson":
      return lines.map((some) => `${some}\n`).join("");
    case "csv":
      return ["date,base,quote,rate".concat(expandsProviders ? ",providers" : ""), ...lines, ""].join("\n");
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
  return `${date},${base},${quote},${figure}${expandsProviders ? `,${own}` : ""}`;
}

function keyOf(provider: string): string {
  return provider.toUpperCase();
}

async function notAsCsv(): Promise<FacadeResponse> {
  throw new FacadeFailure(406, "not acceptable");
}
