import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidEnv } from "#core/ops/invalid-env.ts";
import { DEFAULT_POLICY } from "#core/ops/policy.ts";
import { banxico } from "#core/providers/banxico.ts";
import { catalogueFor } from "#core/providers/catalogue.ts";
import { PROVIDERS } from "#core/providers/provider-list.ts";
import { firstDateOf, isPublished } from "#core/rates/route.ts";
import { BANXICO, catalogue, routeOf } from "../catalogues.ts";

const ALL = catalogue([...PROVIDERS.filter(({ isPrivate }) => !isPrivate).map(({ id }) => id), "parities"]);
const codes = fc.constantFrom(...BANXICO.currencies);

/** A route as "EUR>MXN, MXN>USD": each leg in the direction in which it is used, "~" for an inverse. */
function legs(base: string, quote: string, among = BANXICO) {
  return among.route(base, quote)?.legs.map(({ series, inverse }) => `${inverse ? "~" : ""}${series.providerId}`);
}

describe("a route", () => {
  it.each([
    ["USD", "MXN", "SF43718"],
    ["MXN", "USD", "~SF43718"],
    ["EUR", "USD", "SF46410 ~SF43718"],
    ["JPY", "GBP", "SF46406 ~SF46407"],
    ["USD", "USD", ""],
  ])("makes %s/%s at Banxico of %s", (base, quote, expected) => expect(legs(base, quote)?.join(" ")).toBe(expected));

  it.each([
    ["EUR", "USD", "USD"],
    ["USD", "EUR", "~USD"],
    ["USD", "JPY", "~USD JPY"],
  ])("makes %s/%s at the ECB of %s", (base, quote, expected) =>
    expect(legs(base, quote, catalogue(["ecb"]))?.join(" ")).toBe(expected),
  );

  it("of a currency in itself has the dates of its own series", () => {
    expect(routeOf("JPY", "JPY").series.map(({ id }) => id)).toEqual(["banxico.SF46406"]);
    expect(routeOf("MXN", "MXN").series.map(({ id }) => id)).toEqual(["banxico.SF43718"]);
  });

  it("reads one series or two, from the later of their first dates", () => {
    fc.assert(
      fc.property(codes, codes, (base, quote) => {
        const route = routeOf(base, quote);
        expect(route.series.length).toBe(base !== quote && base !== "MXN" && quote !== "MXN" ? 2 : 1);
        expect(firstDateOf(route)).toBe(
          route.series
            .map(({ since }) => since)
            .sort()
            .at(-1),
        );
        expect(isPublished(route)).toBe(quote === "MXN" && base !== "MXN");
      }),
    );
  });

  it.each(["CHF", "usd", "US", "", " USD", "__proto__", "constructor", "toString"])("has no currency %j", (code) => {
    expect(BANXICO.route(code, "MXN")).toBeUndefined();
    expect(BANXICO.route("USD", code)).toBeUndefined();
  });

  it("never mixes providers, whatever the pair", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL.currencies), fc.constantFrom(...ALL.currencies), (base, quote) => {
        const route = ALL.route(base, quote);
        for (const { provider } of route?.series ?? []) expect(provider).toBe(route?.provider);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("parities", () => {
  it("tie a currency to another one's route", () => {
    const route = routeOf("GGP", "USD", ALL);
    expect(route).toMatchObject({ base: "GGP", quote: "USD", provider: "ecb" });
    expect(route.parities.map(({ parity, inverse }) => [parity.code, inverse])).toEqual([["GGP", true]]);
    expect(routeOf("USD", "FOK", ALL).parities).toMatchObject([{ inverse: false }]);
    expect(routeOf("GGP", "JEP", ALL)).toMatchObject({ legs: [], parities: [{}, {}] });
  });

  it("hold for what nobody publishes any more", () => {
    expect(routeOf("BGN", "EUR", ALL)).toMatchObject({ parities: [{ inverse: true }], legs: [] });
    expect(ALL.route("BGN", "EUR", "ecb")?.legs).toHaveLength(1);
    expect(ALL.route("BGN", "EUR", undefined, "2025-12-31")).toMatchObject({ provider: "ecb", parities: [] });
    expect(ALL.route("BGN", "EUR", undefined, "2026-01-01")).toMatchObject({ parities: [{ inverse: true }], legs: [] });
    expect(ALL.route("GGP", "EUR", undefined, "1920-12-31")?.parities).toHaveLength(1);
    expect(ALL.route("BGN", "EUR", "before")).toBeUndefined();
  });

  it("are there only where they are switched on", () => {
    expect(catalogue(["ecb"]).route("GGP", "USD")).toBeUndefined();
    expect(catalogue(["ecb"]).currencies).not.toContain("GGP");
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
    expect(ALL.route(base, quote)?.provider).toBe(id);
    expect(ALL.route(quote, base)?.provider).toBe(id);
  });

  it("is one of those that a deployment has", () => {
    expect(catalogue(["ecb", "bdi"]).route("EUR", "PLN")?.provider).toBe("ecb");
    expect(catalogue(["bdi", "nbp"]).route("EUR", "PLN")?.provider).toBe("nbp");
    expect(catalogue(["banxico"]).route("USD", "CAD")?.provider).toBe("banxico");
    expect(catalogue(["ecb", "bdi", "nbp"]).route("USD", "RUB")?.provider).toBe("nbp");
    expect(
      catalogue(["bdi", "nbp"])
        .providersOf("EUR", "USD")
        .map(({ id }) => id),
    ).toEqual(["nbp", "bdi"]);
  });
});

describe("what a deployment has", () => {
  it("is in production what may be redistributed, and what is named", () => {
    const idsIn = (environment: string, PROVIDERS?: string[]) =>
      catalogueFor(environment, { ...DEFAULT_POLICY, PROVIDERS }).providers.map(({ id }) => id);
    const [main, ...others] = idsIn("prd");
    expect(main).toBe("banxico");
    for (const id of others) expect(PROVIDERS.find((one) => one.id === id)?.licence.redistribution, id).toBe("yes");
    expect(others).toContain("ecb");
    expect(idsIn("prd", ["banxico", "ecb"])).toEqual(["banxico", "ecb"]);
    expect(idsIn("local")).toContain("banxico");
    expect(idsIn("local")).not.toContain("exchangerate-api");
  });

  it("serves a private provider to none but those who may read it", () => {
    const PROVIDERS_NAMED = ["ecb", "exchangerate-api"];
    const deployed = catalogueFor("stg", { ...DEFAULT_POLICY, PROVIDERS: PROVIDERS_NAMED });
    expect(deployed.findProvider("exchangerate-api")).toBeDefined();
    expect(deployed.route("USD", "FOK") ?? deployed.route("USD", "EUR", "exchangerate-api")).toBeUndefined();
    expect(deployed.opened.route("USD", "EUR", "exchangerate-api")).toBeDefined();
  });

  it("must exist", () => {
    for (const id of ["constructor", "ebc"]) expect(() => catalogue([id])).toThrow(InvalidEnv);
    expect(() => catalogue(["parities"])).toThrow(InvalidEnv);
    const EXTRA_CLOSURES = new Map([["ebc", new Set(["2026-11-30"])]]);
    expect(() => catalogue(["ecb"], { EXTRA_CLOSURES })).toThrow(/ebc/);
  });

  it("knows the closures that operators declare, and the grace of the default provider", () => {
    const EXTRA_CLOSURES = new Map([["banxico", new Set(["2026-11-30"])]]);
    const { main } = catalogue(["banxico"], { EXTRA_CLOSURES, PUBLICATION_GRACE_MS: 1 });
    expect([...main.publication.calendar.closures].sort()).toEqual(["2010-09-17", "2026-11-30"]);
    expect(main.publication.graceMinutes * 60_000).toBeCloseTo(1);
    expect(banxico.publication.calendar.closures.has("2026-11-30")).toBe(false);
  });
});
