import Big from "big.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDecimal, parseDecimal } from "#core/money/decimal.ts";
import {
  convertAmount,
  dailyRates,
  type Fixing,
  fixingsOf,
  inForceOn,
  newestFixing,
  rateOf,
} from "#core/rates/fixing.ts";
import type { Route } from "#core/rates/route.ts";
import { addDays, daysBetween } from "#core/time/dates.ts";
import { dates, fixed, fixingLists, observationLists, rates } from "../arbitraries.ts";
import { routeOf } from "../catalogues.ts";

/** The rate of a day with these values, one for each of the route's series. */
const rateFrom = (route: Route, ...values: string[]) => rateOf({ date: "2023-12-29", values }, route);

const [USD_MXN, MXN_USD] = [routeOf("USD", "MXN"), routeOf("MXN", "USD")];
const [EUR_MXN, EUR_USD, USD_EUR] = [routeOf("EUR", "MXN"), routeOf("EUR", "USD"), routeOf("USD", "EUR")];

/** The quotient by big.js, with 8 decimals or as many significant digits as are asked for, whichever is more. */
function derived(above: string, below: string, digits = 6): string {
  const Exact = Big();
  Exact.DP = 60;
  const quotient = new Exact(above).div(below);
  const decimals = Math.max(8, digits - 1 - quotient.e);
  return quotient.round(decimals, Big.roundHalfEven).toFixed(decimals);
}

/** Rates of a size that money has: an inverse of 8 decimals keeps four digits of them. */
const plausible = fc
  .integer({ min: 10_000, max: 5_000_000 })
  .map((units) => formatDecimal({ units: BigInt(units), scale: 4 }));

describe("rateOf", () => {
  it("is the published text where the pair is published", () => {
    fc.assert(fc.property(rates, (value) => void expect(rateFrom(USD_MXN, value)).toBe(value)));
  });

  it("is the vectors of Banxico's own figures", () => {
    expect(rateFrom(EUR_USD, "20.5536", "17.9218")).toBe("1.14684909");
    expect(rateFrom(MXN_USD, "17.9218")).toBe("0.05579797");
  });

  it("is computed and rounded once, half-even, to 8 decimals, and at Banxico to 6 significant digits at least", () => {
    fc.assert(
      fc.property(rates, rates, (numerator, denominator) => {
        const expected = derived(numerator, denominator);
        expect(rateFrom(EUR_USD, numerator, denominator)).toBe(expected);
        const inverse = derived("1", denominator);
        expect(rateFrom(MXN_USD, denominator)).toBe(inverse);
      }),
    );
  });

  it("comes back to 1 at four decimals, there and back", () => {
    fc.assert(
      fc.property(plausible, plausible, (euro, dollar) => {
        const there = new Big(rateFrom(USD_MXN, dollar));
        const back = rateFrom(MXN_USD, dollar);
        expect(there.times(back).toFixed(4)).toBe("1.0000");
        fc.pre(new Big(euro).div(dollar).gt("0.01") && new Big(euro).div(dollar).lt("100"));
        const cross = new Big(rateFrom(EUR_USD, euro, dollar));
        const crossBack = rateFrom(USD_EUR, dollar, euro);
        expect(cross.times(crossBack).toFixed(4)).toBe("1.0000");
      }),
    );
  });

  it("closes the triangle: EUR/USD times USD/MXN is EUR/MXN", () => {
    fc.assert(
      fc.property(plausible, plausible, (euro, dollar) => {
        const cross = new Big(rateFrom(EUR_USD, euro, dollar));
        const direct = rateFrom(EUR_MXN, euro);
        // The cross is off by half a unit of its last decimal at most.
        const allowed = new Big(dollar).times("0.000000005");
        expect(cross.times(dollar).minus(direct).abs().lte(allowed)).toBe(true);
      }),
    );
  });

  it("is 1 for a currency in itself", () => {
    for (const code of ["USD", "MXN", "JPY"]) expect(rateFrom(routeOf(code, code), "3")).toBe("1");
  });
});

describe("fixingsOf", () => {
  const bounds = dates("1999-06-01", "2020-12-31");

  it("has the dates that every leg has, within the bounds", () => {
    fc.assert(
      fc.property(observationLists(4), observationLists(4), bounds, bounds, (above, below, from, to) => {
        const legs = [above, below];
        const other = new Map(below);
        const expected = above
          .filter(([date]) => date >= from && date <= to && other.has(date))
          .map(([date, value]) => ({ date, values: [value, other.get(date)] }));
        expect(fixingsOf(legs, from, to)).toEqual(expected);
        expect(newestFixing(legs, to)).toEqual(fixingsOf(legs, "0000-01-01", to).at(-1));
      }),
    );
  });

  it("has the dates of a single leg", () => {
    fc.assert(
      fc.property(observationLists(), bounds, bounds, (list, from, to) => {
        const inside = list.filter(([date]) => date >= from && date <= to);
        expect(fixingsOf([list], from, to)).toEqual(inside.map(([date, value]) => ({ date, values: [value] })));
        expect(newestFixing([list], to)).toEqual(fixingsOf([list], "0000-01-01", to).at(-1));
      }),
    );
  });

  it("never mixes dates, where the legs' latest differ", () => {
    const numerator = [
      ["2023-12-27", "18.7"],
      ["2023-12-28", "18.8"],
    ] as const;
    const denominator = [
      ["2023-12-27", "16.9"],
      ["2023-12-29", "17.0"],
    ] as const;
    expect(newestFixing([numerator, denominator], "2023-12-31")).toEqual({
      date: "2023-12-27",
      values: ["18.7", "16.9"],
    });
  });

  it("is empty without legs", () => {
    expect(fixingsOf([], "0000-01-01", "9999-12-31")).toEqual([]);
    expect(newestFixing([], "9999-12-31")).toBeUndefined();
  });
});

/** The rate in force, told from every fixing and every day. */
function plainlyInForce(fixings: readonly Fixing[], date: string): Fixing | undefined {
  const candidates = fixings.filter((fixing) => fixing.date <= date && daysBetween(fixing.date, date) <= 14);
  return candidates[candidates.length - 1];
}

describe("a rate in force", () => {
  it("is that of the date, or carried at most 14 days", () => {
    fc.assert(
      fc.property(fixingLists(40), dates("1999-12-01", "2004-01-01"), (fixings, date) => {
        expect(inForceOn(fixings, date)).toEqual(plainlyInForce(fixings, date));
      }),
    );
    const only = { date: "2023-12-01", values: ["17.2"] };
    expect(inForceOn([only], "2023-12-15")).toBe(only);
    expect(inForceOn([only], "2023-12-16")).toBeUndefined();
    expect(inForceOn([only], "2023-11-30")).toBeUndefined();
  });

  it("is the same day by day", () => {
    fc.assert(
      fc.property(fixingLists(40, 12), dates("1999-12-01", "2001-12-31"), fc.nat(500), (fixings, from, length) => {
        const to = addDays(from, length);
        const expected: { date: string; fixing: Fixing }[] = [];
        for (let date = from; date <= to; date = addDays(date, 1)) {
          const fixing = plainlyInForce(fixings, date);
          if (fixing) expected.push({ date, fixing });
        }
        expect(dailyRates(fixings, from, to)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("is found at once however long the period", () => {
    const days = dailyRates([{ date: "2023-12-29", values: ["16.9190"] }], "0000-01-01", "9999-12-31");
    expect([days.length, days.at(-1)?.date]).toEqual([15, "2024-01-12"]);
    expect(dailyRates([], "0000-01-01", "9999-12-31")).toEqual([]);
  });
});

describe("convertAmount", () => {
  it("rounds once, half up, from the unrounded rate", () => {
    const Exact = Big();
    Exact.RM = Big.roundHalfUp;
    fc.assert(
      fc.property(fixed, rates, rates, fc.constantFrom(0, 2), (amount, numerator, denominator, scale) => {
        Exact.DP = scale;
        const expected = new Exact(formatDecimal(amount)).times(numerator).div(denominator).toFixed(scale);
        const converted = convertAmount(
          amount,
          { date: "2023-12-29", values: [numerator, denominator] },
          EUR_USD,
          scale,
        );
        expect(new Big(formatDecimal(converted)).eq(expected)).toBe(true);
      }),
    );
  });

  it.each([
    ["100.10", ["16.9190"], 2, "1693.59"],
    ["0.005", ["1.0000"], 2, "0.01"],
    ["-0.005", ["1.0000"], 2, "-0.01"],
    ["1.5", ["1", "3"], 0, "1"], // 0.5, away from zero
    ["123456789012345678901234567890", ["16.9190"], 2, "2088765413299876541329987654130.91"],
  ])("converts %s at %o to %s decimals: %s", (amount, values, scale, expected) => {
    const route = values.length === 1 ? USD_MXN : EUR_USD;
    const converted = convertAmount(parseDecimal(amount), { date: "2023-12-29", values }, route, scale);
    expect(formatDecimal(converted)).toBe(expected);
  });
});
