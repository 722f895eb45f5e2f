import { z } from "@hono/zod-openapi";
import { preferredType } from "../accept.ts";
import { PLAIN_CSV, SPANISH_CSV, toCsv } from "./csv.ts";
import { toJson, type WrittenFields } from "./json.ts";
import { toNdjson } from "./ndjson.ts";
import type { JoinedBody } from "./segments.ts";
import type { Table } from "./table.ts";

/** The forms in which a list is served, chosen by `format` or, without it, by the Accept header. */

const FORMATS = ["json", "csv", "ndjson"] as const;
export type Format = (typeof FORMATS)[number];

const LOCALES = ["en", "es"] as const;

/** The media type of each format, as responses name it. */
export const MEDIA_TYPES: Record<Format, string> = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson",
};

/** The parameters of every endpoint that returns a list. */
export const formatParameters = () => ({
  format: z
    .enum(FORMATS, { error: `must be one of ${FORMATS.join(", ")}` })
    .optional()
    .openapi({
      description: "Default: what the `Accept` header prefers of JSON, `text/csv` and `application/x-ndjson`.",
      example: "csv",
    }),
  locale: z
    .enum(LOCALES, { error: `must be one of ${LOCALES.join(", ")}` })
    .default("en")
    .openapi({
      description:
        "Of CSV. `es`: semicolons and decimal commas, for spreadsheets set to Spain or South America; Mexico's take `en`.",
    }),
});

/** What a request says about the form of its response. */
export interface FormatRequest {
  format?: Format | undefined;
  locale?: (typeof LOCALES)[number] | undefined;
}

/** Parts of a finished response that its form decides. */
export interface Rendered {
  body: string | JoinedBody;
  headers: Record<string, string>;
}

const JSON_ONLY = { "Content-Type": MEDIA_TYPES.json };

/** The content as JSON, or its list in the form that the request asks for. */
export function render<Content extends object, Query>(
  content: Content,
  written: WrittenFields | undefined,
  table: Table<Content, Query> | undefined,
  query: Query & FormatRequest,
  accept: string | undefined,
): Rendered {
  if (!table) return { body: toJson(content, written), headers: JSON_ONLY };
  // A form that the URL decides is the same for every Accept header.
  const isNegotiated = query.format === undefined && (table.isList?.(query) ?? true);
  const vary: Record<string, string> = isNegotiated ? { Vary: "Accept" } : {};
  const format = query.format ?? (isNegotiated ? acceptedFormat(accept) : "json");
  if (format === "json") return { body: toJson(content, written), headers: { ...JSON_ONLY, ...vary } };
  const rows = table.rows(content);
  const body =
    format === "ndjson"
      ? toNdjson(rows)
      : toCsv(table.columns(query), rows, query.locale === "es" ? SPANISH_CSV : PLAIN_CSV);
  const name = `${table.fileName(content)}.${format}`;
  return {
    body,
    headers: { "Content-Type": MEDIA_TYPES[format], "Content-Disposition": `attachment; filename="${name}"`, ...vary },
  };
}

/** The format that an Accept header prefers: JSON unless CSV or NDJSON is preferred to it. */
export function acceptedFormat(accept: string | undefined): Format {
  // Nearly every client accepts anything: the header is parsed only if it may prefer another than JSON.
  if (accept === undefined || !/csv|ndjson|text\/\*/i.test(accept)) return "json";
  switch (preferredType(accept, ["application/json", "text/csv", "application/x-ndjson", "application/ndjson"])) {
    case "text/csv":
      return "csv";
    case "application/x-ndjson":
    case "application/ndjson":
      return "ndjson";
    default:
      return "json";
  }
}

/**
 * The key under which a host keeps a finished response: its canonical target, and the format that the Accept header prefers
 * unless that is JSON. "#" is in no target.
 */
export function responseKey(target: string, accept: string | null | undefined): string {
  const format = acceptedFormat(accept ?? undefined);
  return format === "json" ? target : `${target}#${format}`;
}
