import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Fixing } from "#core/rates/fixing.ts";
import { factorOf, logReturns, rollingVolatility, volatilityOf } from "#core/rates/volatility.ts";
import { addDays } from "#core/time/dates.ts";
import { END_OF_2023 } from "../api/figures.ts";

import { routeOf } from "../catalogues.ts";

const USD_MXN = routeOf("USD", "MXN");
const MXN_USD = routeOf("MXN", "USD");
const fixings = (values: readonly (number | string)[]): Fixing[] =>
  values.map((value, index) => ({ date: addDays("2023-01-02", index), values: [String(value)] }));
const END = fixings(END_OF_2023.map(([, value]) => value));
const positive = fc.array(
  fc.integer({ min: 100_000, max: 300_000 }).map((units) => (units / 10_000).toFixed(4)),
  {
    minLength: 4,
    maxLength: 60,
  },
);

/** By another way: the mean of squares less the square of the mean, of differences of logarithms. */
function oracle(values: readonly string[]): number {
  const logs = values.map((value) => Math.log(Number(value)));
  const moves = logs.slice(1).map((log, index) => log - (logs[index] as number));
  const [n, mean] = [moves.length, ((logs.at(-1) as number) - (logs[0] as number)) / moves.length];
  return Math.sqrt((moves.reduce((total, move) => total + move * move, 0) / n - mean * mean) * (n / (n - 1)));
}

describe("the volatility", () => {
  it("is the sample standard deviation of log returns, annualised by the square root of the factor", () => {
    fc.assert(
      fc.property(positive, (values) => {
        const { n, daily, annualised } = volatilityOf(logReturns(USD_MXN, fixings(values)), 252);
        expect(n).toBe(values.length - 1);
        expect(Number(daily)).toBeCloseTo(oracle(values), 9);
        expect(Number(annualised)).toBeCloseTo(oracle(values) * Math.sqrt(252), 8);
      }),
    );
  });

  it("of the last 22 returns of 2023 has thirteen decimals", () => {
    const { n, daily, annualised } = volatilityOf(logReturns(USD_MXN, END), 252);
    expect([n, daily, annualised]).toEqual([
      22,
      expect.stringMatching(/^0\.\d{13}$/),
      expect.stringMatching(/^0\.\d{13}$/),
    ]);
    expect(Number(daily)).toBeCloseTo(oracle(END_OF_2023.map(([, value]) => value)), 12);
  });

  it("is the same for a pair and its inverse, and for any unit", () => {
    fc.assert(
      fc.property(positive, (values) => {
        const published = volatilityOf(logReturns(USD_MXN, fixings(values)), 252);
        const inverse = fixings(values).slice();
        const inCents = fixings(values.map((value) => `${value.replace(".", "")}00`));
        for (const [route, other] of [
          [MXN_USD, inverse],
          [USD_MXN, inCents],
        ] as const)
          expect(Number(volatilityOf(logReturns(route, other), 252).daily)).toBeCloseTo(Number(published.daily), 11);
      }),
    );
  });

  it("of a rate that stands still, or grows evenly, is zero", () => {
    expect(volatilityOf(logReturns(USD_MXN, fixings(["17.0000", "17.0000", "17.0000"])), 252).daily).toBe(
      "0.0000000000000",
    );
    expect(volatilityOf(logReturns(USD_MXN, fixings([1, 2, 4, 8])), 252).daily).toBe("0.0000000000000");
  });

  it("is not annualised for an intraday series", () => {
    expect(factorOf({})).toBe(252);
    expect(factorOf({ weekday: 5 })).toBe(52);
    expect(factorOf({ everySeconds: 86_400 })).toBe(252);
    expect(factorOf({ everySeconds: 3_600 })).toBeNull();
    expect(volatilityOf(logReturns(USD_MXN, END), null).annualised).toBeNull();
  });

  it("needs two returns", () => {
    expect(logReturns(USD_MXN, [])).toHaveLength(0);
    expect(() => volatilityOf(logReturns(USD_MXN, fixings([1, 2])), 252)).toThrow(RangeError);
  });
});

describe("rolling", () => {
  it("is the volatility of each window by itself", () => {
    fc.assert(
      fc.property(positive, fc.integer({ min: 2, max: 20 }), (values, window) => {
        const all = fixings(values);
        const rolling = rollingVolatility(logReturns(USD_MXN, all), window, 252);
        expect(rolling).toHaveLength(Math.max(0, values.length - window));
        for (const [index, one] of rolling.entries())
          expect(one).toEqual(volatilityOf(logReturns(USD_MXN, all.slice(index, index + window + 1)), 252));
      }),
    );
  });

  it("carries nothing of a crisis into the calm after it", () => {
    const crisis = [10, 20, 5, 40, 10];
    const calm = Array<number>(8).fill(10);
    expect(rollingVolatility(logReturns(USD_MXN, fixings([...crisis, ...calm])), 5, 252).at(-1)?.daily).toBe(
      "0.0000000000000",
    );
  });
});
