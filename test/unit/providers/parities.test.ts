import { describe, expect, it } from "vitest";
import { PARITIES, parityOf } from "#core/providers/parities.ts";
import { isRateValue } from "#core/rates/page.ts";
import { isPlainDate } from "#core/time/dates.ts";

describe("parities", () => {
  it("cover the eleven currencies that no market trades", () => {
    expect(
      PARITIES.map(({ code }) => code)
        .sort()
        .join(" "),
    ).toBe("ANG BGN FOK GGP HRK IMP JEP KID SLL TVD ZWL");
    expect(parityOf("BGN")).toMatchObject({ anchor: "EUR", perAnchor: "1.95583", successor: "EUR" });
    expect(parityOf("USD")).toBeUndefined();
  });

  it.each(PARITIES)("of $code says by which law, since when and until when", (parity) => {
    expect(isRateValue(parity.perAnchor)).toBe(true);
    expect(isPlainDate(parity.since)).toBe(true);
    expect(parity.source.length).toBeGreaterThan(20);
    expect(parity.retiredOn === undefined).toBe(parity.successor === undefined);
    if (parity.retiredOn !== undefined) expect(parity.retiredOn > parity.since).toBe(true);
    expect(parityOf(parity.anchor)).toBeUndefined();
  });
});
