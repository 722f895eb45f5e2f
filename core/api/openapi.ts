import { OpenAPIHono, type RouteConfig, type z } from "@hono/zod-openapi";
import * as answers from "./answer-schemas.ts";
import * as routes from "./routes.ts";

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: answers.problemAnswer } },
});

const problems = {
  400: problem("A parameter is invalid; `errors` names each."),
  404: problem("No rate for this request; `detail` gives the available range."),
  429: problem("Too many requests; `Retry-After` says how long to wait."),
  503: problem("No data source can be reached; `Retry-After` says when to retry."),
};

function read<Answer extends z.ZodType>(answer: Answer, description: string) {
  return {
    200: { description, content: { "application/json": { schema: answer } } },
    304: { description: "Not modified: the ETag still holds." },
    ...problems,
  };
}

/** What each route is for, and what it returns. */
const documented: readonly RouteConfig[] = [
  {
    ...routes.currentRoute,
    operationId: "currentRate",
    tags: ["Rates"],
    summary: "The latest rate of a pair",
    responses: read(answers.currentAnswer, "The latest rate, its date, and whether a newer one is overdue."),
  },
  {
    ...routes.historicalRoute,
    operationId: "historicalRates",
    tags: ["Rates"],
    summary: "Rates over a period, ascending",
    description:
      "Without parameters, the last 10 days; otherwise `days`, or `from` and `to`. `limit` keeps the newest.",
    responses: read(answers.historicalAnswer, "The observations of the period."),
  },
  {
    ...routes.averageRoute,
    operationId: "averageRate",
    tags: ["Rates"],
    summary: "The mean rate of a window or a month",
    responses: read(
      answers.averageAnswer,
      "The mean, rounded once, half-even, to as many decimals as the pair's rates have and at least 6.",
    ),
  },
  {
    ...routes.onRoute,
    operationId: "rateOnDate",
    tags: ["Rates"],
    summary: "The rate in force on a date",
    description: "The fixing of that date or, where there is none, the last one before it, at most 14 days back.",
    responses: read(answers.onAnswer, "The rate, with the requested date and the date it was determined."),
  },
  {
    ...routes.convertRoute,
    operationId: "convert",
    tags: ["Rates"],
    summary: "Convert an amount exactly",
    responses: read(answers.convertAnswer, "The amount converted, rounded once, with the rate used."),
  },
  {
    ...routes.currenciesRoute,
    operationId: "currencies",
    tags: ["Catalogue"],
    summary: "Available currencies",
    responses: read(answers.currenciesAnswer, "Codes, names, minor units, first and latest date."),
  },
  {
    ...routes.seriesRoute,
    operationId: "series",
    tags: ["Catalogue"],
    summary: "The published series behind the rates",
    responses: read(answers.seriesAnswer, "Each series with its provider, first and latest date."),
  },
  {
    ...routes.calendarRoute,
    operationId: "bankCalendar",
    tags: ["Catalogue"],
    summary: "The weekdays on which a bank publishes nothing",
    responses: read(answers.calendarAnswer, "The year's closed weekdays, and when a rate is announced on the others."),
  },
];

/** The OpenAPI 3.1 document of the public API. Generated at build and committed; nothing makes it per request. */
export function openApiDocument(): ReturnType<OpenAPIHono["getOpenAPI31Document"]> {
  const api = new OpenAPIHono();
  for (const route of documented) api.openAPIRegistry.registerPath(route);
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Paridad",
      version: "1",
      description:
        "Exchange rates of Banco de México, exact to the published digit. Rates are decimal strings; dates are determination dates, in Mexico City. Currency codes may be in lower case, a path may end in a slash, and `_` and `utm_*` parameters are ignored; any other unknown parameter is an error. Source of the rates: Banco de México.",
      license: { name: "MIT" },
    },
    servers: [{ url: "/", description: `This host; paths begin with ${routes.PREFIX}.` }],
  });
}
