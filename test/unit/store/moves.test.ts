import { describe, expect, it } from "vitest";
import { isBetween, isBeyondBound, isNear } from "#core/ingest/moves.ts";
import { CRISIS, OCTOBER_10 } from "./history.ts";

const FIX = "banxico.SF43718";
const at = (date: string, value: string) => ({ date, value });

describe("moves", () => {
  it("lets every move that there was pass, and the largest of each series", () => {
    for (const [index, [date, value]] of CRISIS.entries()) {
      const [before] = [CRISIS[index - 1]];
      if (before) expect(isNear(FIX, at(date, value), at(...before)), date).toBe(true);
    }
    expect(isNear(FIX, at("2016-11-08", "18.5089"), at("2016-11-09", "19.9250"))).toBe(true);
    for (const [series, before, after] of OCTOBER_10)
      expect(isNear(series, at("2008-10-09", before), at("2008-10-10", after)), series).toBe(true);
  });

  it("has a limit for each series, up and down", () => {
    const before = at("2023-12-28", "16.8935");
    for (const [value, isIn] of [
      ["18.6702", true],
      ["18.6703", false],
      ["15.2859", true],
      ["15.2858", false],
    ] as const)
      expect(isNear(FIX, before, at("2023-12-29", value)), value).toBe(isIn);
    expect(isNear("banxico.SF46406", at("2023-12-28", "0.1193"), at("2023-12-29", "0.1370"))).toBe(true);
    expect(isNear("banxico.SF46406", at("2023-12-28", "0.1193"), at("2023-12-29", "0.1400"))).toBe(false);
  });

  it("lets the limit grow with the gap, but never to a factor of ten", () => {
    const old = at("2005-01-03", "11.2");
    expect(isNear(FIX, old, at("2005-02-03", "14"))).toBe(true);
    expect(isNear(FIX, old, at("2005-01-17", "14"))).toBe(false);
    expect(isNear(FIX, old, at("2006-06-01", "40"))).toBe(false);
    for (const date of ["2005-01-04", "2006-01-03", "2010-01-04", "2024-01-02", "2090-01-02"])
      for (const value of ["112", "1.12"]) expect(isBeyondBound(old, at(date, value)), date).toBe(true);
    expect(isBeyondBound(at("1991-11-12", "3.0735"), at("2020-03-24", "25.1185"))).toBe(false);
  });

  it("takes both neighbours into account", () => {
    const [before, after] = [at("2023-12-27", "16.9"), at("2023-12-29", "17.1")];
    const on28 = (value: string) => isBetween(FIX, at("2023-12-28", value), before, after);
    expect([on28("16.5"), on28("17.0"), on28("18.6")]).toEqual([true, true, true]);
    expect([on28("19.0"), on28("15.0"), on28("170")]).toEqual([false, false, false]);
    // Before a true jump, after it, and between its two levels.
    const jumped = at("2023-12-29", "21.3");
    for (const value of ["16.8", "21.2", "19"])
      expect(isBetween(FIX, at("2023-12-28", value), before, jumped)).toBe(true);
    expect(isBetween(FIX, at("2023-12-28", "24"), before, jumped)).toBe(false);
    // An old neighbour's wide limit does not count beside a near one.
    expect(isBetween(FIX, at("2023-12-28", "24"), at("2022-01-03", "17"), after)).toBe(false);
    expect(isBetween(FIX, at("2023-12-28", "24"), at("2022-01-03", "17"), undefined)).toBe(true);
    expect(isBetween(FIX, at("2023-12-28", "24"), undefined, after)).toBe(false);
    expect(isBetween(FIX, at("2023-12-28", "24"), undefined, undefined)).toBe(true);
  });
});
