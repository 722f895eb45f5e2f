/** The OpenAPI documents of the Frankfurter facades, as the origin and the build write them (core/api/document-files.ts). */

type Schema = Record<string, unknown>;
type Parameter = readonly [name: string, description: string, schema?: Schema];

interface Operation {
  path: string;
  summary: string;
  query?: readonly Parameter[];
  response: Schema;
}

const TEXT: Schema = { type: "string" };
const DAY: Schema = { type: "string", format: "date" };
const RATE: Schema = { type: "number", exclusiveMinimum: 0 };
const RATES: Schema = { type: "object", additionalProperties: RATE };

const object = (properties: Record<string, Schema>): Schema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
});
const listOf = (items: Schema): Schema => ({ type: "array", items });

/** The document of v1. */
export function v1Document(): object {
  const query: Parameter[] = [
    ["base", "Base currency, EUR by default; also `from`."],
    ["symbols", "Quote currencies, separated by commas; also `to`."],
    ["amount", "The amount to convert, 1 by default.", RATE],
  ];
  const amounts = { amount: RATE, base: TEXT };
  const onDate = object({ ...amounts, date: DAY, rates: RATES });
  const period = object({
    ...amounts,
    start_date: DAY,
    end_date: DAY,
    rates: { type: "object", additionalProperties: RATES },
  });
  return document("v1", object({ message: TEXT }), [
    { path: "/latest", summary: "The latest rates", query, response: onDate },
    { path: "/{date}", summary: "The rates of a date, or the last ones before it", query, response: onDate },
    { path: "/{start_date}..", summary: "The rates from a date to today", query, response: period },
    { path: "/{start_date}..{end_date}", summary: "The rates of a period", query, response: period },
    { path: "/currencies", summary: "Names by code", response: { type: "object", additionalProperties: TEXT } },
  ]);
}

/** The document of v2. */
export function v2Document(): object {
  const on: Parameter[] = [
    ["providers", "Keys of providers, separated by commas."],
    ["date", "The rates in force on a date.", DAY],
    ["expand", "`providers`: whose rate each is.", { enum: ["providers"] }],
  ];
  const query: Parameter[] = [
    ["base", "Base currency, EUR by default."],
    ["quotes", "Quote currencies, separated by commas."],
    ...on,
    ["from", "The first date of a period.", DAY],
    ["to", "Its last date, today by default.", DAY],
    ["group", "Means of weeks or months instead of days.", { enum: ["week", "month"] }],
  ];
  const rate = object({ date: DAY, base: TEXT, quote: TEXT, rate: RATE });
  const dates = { start_date: DAY, end_date: DAY };
  const orNull = { type: ["string", "null"] };
  const currency = object({ iso_code: TEXT, iso_numeric: orNull, name: TEXT, symbol: orNull, ...dates });
  const provider = object({
    key: TEXT,
    name: TEXT,
    country_code: orNull,
    rate_type: orNull,
    pivot_currency: TEXT,
    data_url: TEXT,
    terms_url: TEXT,
    ...dates,
    publish_cadence: TEXT,
    publishes_missed: { type: "integer", minimum: 0 },
    currencies: listOf(TEXT),
  });
  const scopes: Parameter[] = [
    ["scope", "`all`: also those that have ended.", { enum: ["all"] }],
    ["providers", "Only what these have."],
  ];
  return document("v2", object({ status: { type: "integer" }, message: TEXT }), [
    { path: "/rates", summary: "Rates of a date or a period", query, response: listOf(rate) },
    { path: "/rate/{base}/{quote}", summary: "The rate of one pair", query: on, response: rate },
    { path: "/currencies", summary: "Currencies", query: scopes, response: listOf(currency) },
    { path: "/currency/{code}", summary: "One currency", response: currency },
    { path: "/providers", summary: "Providers", response: listOf(provider) },
  ]);
}

function document(version: string, error: Schema, operations: readonly Operation[]): object {
  const body = (description: string, schema: Schema) => ({ description, content: { "application/json": { schema } } });
  const failure = body("Refused", error);
  const paths = operations.map(({ path, summary, query = [], response }) => {
    const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = ""]) => ({
      name,
      in: "path",
      required: true,
      schema: name.endsWith("date") ? DAY : TEXT,
    }));
    const inQuery = query.map(([name, description, schema = TEXT]) => ({ name, in: "query", description, schema }));
    const responses = { 200: body("OK", response), 404: failure, 422: failure };
    return [path, { get: { summary, parameters: [...inPath, ...inQuery], responses } }];
  });
  return {
    openapi: "3.1.0",
    info: { title: `Frankfurter's ${version}, as Paridad serves it`, version },
    servers: [{ url: `/frankfurter/${version}` }],
    paths: Object.fromEntries(paths),
  };
}
