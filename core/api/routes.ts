import { createRoute } from "@hono/zod-openapi";
import * as parameters from "./parameters.ts";

/** The parameters of each public route. What each returns is in openapi.ts. */

export const PREFIX = "/api/v1";

/** Hosts never use the response schemas, so they do not build them. */
const responses = {};

export const currentRoute = createRoute({
  method: "get",
  path: `${PREFIX}/rates/current`,
  request: { query: parameters.pairQuery },
  responses,
});

export const historicalRoute = createRoute({
  method: "get",
  path: `${PREFIX}/rates/historical`,
  request: { query: parameters.historicalQuery },
  responses,
});

export const averageRoute = createRoute({
  method: "get",
  path: `${PREFIX}/rates/average/{window}`,
  request: { params: parameters.averageParams, query: parameters.averageQuery },
  responses,
});

export const onRoute = createRoute({
  method: "get",
  path: `${PREFIX}/rates/on/{date}`,
  request: { params: parameters.onParams, query: parameters.pairQuery },
  responses,
});

export const convertRoute = createRoute({
  method: "get",
  path: `${PREFIX}/convert`,
  request: { query: parameters.convertQuery },
  responses,
});

export const currenciesRoute = createRoute({
  method: "get",
  path: `${PREFIX}/currencies`,
  request: { query: parameters.nothing },
  responses,
});

export const seriesRoute = createRoute({
  method: "get",
  path: `${PREFIX}/series`,
  request: { query: parameters.nothing },
  responses,
});

export const calendarRoute = createRoute({
  method: "get",
  path: `${PREFIX}/calendar/{provider}/{year}`,
  request: { params: parameters.calendarParams, query: parameters.nothing },
  responses,
});
