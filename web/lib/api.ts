import type { z } from "@hono/zod-openapi";
import type { bars } from "#core/api/endpoints/bars.ts";
import type { calendar } from "#core/api/endpoints/calendar.ts";
import type { cfdi } from "#core/api/endpoints/cfdi.ts";
import type { change } from "#core/api/endpoints/change.ts";
import type { compare } from "#core/api/endpoints/compare.ts";
import type { convert } from "#core/api/endpoints/convert.ts";
import type { currencies } from "#core/api/endpoints/currencies.ts";
import type { current } from "#core/api/endpoints/current.ts";
import type { events } from "#core/api/endpoints/events.ts";
import type { historical } from "#core/api/endpoints/historical.ts";
import type { latest } from "#core/api/endpoints/latest.ts";
import type { providers } from "#core/api/endpoints/providers.ts";
import type { statistics } from "#core/api/endpoints/statistics.ts";
import type { volatility } from "#core/api/endpoints/volatility.ts";
import type { Health } from "#core/api/health.ts";
import type { ProblemBody } from "#core/api/problem.ts";

/** What the API returns, by the endpoints' own schemas. */
type ContentOf<Endpoint extends { response: () => z.ZodType }> = Shape<Endpoint["response"]>;
/** What a function that makes a schema describes. */
export type Shape<Schema extends () => z.ZodType> = z.output<ReturnType<Schema>>;

export type CurrentRate = Exclude<ContentOf<typeof current>, { rates: unknown }>;
export type CurrentRates = Extract<ContentOf<typeof current>, { rates: unknown }>;
export type History = ContentOf<typeof historical>;
export type Conversion = ContentOf<typeof convert>;
export type LatestRates = ContentOf<typeof latest>;
export type Currencies = ContentOf<typeof currencies>;
export type Providers = ContentOf<typeof providers>;
export type Comparison = ContentOf<typeof compare>;
export type Statistics = ContentOf<typeof statistics>;
export type ChangeOverPeriod = ContentOf<typeof change>;
export type Volatility = ContentOf<typeof volatility>;
export type RateEvents = ContentOf<typeof events>;
export type Bars = ContentOf<typeof bars>;
export type BankCalendar = ContentOf<typeof calendar>;
export type InvoiceRates = Extract<ContentOf<typeof cfdi>, { rates: unknown }>;
export type { Health };

const TIMEOUT_MS = 15_000;

/** A response, when it was received, and why it is stale if it is. */
export interface Received<T> {
  data: T;
  atMs: number;
  staleReason: string | null;
  /** Of these very data: null if they did not come as one response. */
  etag: string | null;
}

/** A request without a usable response. `problem` is absent where nothing came back. */
export class RequestFailure extends Error {
  override name = "RequestFailure";
  readonly problem: ProblemBody | undefined;

  constructor(problem: ProblemBody | undefined) {
    super(problem?.detail ?? "no response");
    this.problem = problem;
  }
}

/** The path of a request; parameters without a value are left out. */
export function apiPath(path: string, parameters: Record<string, string | number | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, String(value));
  return `/api/v1${path}${query.size > 0 ? `?${query}` : ""}`;
}

/** Reads a path, asking the server whether what the browser has is still current. Throws RequestFailure. */
export function read<T>(path: string, signal?: AbortSignal): Promise<Received<T>> {
  return request<T>(path, { headers: { Accept: "application/json" }, cache: "no-cache" }, signal);
}

/** Sends a request, and reads its response. Throws RequestFailure. */
export async function request<T>(path: string, init: RequestInit, signal?: AbortSignal): Promise<Received<T>> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  const limited = { ...init, signal: signal ? AbortSignal.any([signal, deadline]) : deadline };
  const response = await fetch(path, limited).catch(() => undefined);
  const body: unknown = await response?.json().catch(() => undefined);
  const isComplete = body !== undefined || response?.status === NO_CONTENT;
  // Health says 503 with a report of what is wrong.
  if (response && isComplete && (response.ok || path === HEALTH))
    return {
      data: body as T,
      atMs: Date.now(),
      staleReason: response.headers.get("Paridad-Stale"),
      etag: response.headers.get("ETag"),
    };
  throw new RequestFailure(body as ProblemBody | undefined);
}

const NO_CONTENT = 204;
export const HEALTH = "/health";
