import fc from "fast-check";
import { expect, test } from "vitest";
import { compareDecimals, formatDecimal, toScaled } from "../../client/src/index.ts";

test("a decimal is scaled without losing a digit", () => {
  expect(toScaled("16.919", 4)).toBe(169_190n);
  expect(toScaled("-0.50", 1)).toBe(-5n);
  expect(toScaled("123456789012345678901234567890.1", 1)).toBe(1234567890123456789012345678901n);
  for (const lost of ["16.91905", "1e5", "", ".5", "1.", "abc"]) expect(() => toScaled(lost, 4)).toThrow(RangeError);
});

test("decimals are compared by value", () => {
  const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(8));
  const text = ([units, scale]: [bigint, number]) => {
    const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
    const fraction = scale > 0 ? `.${digits.slice(-scale)}` : "";
    return (units < 0n ? "-" : "") + digits.slice(0, digits.length - scale) + fraction;
  };
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const [x, y] = [a[0] * 10n ** BigInt(8 - a[1]), b[0] * 10n ** BigInt(8 - b[1])];
      expect(compareDecimals(text(a), text(b))).toBe(x < y ? -1 : x > y ? 1 : 0);
    }),
  );
  expect(compareDecimals("16.9190", "16.919")).toBe(0);
});

test("a decimal is shown with all its digits", () => {
  expect(formatDecimal("1234567.8900", "es-MX")).toBe("1,234,567.8900");
  expect(formatDecimal("12345678901234567890.12", "en")).toBe("12,345,678,901,234,567,890.12");
});
