import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, Env } from "hono";
import { COMMON_HEADERS, METHODS, type ParameterError, type Problem, problemResponse } from "../problem.ts";
import type { Answer } from "./answer.ts";
import { cacheHeaders, DOCUMENT_LIFETIMES } from "./caching.ts";
import { bankCalendar, currencies, seriesList } from "./catalogue.ts";
import { documents } from "./documents.ts";
import { conditional } from "./etag.ts";
import { problemOf } from "./failure.ts";
import type { ApiHost } from "./host.ts";
import { averageRate, conversion, currentRate, historicalRates, rateOnDate } from "./rates.ts";
import { Reading } from "./reading.ts";
import * as routes from "./routes.ts";
import { unavailableResponse } from "./unavailable-page.ts";

/** Variables that the public API sets on the context for its host. */
export interface ApiVariables {
  /** The answer itself, so that the host need not read it back from the response; undefined where there is none to keep. */
  answer: Answer | undefined;
}

/**
 * The public API, written once. Each host mounts it and says, for a request, where pages come from and what time it is;
 * the bytes of an answer are the same on all hosts. Errors other than the API's own are thrown for the host to record.
 */
export function publicApi<E extends Env & { Variables: ApiVariables }>(
  hostOf: (c: Context<E>) => ApiHost,
): OpenAPIHono<E> {
  const app = new OpenAPIHono<E>({
    defaultHook: (result, c) => {
      if (!result.success)
        return problemResponse({ code: "invalid_parameter", errors: parameterErrors(c, result.error) }, c.req.url);
    },
  });

  app.options("*", (c) => c.body(null, 204, PREFLIGHT_HEADERS));

  app.openapi(routes.currentRoute, (c) => reply(c, (reading) => currentRate(reading, c.req.valid("query"))));
  app.openapi(routes.historicalRoute, (c) => reply(c, (reading) => historicalRates(reading, c.req.valid("query"))));
  app.openapi(routes.averageRoute, (c) =>
    reply(c, (reading) => averageRate(reading, c.req.valid("param").window, c.req.valid("query"))),
  );
  app.openapi(routes.onRoute, (c) =>
    reply(c, (reading) => rateOnDate(reading, c.req.valid("param").date, c.req.valid("query"))),
  );
  app.openapi(routes.convertRoute, (c) => reply(c, (reading) => conversion(reading, c.req.valid("query"))));
  app.openapi(routes.currenciesRoute, (c) => reply(c, currencies));
  app.openapi(routes.seriesRoute, (c) => reply(c, seriesList));
  app.openapi(routes.calendarRoute, (c) => reply(c, (reading) => bankCalendar(reading, c.req.valid("param"))));

  for (const [path, document] of documents()) {
    app.get(path, (c) => {
      const { body, headers } = document();
      return conditional(c.req.header("If-None-Match"), body, { ...headers, ...cacheHeaders(DOCUMENT_LIFETIMES) });
    });
  }
  app.get("/", (c) =>
    c.body(null, 302, { ...COMMON_HEADERS, Location: "/docs", "Cache-Control": "public, max-age=3600" }),
  );

  async function reply(c: Context<E>, ask: (reading: Reading) => Promise<Answer>): Promise<never> {
    // The answers are finished bytes, held to the document's schemas by tests.
    return (await answerOf(c, ask)) as never;
  }

  async function answerOf(c: Context<E>, ask: (reading: Reading) => Promise<Answer>): Promise<Response> {
    try {
      const answer = await ask(new Reading(hostOf(c)));
      c.set("answer", answer);
      return conditional(c.req.header("If-None-Match"), answer.body, answer.headers);
    } catch (error) {
      const problem = problemOf(error);
      if (!problem) throw error;
      if (problem.code === "unavailable") return unavailableResponse(problem, c.req.raw);
      return problemResponse(problem, c.req.url);
    }
  }

  return app;
}

/** What an address that is no route answers: 405 to a method that changes things, else 404. */
export function notFound(c: Context): Response {
  const problem: Problem = { code: READS.has(c.req.method) ? "not_found" : "method_not_allowed" };
  return problemResponse(problem, c.req.url);
}

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

const PREFLIGHT_HEADERS = {
  ...COMMON_HEADERS,
  "Access-Control-Allow-Methods": METHODS,
  "Access-Control-Allow-Headers": "Content-Type, If-None-Match, Traceparent, Tracestate",
  "Access-Control-Max-Age": "86400",
  "Cache-Control": "public, max-age=86400",
  Allow: METHODS,
};

interface Issues {
  issues: readonly { code?: string; path: readonly PropertyKey[]; message: string; keys?: readonly string[] }[];
}

/** Names each parameter once. What a client sent comes back only as the name of an unknown parameter, cut short. */
function parameterErrors(c: Context, { issues }: Issues): ParameterError[] {
  const details = new Map<string, string>();
  for (const { code, path, message, keys } of issues) {
    if (code === "unrecognized_keys")
      for (const key of keys ?? []) details.set(key.slice(0, 60), "is not a parameter of this address");
    else if (!details.has(String(path[0])))
      details.set(String(path[0]), (code !== "custom" && plainly(c, String(path[0]))) || message);
  }
  return Array.from(details, ([parameter, detail]) => ({ parameter, detail })).slice(0, MOST_ERRORS);
}

/** So that an answer does not grow with a request made of faults. */
const MOST_ERRORS = 20;

/** What a schema can't say well of a value that is no text: that the parameter is missing or given twice. */
function plainly(c: Context, parameter: string): string | undefined {
  if (c.req.param(parameter) !== undefined) return undefined;
  const given = c.req.queries(parameter);
  return given === undefined ? "is required" : given.length > 1 ? "must be given only once" : undefined;
}
