import { describe, expect, it } from "vitest";
import { banxico } from "#core/providers/banxico.ts";
import { bdi } from "#core/providers/bdi.ts";
import { ecb } from "#core/providers/ecb.ts";
import { nbp } from "#core/providers/nbp.ts";
import { PARITIES } from "#core/providers/parities.ts";
import {
  currenciesOf,
  defaultProviderOf,
  findProvider,
  findSeries,
  PROVIDERS,
  providersOf,
} from "#core/providers/provider-list.ts";
import { isPlainDate } from "#core/time/dates.ts";

const codes = (id: string) => currenciesOf(findProvider(id) as (typeof PROVIDERS)[number]).length;

describe("the list of providers", () => {
  it("has unique ids for providers and series", () => {
    const ids = PROVIDERS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const series = PROVIDERS.flatMap((provider) => provider.series);
    expect(new Set(series.map(({ id }) => id)).size).toBe(series.length);
    expect(findProvider("ecb")).toBe(ecb);
    expect(findSeries("nbp.USD")).toMatchObject({ base: "USD", quote: "PLN" });
    expect(findProvider("toString") ?? findSeries("constructor")).toBeUndefined();
  });

  it("serves the currencies that its banks publish, pivot included", () => {
    const expected = { banxico: 6, ecb: 42, bdi: 155, nbp: 149, boc: 24, bcb: 11, banrep: 2, bcch: 3, bcra: 35 };
    const actual = Object.keys(expected).map((id) => [id, codes(id)]);
    expect(Object.fromEntries(actual)).toEqual(expected);
    expect([codes("norges"), codes("riksbank"), codes("cbr"), codes("exchangerate-api")]).toEqual([37, 30, 55, 166]);
  });

  it("serves all 166 of the aggregator's currencies without it", () => {
    const own = PROVIDERS.filter(({ isPrivate }) => !isPrivate).flatMap(currenciesOf);
    const served = new Set([...own, ...PARITIES.map(({ code }) => code)]);
    expect(currenciesOf(findProvider("exchangerate-api") ?? ecb).filter((code) => !served.has(code))).toEqual([]);
  });

  it("keeps Banxico's series as they are stored", () => {
    for (const { id, providerId, base, quote, firstDate, note } of banxico.series)
      expect(findSeries(id)).toMatchObject({ id, providerId, base, quote, since: firstDate, ...(note && { note }) });
  });

  it.each(PROVIDERS)("describes $id in full", (provider) => {
    const { name, attribution, licence, series, horizonDays, firstDate, pivot, publication } = provider;
    for (const text of [name.en, name.es, attribution.en, attribution.es, licence.name]) expect(text).toMatch(/\S/);
    expect(URL.canParse(licence.url) && URL.canParse(provider.url)).toBe(true);
    expect(provider.url.endsWith("/")).toBe(false);
    expect(publication.at).toMatch(/^\d\d:\d\d$/);
    expect(publication.calendar.isExact || publication.toleranceDays >= 3).toBe(true);
    expect(horizonDays > 0).toBe(publication.dated !== "same_day");
    for (const one of series) {
      expect([one.base, one.quote]).toContain(pivot);
      expect(one.id).toMatch(new RegExp(`^${provider.id}\\.[A-Z0-9]+(\\.(sell|buy))?$`));
      expect(isPlainDate(one.since) && one.since >= firstDate).toBe(true);
      expect(one.until === undefined || (isPlainDate(one.until) && one.until > one.since)).toBe(true);
      expect(`${one.unit}`).toMatch(/^10*$/);
    }
  });
});

describe("the provider of a pair that names none", () => {
  it.each([
    ["USD", "MXN", "banxico"],
    ["MXN", "CAD", "banxico"],
    ["CHF", "MXN", "ecb"], // Banxico has no franc
    ["EUR", "USD", "ecb"],
    ["GBP", "JPY", "ecb"],
    ["USD", "CAD", "boc"],
    ["BRL", "CAD", "boc"],
    ["USD", "BRL", "bcb"],
    ["COP", "USD", "banrep"],
    ["CLP", "USD", "bcch"],
    ["ARS", "EUR", "bcra"],
    ["EUR", "PLN", "nbp"],
    ["USD", "KES", "bdi"],
    ["USD", "RUB", "cbr"],
    ["EUR", "COP", "bdi"], // Colombia's bank publishes the dollar only
    ["BYN", "USD", "nbp"], // Banca d'Italia has no value any more
    ["EUR", "CYP", "ecb"], // nobody has
    ["USD", "CNH", "bcra"],
    ["USD", "CLF", "bcch"],
  ])("%s/%s is %s", (base, quote, id) => {
    expect(defaultProviderOf(base, quote)?.id).toBe(id);
    expect(defaultProviderOf(quote, base)?.id).toBe(id);
  });

  it("is never a private one, which can be named", () => {
    expect(defaultProviderOf("USD", "FOK")).toBeUndefined();
    expect(providersOf("USD", "FOK").map(({ id }) => id)).toEqual(["exchangerate-api"]);
  });

  it("is one of those that a deployment has", () => {
    expect(defaultProviderOf("EUR", "PLN", [ecb, bdi])).toBe(ecb);
    expect(defaultProviderOf("EUR", "PLN", [bdi, nbp])).toBe(nbp);
    expect(defaultProviderOf("USD", "CAD", [findProvider("banxico") ?? ecb])?.id).toBe("banxico");
    expect(defaultProviderOf("USD", "RUB", [ecb, bdi, nbp])).toBe(nbp);
    expect(providersOf("EUR", "USD", [bdi, nbp])).toEqual([bdi, nbp]);
    expect(providersOf("EUR", "XXX")).toEqual([]);
  });
});
