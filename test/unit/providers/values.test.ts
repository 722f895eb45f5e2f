import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDecimal, parseDecimal } from "#core/money/decimal.ts";
import { parseExactJson } from "#core/providers/format/json.ts";
import {
  expandExponent,
  fromDecimalComma,
  isAbsent,
  movePointLeft,
  ratePerUnit,
  withoutThousands,
} from "#core/providers/format/values.ts";
import { publishedValues } from "../arbitraries.ts";
import { movePoint } from "./decimals.ts";

describe("a published value", () => {
  it("is divided by its unit by moving the point, with its zeros", () => {
    expect(ratePerUnit("2.857", 100)).toBe("0.02857");
    expect(ratePerUnit("149.20", 100)).toBe("1.4920");
    expect(ratePerUnit("100", 100)).toBe("1.00");
    expect(ratePerUnit("53.9256", 1_000_000)).toBe("0.0000539256");
    fc.assert(
      fc.property(publishedValues, fc.nat(8), (value, places) => {
        expect(movePointLeft(value, places)).toBe(movePoint(value, places));
      }),
    );
  });

  it("may have an exponent", () => {
    expect(expandExponent("5.39256E-05")).toBe("0.0000539256");
    expect(expandExponent("1e-5")).toBe("0.00001");
    expect(expandExponent("1.25e+3")).toBe("1250");
    expect(expandExponent("1.25e1")).toBe("12.5");
    expect(expandExponent("12.50")).toBe("12.50");
    expect(ratePerUnit("5.39256E-05", 1)).toBe("0.0000539256");
    for (const text of ["1e99", "1e-99", "1e", "e5", "1.e5", "0x10", "1e5.5", ""])
      expect(expandExponent(text)).toBeUndefined();
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 9n }), fc.integer({ min: -9, max: 9 }), (units, exponent) => {
        const expanded = parseDecimal(expandExponent(`${units}E${exponent}`) ?? "");
        const zeros = exponent > 0 ? { units: units * 10n ** BigInt(exponent), scale: 0 } : { units, scale: -exponent };
        expect(formatDecimal(expanded)).toBe(formatDecimal(zeros));
      }),
    );
  });

  it("that cannot be stored or is no rate is refused", () => {
    expect(ratePerUnit("0.12345678901234", 1)).toBe("0.12345678901234");
    for (const text of [
      "0.123456789012345",
      "0",
      "0.00",
      "-1",
      "+1",
      "01.5",
      ".5",
      "1.",
      "1 000",
      "1,5",
      "NaN",
      "Infinity",
    ])
      expect(ratePerUnit(text, 1)).toBeUndefined();
    expect(ratePerUnit("0.1234567890123", 100)).toBeUndefined();
  });

  it("may be written with a decimal comma, thousands, or not at all", () => {
    expect(fromDecimalComma("53,8359")).toBe("53.8359");
    expect(fromDecimalComma("53.8359")).toBeUndefined();
    expect(ratePerUnit(fromDecimalComma("1,000,5") ?? "", 1)).toBeUndefined();
    expect(withoutThousands("193,045.50")).toBe("193045.50");
    expect(withoutThousands("1,93")).toBe("1,93");
    for (const text of ["N.A.", "N/A", "NA", "ND", "NaN", "null", "---", ".", "", "N/E"])
      expect(isAbsent(text)).toBe(true);
    expect(isAbsent("0")).toBe(false);
  });

  it("keeps the zeros that JSON would drop", () => {
    expect(parseExactJson('{"a":2.0700,"b":[93.348300,-0,1e-7],"c":"x","d":true,"e":null}')).toEqual({
      a: "2.0700",
      b: ["93.348300", "-0", "1e-7"],
      c: "x",
      d: true,
      e: null,
    });
    expect(parseExactJson("{")).toBeUndefined();
  });
});
