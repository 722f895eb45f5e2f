import { earlier, later, type PlainDate } from "../time/dates.ts";
import type { Publication } from "../time/publication.ts";
import type { Series } from "./series.ts";

/** A published series as one factor of a pair's rate. */
export interface Leg {
  series: Series;
  /** The rate is divided by the series' values instead of multiplied. */
  inverse: boolean;
}

/** A currency whose value in another is fixed by law: exact, and without a date of its own. */
export interface Parity {
  code: string;
  anchor: string;
  /** Units of `code` that are one unit of `anchor`, as the law writes it. */
  perAnchor: string;
  authority: string;
  source: string;
  since: PlainDate;
  /** For a currency that is no longer legal tender: its last day. The parity holds for conversions of what was in it. */
  retiredOn?: PlainDate;
  successor?: string;
}

/** A parity as a factor: `inverse` where the base is the currency with the parity. */
export interface ParityFactor {
  parity: Parity;
  inverse: boolean;
}

/**
 * How the rate of a pair is computed: from 0 to 2 legs of one provider, all of the same date, and parities. EUR/PLN at
 * the ECB is one leg, PLN/EUR its inverse, USD/PLN two; a currency in itself has none.
 */
export interface Route {
  base: string;
  quote: string;
  /** The provider's id. */
  provider: string;
  legs: readonly Leg[];
  parities: readonly ParityFactor[];
  /** The series that are read: those of the legs, or the one whose dates count if there are none. */
  series: readonly Series[];
  publication: Publication;
  /** A computed rate has this many significant digits, and at least 8 decimals. */
  derivedDigits: number;
}

/** Whether the provider publishes the pair itself, rather than it being computed from what the provider publishes. */
export function isPublished({ legs: [leg, ...others], parities }: Route): boolean {
  return leg !== undefined && !leg.inverse && others.length === 0 && parities.length === 0;
}

/** The first date on which the pair has a rate. */
export function firstDateOf({ series, parities }: Route): PlainDate {
  const dates = [...series, ...parities.map(({ parity }) => parity)].map(({ since }) => since);
  return dates.reduce(later, "");
}

/** The last date on which the pair has a rate, if one of its series has ended. */
export function lastDateOf({ series }: Pick<Route, "series">): PlainDate | undefined {
  return series
    .flatMap(({ until }) => until ?? [])
    .reduce<PlainDate | undefined>((first, until) => (first === undefined ? until : earlier(first, until)), undefined);
}
