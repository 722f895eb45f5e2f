import { later, type PlainDate } from "../time/dates.ts";

/** One published series: pesos per one unit of `base`, by determination date. */
export interface Series {
  /** "{provider}.{id at the provider}" */
  id: string;
  provider: "banxico";
  /** The provider's own id, e.g. "SF43718". */
  providerId: string;
  base: string;
  quote: "MXN";
  /** The first date with an observation, and so the earliest that can be requested. */
  firstDate: PlainDate;
  cadence: "bank_day";
  /** The largest plausible move from one bank day to the next, as |ln(new / old)|: above the largest since 1996. */
  maxMove: number;
  /** Words that the provider's title must hold: public code often swaps JPY and GBP. Lower case, no accents. */
  titleWords: readonly string[];
  /** What users of the rates must know. */
  note?: string;
}

/** What is served. A further Banxico series is one more entry here. Source: Banxico's SIE catalogue. */
export const SERIES: readonly Series[] = [
  // The largest moves since 1996: USD 7.4 % on 2016-11-09, the others on 2008-10-10 (EUR 10.5 %, JPY 12.8 %).
  series("SF43718", "USD", "1991-11-12", 0.1, ["dolar", "fix"]),
  series("SF46410", "EUR", "1999-01-04", 0.15, ["euro"]),
  series("SF46406", "JPY", "1992-11-16", 0.15, ["yen"], "Published with four significant digits."),
  series("SF46407", "GBP", "1992-11-16", 0.12, ["libra", "esterlina"]),
  series("SF60632", "CAD", "1992-11-16", 0.12, ["dolar", "canadiense"]),
];

/** The currency that every series is quoted in. */
export const PIVOT = "MXN";

export const ATTRIBUTION = "Banco de México";

const byId = new Map(SERIES.map((entry) => [entry.id, entry]));
const byBase = new Map(SERIES.map((entry) => [entry.base, entry]));

export const CURRENCIES: readonly string[] = [PIVOT, ...byBase.keys()].sort();

export function findSeries(id: string): Series | undefined {
  return byId.get(id);
}

/**
 * How the rate of a pair is computed: (numerator or 1) / (denominator or 1), both on the same date.
 * USD/MXN has only a numerator, MXN/USD only a denominator, EUR/USD both, and USD/USD the same series twice.
 */
export interface Pair {
  base: string;
  quote: string;
  numerator?: Series;
  denominator?: Series;
}

/** The pair, or undefined if a currency is not served. */
export function resolvePair(base: string, quote: string): Pair | undefined {
  if (!CURRENCIES.includes(base) || !CURRENCIES.includes(quote)) return undefined;
  if (base === quote) {
    // MXN/MXN is 1 on every day with a fixing, so it uses the first series' dates.
    const dates = byBase.get(base) ?? SERIES[0];
    return { base, quote, numerator: dates, denominator: dates };
  }
  const numerator = byBase.get(base);
  const denominator = byBase.get(quote);
  return { base, quote, ...(numerator && { numerator }), ...(denominator && { denominator }) };
}

/** The different series behind a pair: one or two. */
export function legsOf(pair: Pair): Series[] {
  return [...new Set([pair.numerator, pair.denominator])].filter((leg) => leg !== undefined);
}

/** The first date on which the pair has a rate. */
export function firstDateOf(pair: Pair): PlainDate {
  return legsOf(pair).reduce((latest, leg) => later(latest, leg.firstDate), "");
}

/** Whether Banxico publishes the pair itself, rather than it being computed from what Banxico publishes. */
export function isPublished(pair: Pair): boolean {
  return pair.denominator === undefined;
}

function series(
  providerId: string,
  base: string,
  firstDate: PlainDate,
  maxMove: number,
  titleWords: string[],
  note?: string,
): Series {
  const id = `banxico.${providerId}`;
  return {
    id,
    provider: "banxico",
    providerId,
    base,
    quote: "MXN",
    firstDate,
    cadence: "bank_day",
    maxMove,
    titleWords,
    ...(note && { note }),
  };
}
