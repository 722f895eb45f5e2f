import type { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Catalogue } from "../providers/catalogue.ts";
import type { RequestSchemas } from "./endpoint.ts";
import { ApiFailure } from "./failure.ts";
import { unknownCurrency } from "./parameters.ts";
import type { ParameterError } from "./problem.ts";
import { hasNamelessParameter } from "./target.ts";

/** Parses a request's parameters by an endpoint's schemas. Throws ApiFailure, naming each that is wrong. */
export function parseParameters(
  c: Context,
  { params, query }: RequestSchemas,
  catalogue: Catalogue,
): { params: object; query: object } {
  const parsedQuery = query.safeParse(queryOf(c));
  const errors = parsedQuery.success ? [] : errorsOf(c, parsedQuery.error);
  if (hasNamelessParameter(c.req.url)) errors.push(NAMELESS);
  refuse(c, catalogue, errors);
  const parsedParams = params.safeParse(c.req.param());
  refuse(c, catalogue, parsedParams.success ? [] : errorsOf(c, parsedParams.error));
  return { params: parsedParams.data as object, query: parsedQuery.data as object };
}

/** The query as schemas take it: a list of values for a parameter that is given more than once. */
export function queryOf({ req }: Context): Record<string, unknown> {
  const query: Record<string, string | string[] | undefined> = req.queries();
  for (const name in query) if (query[name]?.length === 1) query[name] = query[name][0];
  return query;
}

function refuse(c: Context, catalogue: Catalogue, errors: readonly ParameterError[]): void {
  if (errors.length === 0) return;
  throw new ApiFailure({ code: "invalid_parameter", errors: [...currencyErrors(c, catalogue, errors), ...errors] });
}

const NAMELESS: ParameterError = { parameter: "", detail: "a parameter has no name; write name=value" };

/** Names each parameter once. Of what the client sent, only the name of an unknown parameter comes back, cut short. */
function errorsOf(c: Context, { issues }: z.ZodError): ParameterError[] {
  const details = new Map<string, string>();
  for (const issue of issues) {
    const name = String(issue.path[0]);
    if (issue.code === "unrecognized_keys")
      for (const key of issue.keys) details.set(key.slice(0, 60), "is not a parameter of this endpoint");
    else if (!details.has(name)) details.set(name, (issue.code !== "custom" && plainly(c, name)) || issue.message);
  }
  return Array.from(details, ([parameter, detail]) => ({ parameter, detail })).slice(0, MAX_ERRORS);
}

/** Codes of no currency that is served, so that a request with other errors too learns all of them at once. */
function currencyErrors(c: Context, catalogue: Catalogue, others: readonly ParameterError[]): ParameterError[] {
  const isUnknown = (code = "") => /^[A-Z]{3}$/.test(code) && !catalogue.currencies.includes(code);
  return ["base", "quote", "from", "to"]
    .filter((name) => isUnknown(c.req.query(name)) && !others.some(({ parameter }) => parameter === name))
    .map((parameter) => ({ parameter, detail: unknownCurrency(catalogue) }));
}

/** Keeps the response small, however many errors a request has. */
const MAX_ERRORS = 20;

/** What a schema can't say well: that a parameter is missing or given twice. */
function plainly(c: Context, parameter: string): string | undefined {
  if (c.req.param(parameter) !== undefined) return undefined;
  const given = c.req.queries(parameter);
  return given === undefined ? "is required" : given.length > 1 ? "must be given only once" : undefined;
}
