import type { SeriesHealth } from "./health.ts";

/** The health of one provider's series together, as metrics show it. */
export interface ProviderHealth {
  provider: string;
  /** Of the series furthest behind; undefined if no series is known. */
  publicationsMissed: number | undefined;
  /** The newest date of the series furthest behind, as seconds from the epoch to its midnight UTC. */
  newestValueSeconds: number | undefined;
  /** Values that wait for confirmation or for a person. */
  waiting: number;
}

/** The series of a health report by provider, in the order of the series. */
export function providerHealthOf(series: readonly SeriesHealth[]): ProviderHealth[] {
  const byProvider = Map.groupBy(series, ({ id }) => id.slice(0, id.indexOf(".")));
  return Array.from(byProvider, ([provider, ofProvider]) => {
    const missed = ofProvider.flatMap(({ publishes_missed }) => publishes_missed ?? []);
    const dates = ofProvider.flatMap(({ latest }) => (latest === null ? [] : Date.parse(latest) / 1_000));
    return {
      provider,
      publicationsMissed: missed.length === 0 ? undefined : Math.max(...missed),
      newestValueSeconds: dates.length === 0 ? undefined : Math.min(...dates),
      waiting: ofProvider.reduce((sum, { waiting }) => sum + waiting, 0),
    };
  });
}
