import type { DateRange, Moment, Provider } from "#core/providers/provider.ts";
import type { Series } from "#core/rates/series.ts";
import type { Edition } from "./edition.ts";

/** A request as a provider sees it. */
export interface SimulatedRequest {
  /** Below the provider's base URL, decoded. */
  path: string;
  query: URLSearchParams;
  /** What follows "Bearer" in the request's Authorization. */
  bearer: string | undefined;
}

export interface Reply {
  /** 200 if absent. */
  status?: 200 | 204 | 400 | 401 | 403 | 404;
  type: string;
  body: string | Uint8Array<ArrayBuffer>;
}

/** Made-up history of providers that serve one day a request: their whole history would take days to load. */
export const SHORT_HISTORY_DAYS = 365;

/** Faults that make sense in some formats only. */
export type FormatFault = "unit" | "dead_code" | "error_body" | "end_of_life";

/** A provider's API as this machine imitates it: its format as data and one pure function. */
export interface SimulatedProvider {
  provider: Provider;
  /** The decimals with which it publishes a made-up value. */
  decimals(series: Series, value: number): number;
  /** How long made-up history is, if it is shorter than the provider's own. */
  historyDays?: number;
  formatFaults: readonly FormatFault[];
  /** Dates or instants with made-up values, ascending, if they do not follow from the provider's publication. */
  moments?(series: Series, range: DateRange, nowMs: number): Moment[] | undefined;
  /** A made-up value for one unit, if it is not the common one of its date. */
  price?(series: Series, moment: Moment): number;
  /** Undefined for a path that it does not have. */
  respond(request: SimulatedRequest, edition: Edition): Reply | undefined;
}

/** JSON, as almost everybody labels it. */
export function json(body: string, status: Reply["status"] = 200): Reply {
  return { status, type: "application/json; charset=utf-8", body };
}

/** The dates of two parameters, if both are dates. */
export function rangeOf(from: string | null | undefined, to: string | null | undefined): DateRange | undefined {
  const isDate = (text: string | null | undefined): text is string => /^\d{4}-\d\d-\d\d$/.test(text ?? "");
  return isDate(from) && isDate(to) ? { from, to } : undefined;
}
