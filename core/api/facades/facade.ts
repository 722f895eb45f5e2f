import type { Context } from "hono";
import { PagesUnavailable } from "../../pages/page-source.ts";
import type { Catalogue } from "../../providers/catalogue.ts";
import type { Route } from "../../rates/route.ts";
import { WEEKDAYS } from "../../time/calendars.ts";
import type { PlainDate } from "../../time/dates.ts";
import type { Publication } from "../../time/publication.ts";
import { UTC } from "../../time/zones.ts";
import { isClosed, type ResponseKind } from "../caching.ts";
import type { Latest } from "../endpoint.ts";
import { type FinishedResponse, finish } from "../finished-response.ts";
import { DATA_HEADERS } from "../headers.ts";
import { type RateReader, UNKNOWN_RETRY_SECONDS } from "../rate-reader.ts";
import { isRateStale, latestOf, type TableRate } from "../table.ts";
import { pathOf, targetOf } from "../target.ts";
import { facadeErrorBody } from "./error-forms.ts";

/** Another service's API over our rates, so that its clients need only another base URL. */

export const JSON_TYPE = "application/json; charset=utf-8";

export interface FacadeRequest {
  /** A parameter of the path, decoded. */
  param: (name: string) => string;
  /** The last of a repeated parameter counts, as the services themselves do; undefined if it is absent. */
  query: (name: string) => string | undefined;
  /** The names of the query's parameters, in the order of the request. */
  names: readonly string[];
  accept: string | undefined;
}

/** A finished body, and what decides how long it may be kept. */
export interface FacadeResponse {
  body: string;
  headers?: Record<string, string>;
  kind: ResponseKind;
  latest: readonly Latest[];
  isStale?: boolean;
  isIncomplete?: boolean;
}

export interface FacadeRoute {
  /** A pattern of the router. */
  path: string;
  handle: (reader: RateReader, request: FacadeRequest) => Promise<FacadeResponse>;
  /** Set if the cost grows with the period or the table: how many days of one pair it comes to. Throws FacadeFailure. */
  pairDays?: (request: FacadeRequest, catalogue: Catalogue, today: PlainDate) => number;
}

/** A refusal in the words of the service that a facade stands for. */
export class FacadeFailure extends Error {
  override name = "FacadeFailure";
  readonly status: number;
  readonly detail: string;

  constructor(status: number, message: string, detail = message) {
    super(message);
    this.status = status;
    this.detail = detail;
  }
}

/** A path that is none of the service's, although a pattern of ours matches it. */
export class UnknownPath extends FacadeFailure {
  constructor() {
    super(404, "not found");
  }
}

/** What a handler reads of a request. */
export function facadeRequestOf(c: Context): FacadeRequest {
  const target = targetOf(c.req.url) ?? "";
  const start = target.indexOf("?");
  const query = new URLSearchParams(start < 0 ? "" : target.slice(start));
  return {
    param: (name) => c.req.param(name) ?? "",
    query: (name) => query.getAll(name).at(-1),
    names: [...query.keys()],
    accept: c.req.header("Accept"),
  };
}

/** The refusal as a response. */
export function failureResponse(failure: FacadeFailure, url: string): Response {
  const { status, message, detail } = failure;
  const isRefusal = !(failure instanceof UnknownPath);
  return new Response(facadeErrorBody(pathOf(url), { status, message, detail, isRefusal }), {
    status,
    headers: { ...DATA_HEADERS, "Content-Type": JSON_TYPE, "Cache-Control": "no-store" },
  });
}

/** The response with the headers that all responses have. */
export function finishFacade(reader: RateReader, response: FacadeResponse): FinishedResponse {
  const { body, headers, kind, latest, isStale = false, isIncomplete = false } = response;
  const rendered = { body, headers: { "Content-Type": JSON_TYPE, ...headers } };
  return finish(reader, { content: { stale: isStale }, kind, latest, isIncomplete }, rendered);
}

/** A response that only a release changes. */
export function fixedResponse(content: object): FacadeResponse {
  return { body: JSON.stringify(content), kind: "closed", latest: [] };
}

/** Of nothing that is published: its days alone count. */
const UTC_DAYS: Publication = {
  zone: UTC,
  calendar: WEEKDAYS,
  at: "00:00",
  graceMinutes: 0,
  dated: "same_day",
  toleranceDays: 0,
};

/** Today's date in UTC, by which the services count: a response that depends on it is made again when the day ends. */
export function utcToday(reader: RateReader): PlainDate {
  return reader.todayOf({ publication: UTC_DAYS, series: [] });
}

/** How long rates up to a date may be kept, and whether newer ones should be there. */
export function lifetimeOf(reader: RateReader, rates: readonly TableRate[], to: PlainDate) {
  const isOver = ({ route }: { route: Route }) => isClosed(to, reader.todayOf(route), reader.host.policy);
  const isSettled = ({ route }: { route: Route }) => to <= reader.todayOf(route) && reader.hasLater(route, to);
  const isEach = (test: (rate: TableRate) => boolean) => rates.length > 0 && rates.every(test);
  const kind = isEach(isOver) ? "closed" : isEach((rate) => isOver(rate) || isSettled(rate)) ? "settled" : "now";
  const isStale = rates.some((rate) => to >= reader.todayOf(rate.route) && isRateStale(reader, rate));
  return { kind, latest: latestOf(rates), isStale } as const;
}

/** Throws while history loads: nothing found does not mean then that there is nothing. */
export function assertComplete(reader: RateReader): void {
  if (reader.isIncomplete) throw new PagesUnavailable(UNKNOWN_RETRY_SECONDS);
}

/** An object as JSON, its values already written. */
export function objectOf(entries: readonly (readonly [name: string, json: string])[]): string {
  return `{${entries.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
}
