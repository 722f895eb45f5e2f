import { decodeBody } from "#core/providers/format/body.ts";
import type { DateSpan, ParseResult, Provider, ProviderError, ProviderRequest } from "#core/providers/provider.ts";
import { urlOf } from "#core/providers/provider.ts";
import type { Series } from "#core/rates/series.ts";
import { SECRETS } from "../../tools/simulators/providers/mount.ts";
import type { Simulator } from "../../tools/simulators/server.ts";

/** A provider read from the simulator as the worker reads the real one: by its own adapter. */

/** A fetch that had no body to parse. */
export interface DamagedBody {
  ok: false;
  error: ProviderError | { kind: "damaged_body" };
}

export interface ReadSettings {
  series?: readonly Series[];
  /** Which of the requests to send, if not all. */
  only?: (requests: ProviderRequest[]) => ProviderRequest[];
}

/** Sends the requests of a provider for `span`, and parses the responses. */
export async function readProvider(
  simulator: Simulator,
  provider: Provider,
  span: DateSpan,
  nowMs: number,
  { series = provider.series, only = (requests) => requests }: ReadSettings = {},
): Promise<(ParseResult | DamagedBody)[]> {
  const want = { series, span };
  const secret = (SECRETS as Record<string, string | undefined>)[provider.id];
  const results: (ParseResult | DamagedBody)[] = [];
  for (const request of only(provider.requests(want, { nowMs, hasSecret: secret !== undefined }))) {
    const placed = secret === undefined ? {} : provider.secret?.place(secret);
    const query = { ...request.query, ...placed?.query };
    const url = urlOf(`${simulator.url}/${provider.id}`, { ...request, query });
    const response = await fetch(url, { headers: { ...request.headers, ...placed?.headers } });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const body = await decodeBody(bytes, request.encoding, provider.maxBodyBytes).catch(() => undefined);
    if (body === undefined) results.push({ ok: false, error: { kind: "damaged_body" } });
    else
      results.push(provider.parse({ status: response.status, headers: response.headers, body }, request.want, nowMs));
  }
  return results;
}

/** "ecb.USD 2024-02-27 1.0856", one line for each observation, sorted; fails the test if a response was refused. */
export function linesOf(results: readonly (ParseResult | DamagedBody)[]): string[] {
  const lines = results.flatMap((result) => {
    if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
    return result.series.flatMap(({ series, observations }) =>
      observations.map(([moment, value]) => `${series} ${moment} ${value}`),
    );
  });
  return lines.sort();
}

/** "ecb.USD: reason", one line for each series that was refused. */
export function faultsOf(results: readonly (ParseResult | DamagedBody)[]): string[] {
  return results.flatMap((result) =>
    result.ok ? result.faults.map(({ series, reason }) => `${series}: ${reason}`) : [],
  );
}

/** Tells one provider to misbehave; an empty list ends it. */
export async function setProviderFaults(simulator: Simulator, id: string, faults: unknown): Promise<Response> {
  return fetch(`${simulator.url}/${id}/__faults`, { method: "PUT", body: JSON.stringify(faults) });
}
