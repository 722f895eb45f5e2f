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
import { type Pair, resolvePair } from "#core/rates/series.ts";
import { addDays, daysBetween } from "#core/time/dates.ts";
import { dates, fixed, fixingLists, observationLists, rates } from "../arbitraries.ts";

function pairOf(base: string, quote: string): Pair {
  const pair = resolvePair(base, quote);
  if (!pair) throw new Error(`${base}/${quote} is not served`);
  return pair;
}

const [USD_MXN, MXN_USD] = [pairOf("USD", "MXN"), pairOf("MXN", "USD")];
const [EUR_MXN, EUR_USD, USD_EUR] = [pairOf("EUR", "MXN"), pairOf("EUR", "USD"), pairOf("USD", "EUR")];

/** Rates of a size that money has: an inverse of 8 decimals keeps four digits of them. */
const plausible = fc
  .integer({ min: 10_000, max: 5_000_000 })
  .map((units) => formatDecimal({ units: BigInt(units), scale: 4 }));

describe("rateOf", () => {
  it("is the published text where the pair is published", () => {
    fc.assert(
      fc.property(rates, (value) => void expect(rateOf({ date: "2023-12-29", numerator: value }, USD_MXN)).toBe(value)),
    );
  });

  it("is the vectors of Banxico's own figures", () => {
    expect(rateOf({ date: "2026-03-13", numerator: "20.5536", denominator: "17.9218" }, EUR_USD)).toBe("1.14684909");
    expect(rateOf({ date: "2026-03-13", denominator: "17.9218" }, MXN_USD)).toBe("0.05579797");
  });

  it("is computed and rounded once, half-even, to 8 decimals", () => {
    const Exact = Big();
    Exact.DP = 8;
    Exact.RM = Big.roundHalfEven;
    fc.assert(
      fc.property(rates, rates, (numerator, denominator) => {
        const expected = new Exact(numerator).div(denominator).toFixed(8);
        expect(rateOf({ date: "2023-12-29", numerator, denominator }, EUR_USD)).toBe(expected);
        const inverse = new Exact(1).div(denominator).toFixed(8);
        expect(rateOf({ date: "2023-12-29", denominator }, MXN_USD)).toBe(inverse);
      }),
    );
  });

  it("comes back to 1 at four decimals, there and back", () => {
    fc.assert(
      fc.property(plausible, plausible, (euro, dollar) => {
        const there = new Big(rateOf({ date: "2023-12-29", numerator: dollar }, USD_MXN));
        const back = rateOf({ date: "2023-12-29", denominator: dollar }, MXN_USD);
        expect(there.times(back).toFixed(4)).toBe("1.0000");
        fc.pre(new Big(euro).div(dollar).gt("0.01") && new Big(euro).div(dollar).lt("100"));
        const cross = new Big(rateOf({ date: "2023-12-29", numerator: euro, denominator: dollar }, EUR_USD));
        const crossBack = rateOf({ date: "2023-12-29", numerator: dollar, denominator: euro }, USD_EUR);
        expect(cross.times(crossBack).toFixed(4)).toBe("1.0000");
      }),
    );
  });

  it("closes the triangle: EUR/USD times USD/MXN is EUR/MXN", () => {
    fc.assert(
      fc.property(plausible, plausible, (euro, dollar) => {
        const cross = new Big(rateOf({ date: "2023-12-29", numerator: euro, denominator: dollar }, EUR_USD));
        const direct = rateOf({ date: "2023-12-29", numerator: euro }, EUR_MXN);
        // The cross is off by half a unit of its last decimal at most.
        const allowed = new Big(dollar).times("0.000000005");
        expect(cross.times(dollar).minus(direct).abs().lte(allowed)).toBe(true);
      }),
    );
  });

  it("is 1 for a currency in itself", () => {
    for (const code of ["USD", "MXN", "JPY"])
      expect(rateOf({ date: "2023-12-29", numerator: "3", denominator: "3" }, pairOf(code, code))).toBe("1");
  });
});

describe("fixingsOf", () => {
  const bounds = dates("1999-06-01", "2020-12-31");

  it("has the dates that every leg has, within the bounds", () => {
    fc.assert(
      fc.property(observationLists(4), observationLists(4), bounds, bounds, (above, below, from, to) => {
        const legs = { numerator: above, denominator: below };
        const other = new Map(below);
        const expected = above
          .filter(([date]) => date >= from && date <= to && other.has(date))
          .map(([date, value]) => ({ date, numerator: value, denominator: other.get(date) }));
        expect(fixingsOf(legs, from, to)).toEqual(expected);
        expect(newestFixing(legs, to)).toEqual(fixingsOf(legs, "0000-01-01", to).at(-1));
      }),
    );
  });

  it("has the dates of a single leg", () => {
    fc.assert(
      fc.property(observationLists(), bounds, bounds, (list, from, to) => {
        const inside = list.filter(([date]) => date >= from && date <= to);
        const [above, below] = [fixingsOf({ numerator: list }, from, to), fixingsOf({ denominator: list }, from, to)];
        expect(above).toEqual(inside.map(([date, numerator]) => ({ date, numerator })));
        expect(below).toEqual(inside.map(([date, denominator]) => ({ date, denominator })));
        expect(newestFixing({ denominator: list }, to)).toEqual(
          fixingsOf({ denominator: list }, "0000-01-01", to).at(-1),
        );
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
    expect(newestFixing({ numerator, denominator }, "2023-12-31")).toEqual({
      date: "2023-12-27",
      numerator: "18.7",
      denominator: "16.9",
    });
  });

  it("is empty without legs", () => {
    expect(fixingsOf({}, "0000-01-01", "9999-12-31")).toEqual([]);
    expect(newestFixing({}, "9999-12-31")).toBeUndefined();
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
    const [only] = [{ date: "2023-12-01", numerator: "17.2" }];
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
    const days = dailyRates([{ date: "2023-12-29", numerator: "16.9190" }], "0000-01-01", "9999-12-31");
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
        const converted = convertAmount(amount, { date: "2023-12-29", numerator, denominator }, scale);
        expect(new Big(formatDecimal(converted)).eq(expected)).toBe(true);
      }),
    );
  });

  it.each([
    ["100.10", { numerator: "16.9190" }, 2, "1693.59"],
    ["0.005", { numerator: "1.0000" }, 2, "0.01"],
    ["-0.005", { numerator: "1.0000" }, 2, "-0.01"],
    ["1.5", { numerator: "1", denominator: "3" }, 0, "1"], // 0.5, away from zero
    ["123456789012345678901234567890", { numerator: "16.9190" }, 2, "2088765413299876541329987654130.91"],
  ])("converts %s at %o to %s decimals: %s", (amount, legs, scale, expected) =>
    expect(formatDecimal(convertAmount(parseDecimal(amount), { date: "2023-12-29", ...legs }, scale))).toBe(expected),
  );
});
