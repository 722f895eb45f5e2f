import type { Breaker } from "../ops/breaker.ts";
import type { Board } from "../pages/board.ts";
import type { Provider } from "../providers/provider.ts";
import { freshnessOf, outlookAt } from "../rates/freshness.ts";
import type { PlainDate } from "../time/dates.ts";

/** current: nothing is missed. behind: a publication was missed. missing: there is no value. unknown: not read in time. */
export type FreshnessState = "current" | "behind" | "missing" | "unknown";

export type BreakerState = Breaker["state"] | "unknown";

/** What a host knows of one provider. */
export interface ProviderFacts {
  provider: Provider;
  /** undefined: it could not be read in time. */
  board: Board | undefined;
  breaker: BreakerState;
}

/** The health of one provider, as `GET /health` shows it. */
export interface ProviderHealth {
  id: string;
  /** Of the series that is furthest behind. */
  state: FreshnessState;
  /** The newest date that it has a value of. */
  latest: PlainDate | null;
  /** The date of the newest value that is due. */
  expected: PlainDate;
  /** By the series that is furthest behind; null if no series has a value. */
  publishes_missed: number | null;
  /** How many of its series missed a publication. */
  series_behind: number;
  /** How many of its series have no value at all. */
  series_missing: number;
  circuit_breaker: BreakerState;
}

/** The health of a provider at an instant, in epoch milliseconds: series that have ended, or not begun, do not count. */
export function providerHealthOf({ provider, board, breaker }: ProviderFacts, nowMs: number): ProviderHealth {
  const outlook = outlookAt(provider.publication, nowMs);
  const { expected, today } = outlook;
  const health = { id: provider.id, expected, circuit_breaker: breaker };
  if (board === undefined)
    return { ...health, state: "unknown", latest: null, publishes_missed: null, series_behind: 0, series_missing: 0 };
  const inUse = provider.series.filter(
    ({ since, until }) => since < expected && (until === undefined || until > today),
  );
  const dates = inUse.flatMap((series) => {
    const date = board.values[series.id]?.[0].slice(0, 10);
    return date === undefined ? [] : [{ series, date }];
  });
  const outlooks = new Map([[provider.publication, outlook]]);
  const missed = dates.map(({ series, date }) => {
    const publication = series.publication ?? provider.publication;
    const own = outlooks.get(publication) ?? outlookAt(publication, nowMs);
    outlooks.set(publication, own);
    return freshnessOf(date, own).publicationsMissed;
  });
  const worst = missed.length === 0 ? null : Math.max(...missed);
  return {
    ...health,
    state: worst === null && inUse.length > 0 ? "missing" : (worst ?? 0) > 0 ? "behind" : "current",
    latest: dates.reduce<PlainDate | null>(
      (newest, { date }) => (newest === null || date > newest ? date : newest),
      null,
    ),
    publishes_missed: worst,
    series_behind: missed.filter((count) => count > 0).length,
    series_missing: inUse.length - dates.length,
  };
}
