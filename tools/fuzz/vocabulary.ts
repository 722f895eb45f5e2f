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
}

/** The vocabulary of the deployment at `url`. Throws if it does not list its providers. */
export async function vocabularyAt(url: string): Promise<Vocabulary> {
  const response = await fetch(`${url}/api/v1/providers`);
  if (!response.ok) throw new Error(`${url} does not list its providers: status ${response.status}`);
  const { providers } = (await response.json()) as { providers: { id: string }[] };
  return vocabularyOf(providers.map(({ id }) => id));
}

/** The vocabulary of a deployment that has these providers. */
export function vocabularyOf(ids: readonly string[]): Vocabulary {
  const catalogue = catalogueFor("local", { ...DEFAULT_POLICY, PROVIDERS: ids });
  return {
    currencies: catalogue.currencies,
    providers: publicProviderIds(catalogue),
    banks: catalogue.providers.map(bankOf),
  };
}

function bankOf({ id, series, publication }: Provider): Bank {
  const codes = series.filter(({ side }) => side !== "buy").flatMap(({ base, quote }) => [base, quote]);
  return { id, currencies: [...new Set(codes)].sort(), firstYear: publication.calendar.firstYear };
}
