import type { Leg, Route } from "../rates/route.ts";
import type { Series } from "../rates/series.ts";
import type { Publication } from "../time/publication.ts";
import type { Provider } from "./provider.ts";

/** Computed rates have so many significant digits, and 8 decimals at least. */
const DERIVED_DIGITS = 8;

/** The routes within one provider. */
export class Links {
  readonly #provider: Provider;
  readonly #codes: ReadonlySet<string>;
  readonly #inUse: ReadonlySet<string>;
  /** Series by the two currencies in either order; one in use comes first. */
  readonly #series = new Map<string, Series>();

  constructor(provider: Provider) {
    this.#provider = provider;
    const listed = provider.series.filter(({ side }) => side !== "buy");
    this.#codes = new Set(listed.flatMap(codesOf));
    this.#inUse = new Set(listed.filter(isInUse).flatMap(codesOf));
    for (const series of [...listed.filter(isInUse), ...listed.filter((one) => !isInUse(one))]) {
      const { base, quote } = series;
      if (!this.#series.has(`${base}:${quote}`)) this.#series.set(`${base}:${quote}`, series);
    }
  }

  hasBoth(base: string, quote: string): boolean {
    return this.#codes.has(base) && this.#codes.has(quote);
  }

  hasBothInUse(base: string, quote: string): boolean {
    return this.#inUse.has(base) && this.#inUse.has(quote);
  }

  /** Whether there is a series of the two, in either direction. */
  publishes(base: string, quote: string): boolean {
    return this.#leg(base, quote) !== undefined;
  }

  route(base: string, quote: string): Route | undefined {
    const legs = this.#legs(base, quote);
    if (legs === undefined) return undefined;
    const series = legs.length > 0 ? legs.map((leg) => leg.series) : this.#datesOf(base);
    const { id, publication, derivedDigits = DERIVED_DIGITS } = this.#provider;
    return {
      base,
      quote,
      provider: id,
      legs,
      parities: [],
      series,
      publication: rarest(series.map((one) => one.publication ?? publication)) ?? publication,
      derivedDigits,
    };
  }

  #legs(base: string, quote: string): Leg[] | undefined {
    if (!this.hasBoth(base, quote)) return undefined;
    if (base === quote) return [];
    const direct = this.#leg(base, quote);
    if (direct) return [direct];
    const overPivot = this.#over(this.#provider.pivot, base, quote);
    if (overPivot) return overPivot;
    for (const via of this.#codes) {
      const legs = this.#over(via, base, quote);
      if (legs) return legs;
    }
    return undefined;
  }

  #over(via: string, base: string, quote: string): Leg[] | undefined {
    const [first, second] = [this.#leg(base, via), this.#leg(via, quote)];
    return first && second && [first, second];
  }

  #leg(base: string, quote: string): Leg | undefined {
    const series = this.#series.get(`${base}:${quote}`);
    if (series) return { series, inverse: false };
    const reverse = this.#series.get(`${quote}:${base}`);
    return reverse && { series: reverse, inverse: true };
  }

  /** A currency in itself is 1 on each day of its own series; the pivot has the first one's days. */
  #datesOf(code: string): Series[] {
    const all = [...this.#series.values()];
    const own = this.#provider.pivot === code ? all[0] : all.find((one) => codesOf(one).includes(code));
    return own ? [own] : [];
  }
}

function isInUse({ until }: Series): boolean {
  return until === undefined;
}

/** The two currencies of a series. */
export function codesOf({ base, quote }: Series): string[] {
  return [base, quote];
}

/** Of several publications that a rate needs the weekly one decides: its dates are the fewest. */
function rarest(publications: readonly Publication[]): Publication | undefined {
  return publications.find(({ weekday }) => weekday !== undefined) ?? publications[0];
}
