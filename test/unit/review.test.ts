import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mexicoCityDate } from "#core/calendar.ts";
import { addDays, weekdayOf } from "#core/dates.ts";
import { review } from "#core/review.ts";
import { dates, rates } from "./arbitraries.ts";

const nowMs = Date.parse("2023-12-29T20:00:00Z");
const FIX = "banxico.SF43718";

const verdict = (date: string, value: string, previous?: [date: string, value: string], series = FIX) =>
  review({ series, date, value }, previous && { date: previous[0], value: previous[1] }, nowMs);

describe("review", () => {
  it("lets a plausible value through", () => {
    expect(verdict("2023-12-29", "16.9190", ["2023-12-28", "16.8935"])).toBeUndefined();
    expect(verdict("1991-11-12", "3.0735")).toBeUndefined();
  });

  it.each(["banxico.SF0", "SF43718", "", "__proto__"])("refuses the series %j", (series) =>
    expect(verdict("2023-12-29", "16.9190", undefined, series)).toBe("unknown_series"),
  );

  it.each(["N/E", "0", "0.0000", "-16.9", "16,9190", "", "1e1", "NaN", " 16.9190"])("refuses the value %j", (value) =>
    expect(verdict("2023-12-29", value)).toBe("not_a_rate"),
  );

  it("refuses what is of a later day than today in Mexico City", () => {
    expect(verdict("2024-01-02", "16.9")).toBe("in_the_future");
    const lateEvening = Date.parse("2023-12-29T05:00:00Z"); // the 29th in UTC, still the 28th there
    const candidate = { series: FIX, value: "16.9190" };
    expect(review({ ...candidate, date: "2023-12-29" }, undefined, lateEvening)).toBe("in_the_future");
    expect(review({ ...candidate, date: "2023-12-28" }, undefined, lateEvening)).toBeUndefined();
  });

  it("refuses weekends, and only them, of the days there were", () => {
    fc.assert(
      fc.property(dates("1991-11-12", "2023-12-29"), rates, (date, value) => {
        expect(verdict(date, value)).toBe(weekdayOf(date) % 6 === 0 ? "on_a_weekend" : undefined);
      }),
    );
    // By the rule no bank day; yet what Banxico published is taken.
    expect(verdict("2023-12-25", "16.9")).toBeUndefined();
  });

  it("sets a move of more than 10 % aside, up or down", () => {
    const before: [string, string] = ["2023-12-28", "16.8935"];
    expect(verdict("2023-12-29", "18.6702", before)).toBeUndefined(); // 10.0 %: ln is below 0.1
    expect(verdict("2023-12-29", "18.6703", before)).toBe("implausible_jump");
    expect(verdict("2023-12-29", "15.2859", before)).toBeUndefined();
    expect(verdict("2023-12-29", "15.2858", before)).toBe("implausible_jump");
    expect(verdict("2023-12-29", "169.1900", before)).toBe("implausible_jump");
  });

  it("lets the largest moves there were through", () => {
    expect(verdict("2016-11-09", "19.9323", ["2016-11-08", "18.5089"])).toBeUndefined(); // 7.4 %
    expect(verdict("1994-12-22", "4.7000", ["1994-12-21", "3.9970"])).toBeUndefined(); // 16 %
    expect(verdict("1995-03-09", "7.5000", ["1995-03-08", "6.2000"])).toBeUndefined(); // 19 %
    expect(verdict("1995-12-29", "9.9", ["1995-12-28", "7.7"])).toBeUndefined();
    expect(verdict("1996-01-02", "9.9", ["1995-12-29", "7.7"])).toBe("implausible_jump");
  });

  it("compares only with what is near", () => {
    expect(verdict("2023-12-29", "25.0000", ["2023-12-15", "17.1"])).toBe("implausible_jump");
    expect(verdict("2023-12-29", "25.0000", ["2023-12-14", "17.1"])).toBeUndefined();
  });

  it("judges the same on every later day", () => {
    fc.assert(
      fc.property(dates("1991-11-12", "2023-12-29"), rates, rates, fc.nat(1000), (date, value, before, later) => {
        const candidate = { series: FIX, date, value };
        const previous = { date: addDays(date, -1), value: before };
        const then = Date.parse(date) + 86_400_000;
        fc.pre(mexicoCityDate(then) >= date);
        expect(review(candidate, previous, then + later * 86_400_000)).toBe(review(candidate, previous, then));
      }),
    );
  });
});
