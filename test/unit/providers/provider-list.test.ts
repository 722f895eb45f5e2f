import { describe, expect, it } from "vitest";
import { ecb } from "#core/providers/ecb.ts";
import { PARITIES } from "#core/providers/parities.ts";
import type { Provider } from "#core/providers/provider.ts";
import { findProvider, findSeries, PROVIDERS } from "#core/providers/provider-list.ts";
import { isPlainDate } from "#core/time/dates.ts";

const currenciesOf = ({ series }: Provider) => [...new Set(series.flatMap(({ base, quote }) => [base, quote]))];
const codes = (id: string) => currenciesOf(findProvider(id) ?? ecb).length;

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

  it("keeps Banxico's series as they are stored, JPY and GBP the right way round", () => {
    const series = findProvider("banxico")?.series ?? [];
    expect(series.map(({ id, base, quote, since }) => [id, base, quote, since])).toEqual([
      ["banxico.SF43718", "USD", "MXN", "1991-11-12"],
      ["banxico.SF46410", "EUR", "MXN", "1999-01-04"],
      ["banxico.SF46406", "JPY", "MXN", "1992-11-16"],
      ["banxico.SF46407", "GBP", "MXN", "1992-11-16"],
      ["banxico.SF60632", "CAD", "MXN", "1992-11-16"],
    ]);
    expect(series.map(({ maxMove }) => maxMove)).toEqual([0.1, 0.15, 0.15, 0.12, 0.12]);
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
