import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { figureOf, numberOf, parseAmount } from "#core/api/facades/figures.ts";
import { formatDecimal, parseDecimal, round } from "#core/money/decimal.ts";
import { convertAmount, scaledRate } from "#core/rates/fixing.ts";
import { catalogue, routeOf } from "../catalogues.ts";

describe("a figure", () => {
  const value = fc
    .integer({ min: 1, max: 99_999_999 })
    .map((units) => formatDecimal({ units: BigInt(units), scale: 4 }));
  const scaleOf = (size: number) =>
    size > 5000 ? 0 : size > 80 ? 2 : size > 20 ? 3 : size > 1 ? 4 : size > 0.0001 ? 5 : 6;
  const ecb = catalogue(["ecb"]);

  it.each([
    ["a cross over a base", routeOf("EUR", "USD")],
    ["an inverse", routeOf("MXN", "USD")],
    ["a cross over a quote", routeOf("JPY", "USD", ecb)],
    ["published by a provider with more digits", routeOf("EUR", "USD", ecb)],
  ])("that is %s is the exact rate rounded once by its size", (_, route) => {
    fc.assert(
      fc.property(value, value, (above, below) => {
        const fixing = { date: "2026-03-13", values: [above, below] };
        const exact = scaledRate(fixing, route, 40);
        const scale = scaleOf(Number(formatDecimal(exact)));
        const rounded = [round(exact, scale, "half_up"), round(exact, scale)].map((one) => Number(formatDecimal(one)));
        expect(rounded).toContain(Number(figureOf(fixing, route)));
      }),
    );
  });

  it("of an amount is rounded by the size of the result", () => {
    const amount = fc.integer({ min: 1, max: 99_999_999 }).map((units) => ({ units: BigInt(units), scale: 3 }));
    const route = routeOf("EUR", "USD");
    fc.assert(
      fc.property(value, value, amount, (above, below, money) => {
        const fixing = { date: "2026-03-13", values: [above, below] };
        const exact = convertAmount(money, fixing, route, 40);
        const scale = scaleOf(Number(formatDecimal(exact)));
        expect(Number(figureOf(fixing, route, money))).toBe(Number(formatDecimal(round(exact, scale, "half_up"))));
      }),
    );
  });

  it.each([
    ["17", "17.0"],
    ["17.3400", "17.34"],
    ["10.0000", "10.0"],
  ])("of %s is %s", (text, number) => expect(numberOf(text)).toBe(number));

  it.each([
    ["1e3", parseDecimal("1000")],
    [".5", parseDecimal("0.5")],
    ["-1", undefined],
    [".", undefined],
    ["", undefined],
  ])("reads the amount %s", (text, amount) => expect(parseAmount(text)).toEqual(amount));
});
