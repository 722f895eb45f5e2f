import { PROVIDERS } from "#core/providers/provider-list.ts";

/** Rows of the table `series`: of all providers, whichever of them a deployment reads. */
export const SERIES_ROWS = PROVIDERS.flatMap(({ series }) =>
  series.map(({ id, provider, base, quote }) => ({ id, provider, base, quote })),
);
