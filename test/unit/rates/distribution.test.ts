import Big from "big.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalsIn } from "#core/money/decimal.ts";
import { approximateRates } from "#core/rates/approximate.ts";
import { changeOf } from "#core/rates/change.ts";
import type { Fixing, SomeFixings } from "#core/rates/fixing.ts";
import { drawdownOf, percentilesOf, statisticsOf } from "#core/rates/statistics.ts";
import { addDays } from "#core/time/dates.ts";
import { END_OF_2023 } from "../api/figures.ts";
import { fixingLists } from "../arbitraries.ts";

import { routeOf } from "../catalogues.ts";

const USD_MXN = routeOf("USD", "MXN");
const MXN_USD = routeOf("MXN", "USD");
const Exact = Big();
Exact.DP = 60;
const published = (values: readonly string[]): SomeFixings =>
  some(values.map((value, index) => ({ date: addDays("2023-01-02", index), values: [value] })));
const END = some(END_OF_2023.map(([date, value]) => ({ date, values: [value] })));
const percentiles = (fixings: readonly Fixing[], decimals: number) =>
  percentilesOf(USD_MXN, fixings, approximateRates(fixings, USD_MXN), decimals);
const value = ({ values: [text = ""] }: Fixing) => new Exact(text);
const lists = fixingLists(9).filter(({ length }) => length > 0);

describe("the change", () => {
  it("is the exact difference of the last and the first, rounded once", () => {
    fc.assert(
      fc.property(lists, (fixings) => {
        const [start, end] = [fixings[0] as Fixing, fixings.at(-1) as Fixing];
        const difference = value(end).minus(value(start));
        expect(changeOf(USD_MXN, some(fixings))).toMatchObject({
          start,
          end,
          absolute: difference.toFixed(4),
          percent: difference
            .times(100)
            .div(value(start))
            .round(6, Big.roundHalfEven)
            .toFixed(6)
            .replace(/^-(?=[0.]*$)/, ""),
        });
      }),
    );
  });

  it("of an inverse is of unrounded rates", () => {
    const change = changeOf(MXN_USD, published(["3", "7"]));
    expect([change.absolute, change.percent]).toEqual(["-0.19047619", "-57.142857"]);
  });
});

describe("statistics", () => {
  it("interpolate percentiles between the nearest ranks", () => {
    expect(percentiles(published(["1", "2", "3", "4"]), 6)).toEqual({
      p5: "1.150000",
      p10: "1.300000",
      p25: "1.750000",
      p50: "2.500000",
      p75: "3.250000",
      p90: "3.700000",
      p95: "3.850000",
    });
    expect(new Set(Object.values(percentiles(published(["2.5"]), 6)))).toEqual(new Set(["2.500000"]));
  });

  it("have percentiles that ascend, and as many rates below the median as above it", () => {
    fc.assert(
      fc.property(lists, (fixings) => {
        const sorted = fixings.map(value).sort((a, b) => a.cmp(b));
        const all = Object.values(percentiles(fixings, 8)).map((text) => new Exact(text));
        for (const [index, one] of all.entries()) if (index > 0) expect(one.gte(all[index - 1] as Big)).toBe(true);
        const middle = sorted.length / 2 - 0.5;
        const median = (sorted[Math.floor(middle)] as Big).plus(sorted[Math.ceil(middle)] as Big).div(2);
        expect(percentiles(fixings, 8).p50).toBe(median.round(8, Big.roundHalfEven).toFixed(8));
      }),
    );
  });

  it("have the mean of the average and the sample deviation of the rates", () => {
    const values = END.map(value);
    const mean = values.reduce((total, one) => total.plus(one), new Exact(0)).div(values.length);
    const squares = values.reduce((total, one) => total.plus(one.minus(mean).pow(2)), new Exact(0));
    const found = statisticsOf(USD_MXN, END);
    expect(found.mean).toBe(mean.round(6, Big.roundHalfEven).toFixed(6));
    expect(found.standardDeviation).toBe(
      squares
        .div(values.length - 1)
        .sqrt()
        .toFixed(12),
    );
    expect(statisticsOf(USD_MXN, published(["3.4215", "3.4216"])).standardDeviation).toBe("0.0000707106781187");
    expect(statisticsOf(MXN_USD, published(["3.4215", "3.4216"])).standardDeviation).toBe("0.00000604003173678");
    expect(statisticsOf(USD_MXN, [END[0]]).standardDeviation).toBeNull();
    expect(statisticsOf(USD_MXN, published(["2", "2"])).standardDeviation).toBe("0.00000000000");
    expect(statisticsOf(MXN_USD, published(["90000000", "90000001"])).standardDeviation).toMatch(/^0\.0{15}\d+$/);
  });

  it("are the same of whole numbers and of big ones", () => {
    const long = (fixing: Fixing): Fixing => ({
      ...fixing,
      values: fixing.values.map((text) => text + "0".repeat(30)),
    });
    fc.assert(
      fc.property(lists, (fixings) => {
        const [whole, big] = [some(fixings), some(fixings.map(long))].map((all) => statisticsOf(USD_MXN, all));
        expect(big?.standardDeviation).toBe(whole?.standardDeviation);
        const decimals = decimalsIn(whole?.mean ?? "");
        expect(new Exact(big?.mean ?? "").round(decimals, Big.roundHalfEven).toFixed(decimals)).toBe(whole?.mean);
      }),
    );
  });

  it("find the largest fall by comparing each rate with each later one", () => {
    fc.assert(
      fc.property(lists, (fixings) => {
        let largest = new Exact(0);
        for (const [index, peak] of fixings.entries())
          for (const trough of fixings.slice(index + 1)) {
            const fall = new Exact(1).minus(value(trough).div(value(peak)));
            if (fall.gt(largest)) largest = fall;
          }
        const found = drawdownOf(USD_MXN, fixings, approximateRates(fixings, USD_MXN));
        if (largest.eq(0)) return void expect(found).toBeUndefined();
        expect(found?.percent).toBe(largest.times(100).round(6, Big.roundHalfEven).toFixed(6));
        expect((found?.peak.date ?? "") < (found?.trough.date ?? "")).toBe(true);
      }),
    );
  });
});

function some([first, ...others]: readonly Fixing[]): SomeFixings {
  if (first === undefined) throw new RangeError("a test needs a fixing");
  return [first, ...others];
}
