import Big from "big.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averageOf, parseWindow, windowBounds } from "#core/rates/average.ts";
import { dailyRates, type Fixing, rateOf } from "#core/rates/fixing.ts";
import type { Route } from "#core/rates/route.ts";
import { addDays, daysBetween } from "#core/time/dates.ts";
import { dates, fixingLists } from "../arbitraries.ts";
import { catalogue, routeOf } from "../catalogues.ts";

const USD_MXN = routeOf("USD", "MXN");
const MXN_USD = routeOf("MXN", "USD");
const ECB = catalogue(["ecb"]);
const bases = fc.constantFrom("business" as const, "calendar" as const);
const values = (fixings: readonly Fixing[]) => fixings.map(({ values: [value = ""] }) => new Big(value));

/** The mean by big.js: one division, one rounding. */
function exactMean(terms: readonly Big[]): string {
  const Exact = Big();
  Exact.DP = 60;
  const total = terms.reduce((sum, term) => sum.plus(term), new Big(0));
  const mean = new Exact(total.toFixed()).div(terms.length);
  const decimals = Math.max(6, 5 - mean.e);
  return mean.round(decimals, Big.roundHalfEven).toFixed(decimals);
}

/** What is averaged: the fixings of the period, or those of each of its days. */
function termsOf(fixings: readonly Fixing[], from: string, to: string, basis: "business" | "calendar") {
  if (basis === "calendar") return dailyRates(fixings, from, to).map(({ fixing }) => fixing);
  return fixings.filter(({ date }) => date >= from && date <= to);
}

describe("averageOf", () => {
  it("is the exact mean, rounded once, on either basis", () => {
    fc.assert(
      fc.property(
        fixingLists(5),
        dates("1999-12-15", "2000-06-01"),
        fc.nat(120),
        bases,
        (fixings, from, days, basis) => {
          const to = addDays(from, days);
          const terms = termsOf(fixings, from, to, basis);
          const average = averageOf(USD_MXN, fixings, from, to, basis);
          if (terms.length === 0) return void expect(average).toBeUndefined();
          expect(average).toEqual({
            observations: termsOf(fixings, from, to, "business").length,
            days: basis === "calendar" ? terms.length : null,
            average: exactMean(values(terms)),
          });
        },
      ),
    );
  });

  it("lies between the smallest and the largest, whatever the pair", () => {
    fc.assert(
      fc.property(fixingLists(5), bases, fc.boolean(), (published, basis, isInverse) => {
        fc.pre(published.length > 0);
        const [from, to] = [published[0]?.date ?? "", published[published.length - 1]?.date ?? ""];
        const average = averageOf(isInverse ? MXN_USD : USD_MXN, published, from, to, basis)?.average ?? "";
        const rates = values(published).map((rate) => (isInverse ? new Big(1).div(rate) : rate));
        const sorted = rates.sort((a, b) => a.cmp(b)) as [Big, ...Big[]];
        expect(new Big(average).gte(sorted[0].round(6, Big.roundDown))).toBe(true);
        expect(new Big(average).lte((sorted[sorted.length - 1] as Big).round(6, Big.roundUp))).toBe(true);
      }),
    );
  });

  it("has the decimals of the pair's rates, and a day's mean is the day's rate", () => {
    fc.assert(
      fc.property(
        fixingLists(5),
        fc.constantFrom(["USD", "MXN"], ["MXN", "JPY"], ["JPY", "USD"], ["USD", "JPY"], ["EUR", "EUR"]),
        bases,
        (published, [base = "", quote = ""], basis) => {
          const route = routeOf(base, quote);
          for (const {
            date,
            values: [value = ""],
          } of published) {
            const fixing = { date, values: [value, "17.0291"].slice(0, route.series.length) };
            const average = averageOf(route, [fixing], date, date, basis)?.average ?? "";
            const rate = rateOf(fixing, route);
            const decimals = rate.split(".")[1]?.length ?? 0;
            expect(new Big(average).round(decimals, Big.roundHalfEven).eq(rate), `${average} of ${rate}`).toBe(true);
            expect(average.split(".")[1]?.length).toBeGreaterThanOrEqual(Math.max(6, decimals));
          }
        },
      ),
    );
  });

  it.each([
    [["0.0000001", "0.0000002"], "0.000000150000"],
    [["0.0001", "0.0001", "0.0002"], "0.000133333"],
    [["12345678.1234"], "12345678.123400"],
    [["17.12345678", "17.1"], "17.11172839"],
    [["1"], "1.000000"],
  ])("has at least 6 decimals and 6 significant digits: of %s %s", (published, expected) => {
    const fixings = published.map((value, index) => ({ date: `2023-01-0${index + 2}`, values: [value] }));
    expect(averageOf(USD_MXN, fixings, "2023-01-01", "2023-01-31", "business")?.average).toBe(expected);
  });

  it("has the decimals of the computed rate that has most, wherever in the window it is", () => {
    const decimals = (text: string) => text.split(".")[1]?.length;
    const days = (...all: string[]) => all.map((value, index) => ({ date: `2021-09-0${index + 1}`, values: [value] }));
    const meanOf = (route: Route, fixings: Fixing[]) =>
      averageOf(route, fixings, "2021-09-01", "2021-09-30", "business")?.average ?? "";
    const [published, inverse] = [routeOf("EUR", "TRY", ECB), routeOf("TRY", "EUR", ECB)];
    // 1 / 10.2 has a decimal more than 1 / 9.95.
    const rising = days("10.2000", "10.1000", "9.9500");
    expect(rising.map((fixing) => decimals(rateOf(fixing, inverse)))).toEqual([9, 9, 8]);
    expect(meanOf(inverse, rising)).toBe("0.099183876");
    expect(meanOf(inverse, rising.toReversed())).toBe("0.099183876");
    expect(decimals(meanOf(inverse, days("9.9500")))).toBe(8);
    // What is published keeps its own rule: the most that any of the values was written with.
    expect(meanOf(published, days("10.2", "10.12345678", "9.95"))).toBe("10.09115226");
  });

  it("breaks a tie to the even digit", () => {
    const two = (a: string, b: string) => [
      { date: "2023-01-02", values: [a] },
      { date: "2023-01-03", values: [b] },
    ];
    expect(averageOf(USD_MXN, two("1.000000", "1.000001"), "2023-01-01", "2023-01-31", "business")?.average).toBe(
      "1.000000",
    );
    expect(averageOf(USD_MXN, two("1.000001", "1.000002"), "2023-01-01", "2023-01-31", "business")?.average).toBe(
      "1.000002",
    );
  });

  it("is undefined where no day has a rate, however far the period reaches", () => {
    expect(averageOf(USD_MXN, [], "0000-01-01", "9999-12-31", "calendar")).toBeUndefined();
    expect(
      averageOf(USD_MXN, [{ date: "2023-12-29", values: ["16.9190"] }], "9999-01-01", "9999-12-31", "calendar"),
    ).toBe(undefined);
  });
});

describe("parseWindow", () => {
  it("takes 1d to 366d", () => {
    for (let days = 1; days <= 366; days++) expect(parseWindow(`${days}d`)).toEqual({ days });
  });

  it.each(["2023-11", "1991-11", "9999-12", "0000-01"])("takes the month %s", (month) =>
    expect(parseWindow(month)).toEqual({ month }),
  );

  it.each([
    ...["0d", "367d", "999d", "1000d", "015d", "-1d", "+1d", "1.5d", "1e1d", "d", "15", "15D", "15d ", " 15d", "15d\n"],
    ...["2023-00", "2023-13", "2023-1", "2023", "2023-11-01", "23-11", "٢٠٢٣-١١", "١٥d", "", "__proto__", "0x1d"],
  ])("refuses %j", (text) => expect(parseWindow(text)).toBeUndefined());
});

describe("windowBounds", () => {
  it("of days end on the latest observation, both ends counted", () => {
    expect(windowBounds({ days: 15 }, "2023-12-29")).toEqual({ from: "2023-12-15", to: "2023-12-29" });
    expect(windowBounds({ days: 30 }, "2023-12-29")).toEqual({ from: "2023-11-30", to: "2023-12-29" });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 366 }), dates(), (days, latest) => {
        const { from, to } = windowBounds({ days }, latest);
        expect([to, daysBetween(from, to) + 1]).toEqual([latest, days]);
      }),
    );
  });

  it.each([
    ["over", "2023-12-29", "2023-11", "2023-11-01", "2023-11-30"],
    ["in progress", "2023-12-29", "2023-12", "2023-12-01", "2023-12-29"],
    ["on its last day", "2023-12-31", "2023-12", "2023-12-01", "2023-12-31"],
    ["on its first day", "2023-12-01", "2023-12", "2023-12-01", "2023-12-01"],
    ["to come", "2023-12-29", "2024-02", "2024-02-01", "2024-02-29"],
  ])("of a month %s, seen from %s: %s is %s to %s", (_, latest, month, from, to) =>
    expect(windowBounds({ month }, latest)).toEqual({ from, to }),
  );
});
