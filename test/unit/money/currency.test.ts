import { describe, expect, it } from "vitest";
import { currencyCodes, describeCurrency, findCurrency, minorUnitsOf } from "#core/money/currency.ts";
import { PARITIES } from "#core/providers/parities.ts";
import { PROVIDERS } from "#core/providers/provider-list.ts";

const CURRENCY_CODES = currencyCodes();
const BY_HAND = "FOK GGP IMP JEP KID TVD".split(" ");
const withUnits = (units: number) => CURRENCY_CODES.filter((code) => findCurrency(code)?.minorUnits === units);

describe("currencies", () => {
  it("are those of all providers and parities", () => {
    const served = new Set([
      ...PROVIDERS.flatMap(({ series }) => series.flatMap(({ base, quote }) => [base, quote])),
      ...PARITIES.map(({ code }) => code),
    ]);
    expect(CURRENCY_CODES).toEqual([...served].sort());
    expect(findCurrency("XXX")).toBeUndefined();
  });

  it("bear the names of Unicode in both languages", () => {
    const [en, es] = ["en", "es-MX"].map((locale) => new Intl.DisplayNames(locale, { type: "currency" }));
    for (const code of CURRENCY_CODES.filter((one) => !BY_HAND.includes(one)))
      expect(findCurrency(code)?.name).toEqual({ en: en?.of(code), es: es?.of(code) });
    expect(findCurrency("FOK")?.name).toEqual({ en: "Faroese Króna", es: "corona feroesa" });
  });

  // ISO 4217, list one (and list three for the old lira).
  it("have ISO 4217's minor units", () => {
    expect(withUnits(0).join(" ")).toBe("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF TRL UGX VND VUV XAF XOF XPF");
    expect(withUnits(3).join(" ")).toBe("BHD IQD JOD KWD LYD OMR TND");
    expect(withUnits(4).join(" ")).toBe("CLF");
    expect(withUnits(2)).toHaveLength(CURRENCY_CODES.length - 17 - 7 - 1);
  });

  it("are described by their code where nothing is known", () => {
    expect(describeCurrency("MXN").name).toEqual({ en: "Mexican Peso", es: "peso mexicano" });
    expect(describeCurrency("XXX")).toEqual({ code: "XXX", name: { en: "XXX", es: "XXX" }, minorUnits: 2 });
    expect([minorUnitsOf("JPY"), minorUnitsOf("__proto__")]).toEqual([0, 2]);
  });
});
