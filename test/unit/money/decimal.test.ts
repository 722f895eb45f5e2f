import Big from "big.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareDecimals,
  divide,
  divideText,
  type Fixed,
  formatDecimal,
  isDecimal,
  multiply,
  parseDecimal,
  type Rounding,
  round,
  sum,
} from "#core/money/decimal.ts";
import { fixed } from "../arbitraries.ts";

/** big.js, which shares no line with ours, is the judge. */
const big = (value: Fixed) => new Big(formatDecimal(value));
const modes: Record<Rounding, Big.RoundingMode> = { half_even: Big.roundHalfEven, half_up: Big.roundHalfUp };
const roundings = fc.constantFrom<Rounding>("half_even", "half_up");

/** big.js writes a rounded-away negative as "-0.00"; ours has no signed zero. */
const unsignedZero = (text: string) => (/^-[0.]+$/.test(text) ? text.slice(1) : text);

describe("parseDecimal and formatDecimal", () => {
  it("give back what they were given, scale and all", () => {
    fc.assert(fc.property(fixed, (value) => void expect(parseDecimal(formatDecimal(value))).toEqual(value)));
  });

  it.each(["0", "17.3485", "17.10", "0.1125", "-3.0", "0.00000001", "123456789012345678901234567890"])(
    "keep %s",
    (text) => expect(formatDecimal(parseDecimal(text))).toBe(text),
  );

  it("know no negative zero", () => {
    expect(formatDecimal(parseDecimal("-0.00"))).toBe("0.00");
    expect(formatDecimal(round(parseDecimal("-0.001"), 2))).toBe("0.00");
  });

  it.each([
    ...["", " ", "-", ".", "1.", ".5", "+5", "00", "01.5", "-01", "1e5", "1E5", "0x10", "NaN", "Infinity", "1,000"],
    ...["1_000", "--1", "1.2.3", "٣", "１", "1 ", " 1", "1\n", "\u00001", "1n", "N/E", "−1"],
  ])("refuse %j", (text) => {
    expect(isDecimal(text)).toBe(false);
    expect(() => parseDecimal(text)).toThrow(RangeError);
  });

  it("refuse what big.js refuses", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (isDecimal(text)) expect(new Big(text).toFixed()).toBeTypeOf("string");
      }),
    );
  });
});

describe("arithmetic", () => {
  it("multiplies exactly", () => {
    fc.assert(
      fc.property(fixed, fixed, (a, b) => void expect(big(multiply(a, b)).eq(big(a).times(big(b)))).toBe(true)),
    );
  });

  it("sums exactly, at the larger scale", () => {
    fc.assert(
      fc.property(fc.array(fixed), (terms) => {
        const total = sum(terms);
        expect(big(total).eq(terms.reduce((all, term) => all.plus(big(term)), new Big(0)))).toBe(true);
        expect(total.scale).toBe(Math.max(0, ...terms.map(({ scale }) => scale)));
      }),
    );
  });

  it("compares as numbers, whatever the scales", () => {
    fc.assert(fc.property(fixed, fixed, (a, b) => void expect(compareDecimals(a, b)).toBe(big(a).cmp(big(b)))));
    expect(compareDecimals(parseDecimal("1.50"), parseDecimal("1.5"))).toBe(0);
  });

  it("divides with one rounding, in both modes", () => {
    fc.assert(
      fc.property(fixed, fixed, fc.nat(30), roundings, (a, b, scale, rounding) => {
        fc.pre(b.units !== 0n);
        const Exact = Big();
        Exact.DP = scale;
        Exact.RM = modes[rounding];
        const expected = new Exact(formatDecimal(a)).div(formatDecimal(b)).toFixed(scale);
        expect(formatDecimal(divide(a, b, scale, rounding))).toBe(unsignedZero(expected));
      }),
    );
  });

  it("divides texts to the same digits at every size", () => {
    // Around 2^52 the way in which it is computed changes.
    const units = fc.oneof(
      fc.bigInt({ min: 0n, max: 10n ** 20n }),
      fc.integer({ min: 1, max: 9_999_999 }).map(BigInt),
      fc.integer({ min: -40, max: 40 }).map((off) => (2n ** 52n + BigInt(off)) / 10n ** 8n),
      fc.integer({ min: -40, max: 40 }).map((off) => 2n ** 52n + BigInt(off)),
    );
    const texts = fc.record({ units, scale: fc.nat(8) }).map(formatDecimal);
    fc.assert(
      fc.property(texts, texts, fc.nat(12), (a, b, scale) => {
        fc.pre(/[1-9]/.test(b));
        const Exact = Big();
        Exact.DP = scale;
        Exact.RM = Big.roundHalfEven;
        expect(divideText(a, b, scale)).toBe(new Exact(a).div(b).toFixed(scale));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ["1", "8", 2, "0.12"],
    ["3", "8", 2, "0.38"],
    ["0.0001", "200", 6, "0.000000"],
    ["0.0003", "200", 6, "0.000002"],
    ["4503599627370495", "4503599627370496", 0, "1"],
    ["4503599627370497", "1", 0, "4503599627370497"],
    ["0", "17.3485", 8, "0.00000000"],
    ["-1", "3", 8, "-0.33333333"],
  ])("divides the texts %s and %s to %i decimals: %s", (a, b, scale, expected) =>
    expect(divideText(a, b, scale)).toBe(expected),
  );

  it.each(["", "1.", ".5", "01.5", "00", "1e5", "+1", "1.2.3", "1 ", "٣", "0x10"])("divides no %j", (text) => {
    expect(() => divideText(text, "1", 8)).toThrow(RangeError);
    expect(() => divideText("1", text, 8)).toThrow(RangeError);
  });

  it("rounds as big.js does, in both modes", () => {
    fc.assert(
      fc.property(fixed, fc.nat(14), roundings, (value, scale, rounding) => {
        const expected = big(value).round(scale, modes[rounding]).toFixed(scale);
        expect(formatDecimal(round(value, scale, rounding))).toBe(unsignedZero(expected));
      }),
    );
  });

  it.each<[string, string, string]>([
    ["0.5", "0", "1"],
    ["1.5", "2", "2"],
    ["2.5", "2", "3"],
    ["-0.5", "0", "-1"],
    ["-1.5", "-2", "-2"],
    ["-2.5", "-2", "-3"],
    ["2.51", "3", "3"],
    ["2.49", "2", "2"],
  ])("breaks the tie of %s to %s half-even and %s half-up", (text, even, up) => {
    expect(formatDecimal(round(parseDecimal(text), 0))).toBe(even);
    expect(formatDecimal(round(parseDecimal(text), 0, "half_up"))).toBe(up);
  });

  it("does not round a tie that lies beyond the digits it was given", () => {
    // 2.5 as 5/2 is a tie; a hair more is none.
    expect(formatDecimal(divide(parseDecimal("5"), parseDecimal("2"), 0))).toBe("2");
    expect(formatDecimal(divide(parseDecimal(`5.${"0".repeat(29)}1`), parseDecimal("2"), 0))).toBe("3");
  });

  it("throws where the divisor is zero", () => {
    expect(() => divide(parseDecimal("1"), parseDecimal("0.00"), 2)).toThrow(RangeError);
    expect(() => divideText("1", "0.00", 2)).toThrow(RangeError);
  });
});
