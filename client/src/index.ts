import createClient, { type Client } from "openapi-fetch";
import { type ETagOptions, withETags } from "./etags.ts";
import { type Observation, type PeriodOptions, ratesOf } from "./history.ts";
import { isProblem, ProblemError } from "./problem.ts";
import { type Fetch, type RetryOptions, withRetries } from "./retry.ts";
import type { components, paths } from "./schema.ts";
import { type Received, type StreamEvent, type StreamOptions, streamEvents } from "./stream.ts";

/** Responses as JSON; CSV and NDJSON are for `fetch`. */
type Json = "application/json" | "application/problem+json";

export interface ClientOptions {
  /** Where the platform is, such as https://paridad.example.com. */
  baseUrl: string;
  /** Default: the global one. */
  fetch?: typeof globalThis.fetch;
  /** false: a failure is final. */
  retries?: RetryOptions | false;
  /** false: responses are not remembered, for example in a browser, whose cache does it. */
  etags?: ETagOptions | false;
  /** Sent with each request. */
  headers?: Record<string, string>;
}

/** A pair; the base is USD and the quote MXN unless it says otherwise. */
export interface Pair {
  base?: string;
  quote?: string;
  provider?: string;
}

/** The FIX has three dates: when it was determined, printed in the DOF, and from when it applies. */
export interface ViewedPair extends Pair {
  view?: Schemas["View"];
}

type Schemas = components["schemas"];

/** The client of one deployment. Methods throw ProblemError; what they return is as the API sends it, rates as strings. */
export interface Paridad {
  /** Every operation, with the types of the OpenAPI document (openapi-fetch): returns `{ data, error, response }`. */
  readonly api: Client<paths, Json>;
  current(pair?: Pair): Promise<Schemas["CurrentRate"]>;
  /** The rate in force on a date. */
  on(date: string, pair?: ViewedPair): Promise<Schemas["RateOnDate"]>;
  /** The rates in force on many dates, in their order; `rate` is null where there is none. */
  onDates(dates: readonly string[], pair?: ViewedPair): Promise<Schemas["RateOfDate"][]>;
  convert(amount: string, from: string, to: string, date?: string): Promise<Schemas["Conversion"]>;
  /** All currencies against one base, or those that are named. */
  latest(base?: string, quotes?: readonly string[]): Promise<Schemas["LatestRates"]>;
  /** The rates of a period of any length, oldest first. */
  history(options: PeriodOptions & Pair): AsyncGenerator<Observation, void, undefined>;
  /** Events as they happen, for as long as they are wanted. */
  stream(options?: StreamOptions): AsyncGenerator<Received<StreamEvent>, void, undefined>;
  /** The weekdays of a year on which a bank publishes nothing. */
  calendar(provider: string, year: number): Promise<Schemas["BankCalendar"]>;
  health(): Promise<Schemas["Health"]>;
}

/** Makes a client. It needs nothing but `fetch`: browsers, Node, Deno, Bun and workers have it. */
export function createParidad(options: ClientOptions): Paridad {
  const { baseUrl, headers = {}, retries, etags } = options;
  const origin = baseUrl.replace(/\/+$/, "");
  const plain: Fetch = (request) => (options.fetch ?? globalThis.fetch)(request);
  const retrying = retries === false ? plain : withRetries(plain, retries);
  const fetch = etags === false ? retrying : withETags(retrying, etags);
  const querySerializer = { array: { style: "form", explode: false } } as const;
  const api = createClient<paths, Json>({ baseUrl: origin, fetch, headers, querySerializer });

  return {
    api,
    async current(pair = {}) {
      const found = contentOf(await api.GET("/api/v1/rates/current", { params: { query: pair } }));
      if ("rates" in found) throw new TypeError("One pair has one rate");
      return found;
    },
    async on(date, pair = {}) {
      return contentOf(await api.GET("/api/v1/rates/on/{date}", { params: { path: { date }, query: pair } }));
    },
    async onDates(dates, pair = {}) {
      const query = { dates: [...dates], ...pair };
      return contentOf(await api.GET("/api/v1/rates/on", { params: { query } })).rates;
    },
    async convert(amount, from, to, date) {
      return contentOf(
        await api.GET("/api/v1/convert", { params: { query: { amount, from, to, ...(date && { date }) } } }),
      );
    },
    async latest(base = "USD", quotes) {
      const query = { base, ...(quotes && { quotes: [...quotes] }) };
      return contentOf(await api.GET("/api/v1/rates/latest", { params: { query } }));
    },
    history({ from, to, yearsPerRequest, nowMs, ...pair }) {
      const read = async (start: string, end: string | undefined) => {
        const query = { ...pair, from: start, ...(end && { to: end }) };
        const result = await api.GET("/api/v1/rates/historical", { params: { query } });
        // A part of the period may be before the first rate.
        return isProblem(result.error) && result.error.code === "no_data" ? [] : contentOf(result).observations;
      };
      return ratesOf(read, {
        from,
        ...(to && { to }),
        ...(yearsPerRequest && { yearsPerRequest }),
        ...(nowMs && { nowMs }),
      });
    },
    stream(wanted = {}) {
      return streamEvents(withHeaders(plain, headers), `${origin}/api/v1/stream`, wanted);
    },
    async calendar(provider, year) {
      const path = { provider, year };
      return contentOf(await api.GET("/api/v1/calendar/{provider}/{year}", { params: { path } }));
    },
    async health() {
      const { data, error, response } = await api.GET("/health");
      const health = data ?? error;
      // What can't serve a rate says so with a status of 503, and says why.
      if (health && "level" in health) return health;
      throw new ProblemError(response, isProblem(error) ? error : undefined);
    },
  };
}

function contentOf<Data>({ data, error, response }: { data?: Data; error?: unknown; response: Response }): Data {
  if (data !== undefined && response.ok) return data;
  throw new ProblemError(response, isProblem(error) ? error : undefined);
}

function withHeaders(fetch: Fetch, headers: Record<string, string>): Fetch {
  return (request) => {
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
    return fetch(request);
  };
}

export { compareDecimals, decimalsOf, formatDecimal, toScaled } from "./decimal.ts";
export { type ETagOptions, withETags } from "./etags.ts";
export type { Observation, PeriodOptions } from "./history.ts";
export { isProblem, type Problem, type ProblemCode, ProblemError } from "./problem.ts";
export { type Fetch, type RetryOptions, withRetries } from "./retry.ts";
export type { components, paths } from "./schema.ts";
export type { HelloEvent, RateEvent, ResyncEvent, StreamEvent, StreamOptions, WithdrawnEvent } from "./stream.ts";
export {
  type VerifiedWebhook,
  verifyWebhook,
  WebhookError,
  type WebhookFault,
  type WebhookRequest,
} from "./webhook.ts";
