import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundsOf, holds, step, type Trigger } from "#core/alerts/crossing.ts";
import { thresholdText, thresholdUnits, unitsAround } from "#core/alerts/scaled.ts";
import { compareDecimals, parseDecimal } from "#core/money/decimal.ts";

const armed = (direction: Trigger["direction"], threshold: string): Trigger => ({
  direction,
  threshold: thresholdUnits(threshold),
  state: "armed",
  cooldownMs: 0,
  readyAtMs: 0,
});

/** The indexes of the values at which the alert fires. */
function firesOf(trigger: Trigger, values: readonly string[], everyMs = 1_000): number[] {
  let current = trigger;
  return values.flatMap((value, index) => {
    const { fires, next } = step(current, { value, atMs: index * everyMs });
    current = next;
    return fires ? [index] : [];
  });
}

describe("crossing", () => {
  it("fires once, and again only after the value was back", () => {
    const values = ["17.60", "17.40", "17.30", "17.60", "17.40"];
    expect(firesOf(armed("below", "17.50"), values)).toEqual([1, 4]);
    expect(firesOf(armed("above", "17.50"), values)).toEqual([0, 3]);
  });

  it("is strict on both sides, to the last digit", () => {
    expect(firesOf(armed("below", "17.5"), ["17.50000000000000"])).toEqual([]);
    expect(firesOf(armed("above", "17.5"), ["17.50000000000000"])).toEqual([]);
    expect(firesOf(armed("above", "17.5"), ["17.50000000000001"])).toEqual([0]);
    expect(firesOf(armed("below", "17.5"), ["17.49999999999999"])).toEqual([0]);
    expect(firesOf(armed("below", "-1"), ["-1.000001"])).toEqual([0]);
    expect(firesOf(armed("above", "-1"), ["-0.999999999"])).toEqual([0]);
  });

  it("fires at the first value after the cool-down if the condition then holds", () => {
    const slow = { ...armed("below", "17.5"), cooldownMs: 3_500 };
    //              fires    back     quiet    quiet    fires (4 s)
    expect(firesOf(slow, ["17.4", "17.6", "17.4", "17.4", "17.4"])).toEqual([0, 4]);
  });

  it("does nothing while it is off", () => {
    expect(firesOf({ ...armed("below", "17.5"), state: "off" }, ["17", "18", "17"])).toEqual([]);
  });

  it("fires at the crossings that a naive model finds, in any series of values", () => {
    const value = fc.integer({ min: 1_640, max: 1_860 }).map((cents) => `${cents / 100}`);
    const direction = fc.constantFrom<Trigger["direction"]>("above", "below");
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), direction, value, (values, side, threshold) => {
        const isBeyond = (text: string) =>
          side === "above" ? Number(text) > Number(threshold) : Number(text) < Number(threshold);
        const naive = values.flatMap((text, index) => {
          const before = values[index - 1];
          return isBeyond(text) && (before === undefined || !isBeyond(before)) ? [index] : [];
        });
        expect(firesOf(armed(side, threshold), values)).toEqual(naive);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("bounds", () => {
  const decimal = fc
    .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 14 }))
    .map(([units, scale]) => {
      const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
      const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
      return units < 0n ? `-${text}` : text;
    });

  it("are those of exact decimals", () => {
    const threshold = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
    fc.assert(
      fc.property(decimal, threshold, (value, units) => {
        const order = compareDecimals(parseDecimal(value), { units, scale: 8 });
        expect(holds({ direction: "above", threshold: units }, value)).toBe(order > 0);
        expect(holds({ direction: "below", threshold: units }, value)).toBe(order < 0);
        const { aboveUnder, belowOver } = boundsOf(value);
        expect(units < aboveUnder).toBe(order > 0);
        expect(units > belowOver).toBe(order < 0);
      }),
    );
  });

  it("are equal for a value that is a threshold", () => {
    expect(unitsAround("-17.5")).toEqual({ floor: -1_750_000_000n, ceiling: -1_750_000_000n });
    expect(unitsAround("-0.000000001")).toEqual({ floor: -1n, ceiling: 0n });
  });
});

describe("thresholds", () => {
  it("come back without zeros at the end", () => {
    for (const [given, kept] of [
      ["17.50", "17.5"],
      ["20", "20"],
      ["0.00000001", "0.00000001"],
      ["-2.50", "-2.5"],
    ] as const)
      expect(thresholdText(thresholdUnits(given))).toBe(kept);
  });

  it("with more decimals are refused", () => expect(() => thresholdUnits("1.123456789")).toThrow(RangeError));
});
