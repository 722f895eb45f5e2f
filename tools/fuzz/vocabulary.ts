import { publicProviderIds } from "#core/api/parameters.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import type { Provider } from "#core/providers/provider.ts";

/** The currencies and providers that a deployment serves, which no schema lists. */
export interface Vocabulary {
  /** All that a currency may be, in upper case. */
  currencies: readonly string[];
  /** All that `provider` may be. */
  providers: readonly string[];
  banks: readonly Bank[];
}

/** A provider with the currencies that it has rates of in each other. */
export interface Bank {
  id: string;
  currencies: readonly string[];
  /** The first year of its calendar. */
  firstYear: number;
  /** The ids of its series. */
  series: readonly string[];
  /** Past instants, at which little or nothing was stored. */
  instants: readonly string[];
}

const LONG_AGO = ["1969-12-31T23:59:59Z", "2001-02-03T04:05:06.789-06:00"];

/** The vocabulary of the deployment at `url`. Throws if it does not list its providers. */
export async function vocabularyAt(url: string): Promise<Vocabulary> {
  const response = await fetch(`${url}/api/v1/providers`);
  if (!response.ok) throw new Error(`${url} does not list its providers: status ${response.status}`);
  const { providers } = (await response.json()) as { providers: { id: string }[] };
  const ids = providers.map(({ id }) => id);
  const log = (await (await fetch(`${url}/api/v1/events?limit=1`)).json()) as { events?: { occurred_at: string }[] };
  return vocabularyOf(
    ids,
    (log.events ?? []).map(({ occurred_at }) => occurred_at),
  );
}

/** The vocabulary of a deployment that has these providers, and stored something at these instants. */
export function vocabularyOf(ids: readonly string[], instants: readonly string[]): Vocabulary {
  const catalogue = catalogueFor("local", { ...DEFAULT_POLICY, PROVIDERS: ids });
  return {
    currencies: catalogue.currencies,
    providers: publicProviderIds(catalogue),
    banks: catalogue.providers.map((provider) => bankOf(provider, [...LONG_AGO, ...instants])),
  };
}

function bankOf({ id, series, publication }: Provider, instants: readonly string[]): Bank {
  const codes = series.filter(({ side }) => side !== "buy").flatMap(({ base, quote }) => [base, quote]);
  return {
    id,
    currencies: [...new Set(codes)].sort(),
    firstYear: publication.calendar.firstYear,
    series: series.map((one) => one.id),
    instants,
  };
}
