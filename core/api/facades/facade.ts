import type { Route } from "../../rates/route.ts";
import type { PlainDate } from "../../time/dates.ts";
import { isClosed, type ResponseKind } from "../caching.ts";
import type { Latest } from "../endpoint.ts";
import { type FinishedResponse, finish } from "../finished-response.ts";
import { DATA_HEADERS } from "../problem.ts";
import type { RateReader } from "../rate-reader.ts";
import { latestOf, type TableRate } from "../table.ts";
import { pathOf, targetOf } from "../target.ts";
import { facadeErrorBody } from "./error-forms.ts";

/** Another service's API over our rates, so that its clients need only another base URL. */

export const JSON_TYPE = "application/json; charset=utf-8";

export interface FacadeRequest {
  /** A parameter of the path, decoded. */
  param: (name: string) => string;
  query: URLSearchParams;
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

export type FacadeHandler = (reader: RateReader, request: FacadeRequest) => Promise<FacadeResponse>;

/** Routes as patterns of the router, in the order in which they are tried. */
export type FacadeRoutes = readonly (readonly [path: string, handler: FacadeHandler])[];

/** A refusal in the words of the service that a facade stands for. */
export class FacadeFailure extends Error {
  override name = "FacadeFailure";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The refusal as a response. */
export function failureResponse({ status, message }: FacadeFailure, url: string): Response {
  return new Response(facadeErrorBody(pathOf(url), { status, message }), {
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

/** The query of a request, whatever its bytes are. */
export function queryOf(url: string): URLSearchParams {
  const target = targetOf(url) ?? "";
  const start = target.indexOf("?");
  return new URLSearchParams(start < 0 ? "" : target.slice(start));
}

/** How long rates up to a date may be kept. */
export function lifetimeOf(reader: RateReader, rates: readonly TableRate[], to: PlainDate) {
  const isOver = ({ route }: { route: Route }) => isClosed(to, reader.todayOf(route), reader.host.policy);
  const kind: ResponseKind = rates.length > 0 && rates.every(isOver) ? "closed" : "now";
  return { kind, latest: latestOf(rates) };
}

/** An object as JSON, its values already written. */
export function objectOf(entries: readonly (readonly [name: string, json: string])[]): string {
  return `{${entries.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
}
