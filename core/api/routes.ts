import { createRoute, type z } from "@hono/zod-openapi";
import * as schemas from "./schemas.ts";

/** The public routes as data: what each takes and answers. The OpenAPI document is made from these. */

export const PREFIX = "/api/v1";

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: schemas.problemAnswer } },
});

const problems = {
  400: problem("A parameter is not valid; `errors` names each."),
  404: problem("There is no such rate; `detail` names the range there is."),
  429: problem("Too many requests; `Retry-After` says how long to wait."),
  503: problem("Nothing that holds the answer can be reached; `Retry-After` says when to ask again."),
};

function read<Answer extends z.ZodType>(answer: Answer, description: string) {
  return {
    200: { description, content: { "application/json": { schema: answer } } },
    304: { description: "Not modified: the ETag still holds." },
    ...problems,
  };
}

export const currentRoute = createRoute({
  method: "get",
  path: `${PREFIX}/rates/current`,
  operationId: "currentRate",
  tags: ["Rates"],
  summary: "The latest rate of a pair",
  request: { query: schemas.pairQuery },
  responses: read(schemas.currentAnswer, "The latest rate, its date, and whether a newer one is overdue."),
});

export const historicalRoute = createRoute({
  method: "get",
  path: `${PREFIX}/rates/historical`,
  operationId: "historicalRates",
  tags: ["Rates"],
  summary: "Rates over a period, ascending",
  description: "The last 10 days without parameters; else `days`, or `from` and `to`; `limit` keeps the newest.",
  request: { query: schemas.historicalQuery },
  responses: read(schemas.historicalAnswer, "The observations of the period."),
});

export const averageRoute = createRoute({
  method: "get",
  path: `${PREFIX}/rates/average/{window}`,
  operationId: "averageRate",
  tags: ["Rates"],
  summary: "The mean rate of a window or a month",
  request: { params: schemas.averageParams, query: schemas.averageQuery },
  responses: read(schemas.averageAnswer, "The mean to 6 decimals, rounded once, half-even."),
});

export const onRoute = createRoute({
  method: "get",
  path: `${PREFIX}/rates/on/{date}`,
  operationId: "rateOnDate",
  tags: ["Rates"],
  summary: "The rate in force on a date",
  description: "The fixing of that date or, where there is none, the last one before it, at most 14 days back.",
  request: { params: schemas.onParams, query: schemas.pairQuery },
  responses: read(schemas.onAnswer, "The rate, with the date asked for and the date observed."),
});

export const convertRoute = createRoute({
  method: "get",
  path: `${PREFIX}/convert`,
  operationId: "convert",
  tags: ["Rates"],
  summary: "Convert an amount exactly",
  request: { query: schemas.convertQuery },
  responses: read(schemas.convertAnswer, "The amount converted, rounded once, with the rate used."),
});

export const currenciesRoute = createRoute({
  method: "get",
  path: `${PREFIX}/currencies`,
  operationId: "currencies",
  tags: ["Catalogue"],
  summary: "The currencies that are served",
  request: { query: schemas.nothing },
  responses: read(schemas.currenciesAnswer, "Codes, names, minor units, first and latest date."),
});

export const seriesRoute = createRoute({
  method: "get",
  path: `${PREFIX}/series`,
  operationId: "series",
  tags: ["Catalogue"],
  summary: "The published series behind the rates",
  request: { query: schemas.nothing },
  responses: read(schemas.seriesAnswer, "Each series with its provider, first and latest date."),
});
