import { type Context, type Env, Hono } from "hono";
import { addDiagnostics, wantsDiagnostics } from "./diagnostics.ts";
import { DOCUMENT_ROUTES, documentResponses } from "./documents.ts";
import { type Endpoint, routingPath } from "./endpoint.ts";
import { ENDPOINTS } from "./endpoint-list.ts";
import { conditional } from "./etag.ts";
import { FacadeFailure, type FacadeRoute, facadeRequestOf, failureResponse, finishFacade } from "./facades/facade.ts";
import { FACADE_ROUTES } from "./facades/facade-list.ts";
import { problemOf } from "./failure.ts";
import { type FinishedResponse, finish } from "./finished-response.ts";
import { COMMON_HEADERS } from "./headers.ts";
import { homeResponse } from "./home-page.ts";
import type { ApiHost } from "./host.ts";
import { hostAt } from "./known-at.ts";
import { mountLive } from "./live.ts";
import { parseParameters } from "./parse-parameters.ts";
import { preflightResponse } from "./preflight.ts";
import { type Problem, problemResponse } from "./problem.ts";
import { RateReader } from "./rate-reader.ts";
import { suggestionFor } from "./suggestion.ts";
import { pathOf } from "./target.ts";
import { unavailableResponse } from "./unavailable-page.ts";
import { ViewReader } from "./views.ts";

/** Variables that the public API sets on the context for its host. */
export interface ApiVariables {
  /** The finished response, so that the host can reuse it without reading it back; undefined if there is none to keep. */
  answer: FinishedResponse | undefined;
}

/**
 * The public API, written once. Each host mounts it, hands it requests with canonical targets (core/api/target.ts), and says
 * where pages come from and what time it is; all hosts return the same bytes. Errors other than the API's own are thrown
 * for the host to record.
 */
export function publicApi<E extends Env & { Variables: ApiVariables }>(hostOf: (c: Context<E>) => ApiHost): Hono<E> {
  const app = new Hono<E>();

  app.options("*", (c) => preflightResponse(c.req.header("Access-Control-Request-Headers"), c.req.url));

  for (const endpoint of ENDPOINTS) app.get(routingPath(endpoint.path), (c) => respond(c, endpoint));
  mountLive(app, hostOf);
  const documentResponse = documentResponses();
  for (const [path, name] of DOCUMENT_ROUTES) app.get(path, (c) => respondWithDocument(c, name));
  for (const route of FACADE_ROUTES) app.get(route.path, (c) => respondAsFacade(c, route));
  app.get("/", async (c) => {
    const host = hostOf(c);
    const html = await host.homePage?.();
    if (html === undefined) return c.body(null, 302, REDIRECT_HEADERS);
    return send(c, await homeResponse(new ViewReader(host, "fix"), html));
  });

  async function respondWithDocument(c: Context<E>, name: string): Promise<Response> {
    try {
      const response = await documentResponse(hostOf(c), name + (c.req.param("version") ?? c.req.param("guide") ?? ""));
      return response === undefined ? notFound(c) : send(c, response);
    } catch (error) {
      return problemResponse(problemIn(error), c.req.url);
    }
  }

  async function respond(c: Context<E>, { schemas, requestOf }: Endpoint): Promise<Response> {
    try {
      const present = hostOf(c);
      const { view, knownAt, read, render } = requestOf(parseParameters(c, schemas(), present.catalogue));
      const host = knownAt === undefined ? present : hostAt(present, knownAt);
      const reader = view === undefined ? new RateReader(host) : new ViewReader(host, view);
      const result = await read(reader);
      return send(c, finish(reader, result, render(result, c.req.header("Accept"))));
    } catch (error) {
      const problem = problemIn(error);
      if (problem.code === "unavailable") return unavailableResponse(problem, c.req.raw);
      return problemResponse(problem, c.req.url);
    }
  }

  async function respondAsFacade(c: Context<E>, { handle }: FacadeRoute): Promise<Response> {
    try {
      const reader = new RateReader(hostOf(c));
      return send(c, finishFacade(reader, await handle(reader, facadeRequestOf(c))));
    } catch (error) {
      if (error instanceof FacadeFailure) return failureResponse(error, c.req.url);
      return problemResponse(problemIn(error), c.req.url);
    }
  }

  function send(c: Context<E>, answer: FinishedResponse): Response {
    c.set("answer", answer);
    const response = conditional(c.req.header("If-None-Match"), answer.body, answer.headers);
    if (answer.diagnostics && wantsDiagnostics(c.req.header("Cache-Control")))
      addDiagnostics(response.headers, answer.diagnostics);
    return response;
  }

  return app;
}

/** What a handler threw for its reader. Anything else is a fault of ours, and thrown on. */
function problemIn(error: unknown): Problem {
  const problem = problemOf(error);
  if (problem === undefined) throw error;
  return problem;
}

/** The response to a path that is no route: 405 to a method that changes things, else 404 with the nearest endpoint. */
export function notFound(c: Context): Response {
  if (!READS.has(c.req.method)) return problemResponse({ code: "method_not_allowed" }, c.req.url);
  const suggestion = suggestionFor(pathOf(c.req.url));
  const problem: Problem = { code: "not_found", ...(suggestion !== undefined && { suggestion }) };
  return problemResponse(problem, c.req.url);
}

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

const REDIRECT_HEADERS = {
  ...COMMON_HEADERS,
  Location: "/docs",
  "Cache-Control": "public, max-age=3600",
  // For HEAD, which no host can measure.
  "Content-Length": "0",
};
