import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeCurrency, minorUnitsOf } from "#core/money/currency.ts";
import {
  CURRENCIES,
  findSeries,
  firstDateOf,
  isPublished,
  legsOf,
  PIVOT,
  resolvePair,
  SERIES,
} from "#core/rates/series.ts";
import { isPlainDate } from "#core/time/dates.ts";

const codes = fc.constantFrom(...CURRENCIES);

/** The pair's legs, as the provider names them. */
function legs(base: string, quote: string) {
  const pair = resolvePair(base, quote);
  return [pair?.numerator?.providerId, pair?.denominator?.providerId];
}

describe("the registry", () => {
  it("holds the five series of Banxico, JPY and GBP the right way round", () => {
    expect(Object.fromEntries(SERIES.map(({ base, providerId }) => [base, providerId]))).toEqual({
      USD: "SF43718",
      EUR: "SF46410",
      JPY: "SF46406",
      GBP: "SF46407",
      CAD: "SF60632",
    });
    expect(findSeries("banxico.SF46406")?.titleWords).toEqual(["yen"]);
    expect(findSeries("banxico.SF46407")?.titleWords).toEqual(["libra", "esterlina"]);
  });

  it("knows each series by one id, with a first date that exists", () => {
    for (const series of SERIES) {
      expect(findSeries(series.id)).toBe(series);
      expect(isPlainDate(series.firstDate)).toBe(true);
      expect(series.titleWords.every((word) => /^[a-z]+$/.test(word))).toBe(true);
    }
    expect(new Set(SERIES.map(({ id }) => id)).size).toBe(SERIES.length);
  });

  it.each(["banxico.SF0", "SF43718", "", "__proto__", "constructor"])("knows no series %j", (id) =>
    expect(findSeries(id)).toBeUndefined(),
  );
});

describe("resolvePair", () => {
  it.each([
    ["USD", "MXN", "SF43718", undefined],
    ["MXN", "USD", undefined, "SF43718"],
    ["EUR", "USD", "SF46410", "SF43718"],
    ["JPY", "GBP", "SF46406", "SF46407"],
    ["USD", "USD", "SF43718", "SF43718"],
    ["JPY", "JPY", "SF46406", "SF46406"],
    ["MXN", "MXN", "SF43718", "SF43718"],
  ])("makes %s/%s of %s over %s", (base, quote, numerator, denominator) =>
    expect(legs(base, quote)).toEqual([numerator, denominator]),
  );

  it("turns round with the pair", () => {
    fc.assert(
      fc.property(codes, codes, (base, quote) => void expect(legs(quote, base)).toEqual(legs(base, quote).reverse())),
    );
  });

  it("reads one series or two, from the later of their first dates", () => {
    fc.assert(
      fc.property(codes, codes, (base, quote) => {
        const pair = resolvePair(base, quote);
        if (!pair) throw new Error("a served pair resolves");
        const read = legsOf(pair);
        expect(read.length).toBe(base !== quote && base !== PIVOT && quote !== PIVOT ? 2 : 1);
        expect(new Set(read).size).toBe(read.length);
        expect(firstDateOf(pair)).toBe(
          read
            .map(({ firstDate }) => firstDate)
            .sort()
            .at(-1),
        );
        expect(isPublished(pair)).toBe(quote === PIVOT && base !== PIVOT);
      }),
    );
  });

  it.each(["CHF", "usd", "US", "", " USD", "__proto__", "constructor", "toString"])("refuses %j", (code) => {
    expect(resolvePair(code, "MXN")).toBeUndefined();
    expect(resolvePair("USD", code)).toBeUndefined();
  });
});

describe("currencies", () => {
  it("have the minor units of ISO 4217", () => {
    expect(Object.fromEntries(CURRENCIES.map((code) => [code, minorUnitsOf(code)]))).toEqual({
      CAD: 2,
      EUR: 2,
      GBP: 2,
      JPY: 0,
      MXN: 2,
      USD: 2,
    });
    // Asked again, the answer is the same.
    expect(minorUnitsOf("JPY")).toBe(0);
  });

  it("have a name in English and in Spanish", () => {
    for (const code of CURRENCIES) {
      const { name } = describeCurrency(code);
      expect(name.en).not.toBe(code);
      expect(name.es).not.toBe(code);
    }
    expect(describeCurrency("MXN").name).toEqual({ en: "Mexican Peso", es: "peso mexicano" });
  });
});
