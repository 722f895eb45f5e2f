import type {
  DateSpan,
  Parsed,
  ParseResult,
  Provider,
  ProviderError,
  ProviderResponse,
} from "#core/providers/provider.ts";
import { urlOf } from "#core/providers/provider.ts";
import type { Series } from "#core/rates/series.ts";

/** Calls of a provider as the fetcher makes them. */

export const at = (instant: string) => Date.parse(instant);

/** The provider's series of these codes or ids, in its own order. */
export function seriesOf(provider: Provider, names: string): Series[] {
  const wanted = new Set(names.split(" "));
  return provider.series.filter(({ id }) => wanted.has(id) || wanted.has(id.slice(provider.id.length + 1)));
}

interface Options {
  now: string;
  series?: string;
  span?: DateSpan;
  status?: number;
  headers?: Record<string, string>;
}

export function parse(provider: Provider, body: string, options: Options): ParseResult {
  const { now, series, span = "newest", status = 200, headers = {} } = options;
  const response: ProviderResponse = { status, headers: new Headers(headers), body };
  const want = { series: series === undefined ? provider.series : seriesOf(provider, series), span };
  return provider.parse(response, want, at(now));
}

/** The parsed result; fails the test if there is none. */
export function parsed(result: ParseResult): Parsed {
  if (!result.ok) throw new Error(`not parsed: ${JSON.stringify(result.error)}`);
  return result;
}

export function errorOf(result: ParseResult): ProviderError {
  if (result.ok) throw new Error("parsed, although it should not be");
  return result.error;
}

/** "ecb.USD 2024-02-27 1.0856", one line for each observation. */
export function lines(result: ParseResult): string[] {
  return parsed(result).series.flatMap(({ series, observations }) =>
    observations.map(([moment, value]) => `${series} ${moment} ${value}`),
  );
}

/** "ecb.USD: reason", one line for each series that is refused. */
export function faults(result: ParseResult): string[] {
  return parsed(result).faults.map(({ series, reason }) => `${series}: ${reason}`);
}

/** The paths and queries that a provider wants to have fetched. */
export function requested(provider: Provider, { now, series, span = "newest" }: Options): string[] {
  const want = { series: series === undefined ? provider.series : seriesOf(provider, series), span };
  return provider.requests(want, { nowMs: at(now), hasSecret: false }).map((request) => urlOf("", request));
}
