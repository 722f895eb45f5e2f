import { type Context, Hono } from "hono";
import { etagOf, matchesEtag } from "#core/api/etag.ts";
import { DATA_HEADERS } from "#core/api/headers.ts";
import { type ParameterError, problemResponse } from "#core/api/problem.ts";
import { encodeBoard } from "#core/pages/board.ts";
import { findProvider, findSeries } from "#core/providers/provider-list.ts";
import { isPlainDate } from "#core/time/dates.ts";
import type { OriginEnv } from "../app.ts";
import { boardAsOf, pagesAsOf, windowAsOf } from "../store/as-of.ts";

/** Pages and boards for the edge, as they are and as they were. */

const MAX_YEARS = 100;
const NOT_A_DATE = { parameter: "date", detail: "must be a date as YYYY-MM-DD" };
const NOT_YEARS = { parameter: "years", detail: "must be a year, or two as 1991-2023" };
const YEARS = /^((?:19|20)\d\d)(?:-((?:19|20)\d\d))?$/;

const HEADERS = { ...DATA_HEADERS, "Content-Type": "application/json", "Cache-Control": "no-store" };

export function pageRoutes(): Hono<OriginEnv> {
  const app = new Hono<OriginEnv>();

  app.get("/pages/:series/:years", async (c) => {
    const { series, years } = c.req.param();
    const range = yearsIn(years);
    if (range === undefined) return invalid(c, NOT_YEARS);
    if (!findSeries(series)) return problemResponse({ code: "not_found" }, c.req.url);
    const pages = await c.var.services.store.pages(series, ...range);
    return withTag(c, JSON.stringify(years.includes("-") ? { pages } : pages[0]));
  });

  app.get("/as-of/:instant{[0-9]{1,14}}/pages/:series/:years", async (c) => {
    const { instant, series, years } = c.req.param();
    const range = yearsIn(years);
    if (range === undefined) return invalid(c, NOT_YEARS);
    if (!findSeries(series)) return problemResponse({ code: "not_found" }, c.req.url);
    const pages = await pagesAsOf(c.var.services.store, series, ...range, Number(instant));
    return withTag(c, JSON.stringify({ pages }));
  });

  app.get("/as-of/:instant{[0-9]{1,14}}/boards/:provider", async (c) => {
    const provider = findProvider(c.req.param("provider"));
    if (!provider) return problemResponse({ code: "not_found" }, c.req.url);
    return withTag(c, encodeBoard(await boardAsOf(c.var.services.store, provider, Number(c.req.param("instant")))));
  });

  app.get("/as-of/:instant{[0-9]{1,14}}/windows/:provider/:date", async (c) => {
    const { instant, provider: id, date } = c.req.param();
    if (!isPlainDate(date)) return invalid(c, NOT_A_DATE);
    const provider = findProvider(id);
    if (!provider) return problemResponse({ code: "not_found" }, c.req.url);
    const values = await windowAsOf(c.var.services.store, provider, date, Number(instant));
    return withTag(c, JSON.stringify({ values }));
  });

  app.get("/revisions/:series/:date", async (c) => {
    const { series, date } = c.req.param();
    if (!isPlainDate(date)) return invalid(c, NOT_A_DATE);
    if (!findSeries(series)) return problemResponse({ code: "not_found" }, c.req.url);
    return withTag(c, JSON.stringify({ revisions: await c.var.services.archive.revisions(series, date) }));
  });

  app.get("/boards/:provider", async (c) => {
    const provider = findProvider(c.req.param("provider"));
    if (!provider) return problemResponse({ code: "not_found" }, c.req.url);
    return withTag(c, encodeBoard(await c.var.services.store.board(provider)));
  });

  return app;
}

function yearsIn(text: string): [from: number, to: number] | undefined {
  const [, first, last = first] = YEARS.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  return first === undefined || to < from || to - from >= MAX_YEARS ? undefined : [from, to];
}

function withTag(c: Context<OriginEnv>, body: string): Response {
  const etag = etagOf(body);
  const headers = { ...HEADERS, ETag: etag };
  if (matchesEtag(c.req.header("If-None-Match"), etag)) return c.body(null, 304, headers);
  return c.body(body, 200, headers);
}

function invalid(c: Context<OriginEnv>, error: ParameterError): Response {
  return problemResponse({ code: "invalid_parameter", errors: [error] }, c.req.url);
}
