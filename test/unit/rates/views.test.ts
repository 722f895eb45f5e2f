import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inForceOn } from "#core/rates/fixing.ts";
import { bankDaysOf, datesOf, determinationOn, inView, VIEWS, type View } from "#core/rates/views.ts";
import { businessDaysIn, MEXICO, withClosures } from "#core/time/calendars.ts";
import { addDays } from "#core/time/dates.ts";
import { EASTER_2023, END_OF_2023, FIRST_DAYS } from "../api/figures.ts";

const byRule = bankDaysOf(MEXICO, []);
const asFixings = (list: readonly (readonly [string, string])[]) =>
  list.map(([date, value]) => ({ date, values: [value] }));

/** The value that a view has on a date, from published figures. */
function valueOn(view: View, date: string, list: readonly (readonly [string, string])[]) {
  const fixings = asFixings(list);
  return inForceOn(inView(view, fixings, bankDaysOf(MEXICO, fixings)), date)?.values[0];
}

describe("the three dates of a FIX", () => {
  it.each([
    ["2023-12-27", "2023-12-28", "2023-12-29", "bank days in a row"],
    ["2023-12-21", "2023-12-22", "2023-12-23", "printed on a Friday, applicable on the Saturday"],
    ["2023-12-22", "2023-12-26", "2023-12-27", "Christmas on a Monday"],
    ["2023-04-05", "2023-04-10", "2023-04-11", "Easter"],
    ["2023-12-29", "2024-01-02", "2024-01-03", "New Year"],
    ["2010-09-15", "2010-09-20", "2010-09-21", "a closure that no rule foresaw"],
    ["2024-09-30", "2024-10-02", "2024-10-03", "the inauguration"],
  ])("determined on %s: printed on %s, applicable on %s (%s)", (determination, publication, applicable) => {
    expect(datesOf(determination, byRule)).toEqual({ determination, publication, applicable });
  });

  it("move with a closure that operators declare", () => {
    const closed = bankDaysOf(withClosures(MEXICO, new Set(["2023-12-28"])), []);
    expect(datesOf("2023-12-27", closed)).toMatchObject({ publication: "2023-12-29", applicable: "2023-12-30" });
    expect(determinationOn("dof", "2023-12-28", closed)).toBe("2023-12-26");
  });
});

describe("the settlement view (SF60653)", () => {
  it.each([
    ["1991-11-14", "3.0735"],
    ["1991-11-15", "3.0712"],
    ["1991-11-16", "3.0718"], // a Saturday
    ["1991-11-17", "3.0718"],
    ["1991-11-19", "3.0684"], // the 18th has a FIX, although today's rule has a holiday there
    ["1991-11-22", "3.0661"], // the 20th had none, although today's rule has a bank day there
    ["1991-11-23", "3.0632"],
  ])("of the first days: on %s it is %s", (date, value) => {
    expect(valueOn("settlement", date, FIRST_DAYS)).toBe(value);
  });

  it.each([
    ["2020-11-26", "20.0577"],
    ["2020-11-27", "20.0465"],
  ])("of 2020: on %s it is %s", (date, value) => {
    const figures = [
      ["2020-11-23", "20.1012"],
      ["2020-11-24", "20.0577"],
      ["2020-11-25", "20.0465"],
    ] as const;
    expect(valueOn("settlement", date, figures)).toBe(value);
  });

  it("has nothing before its first day", () => {
    expect(valueOn("settlement", "1991-11-13", FIRST_DAYS)).toBeUndefined();
    expect(valueOn("dof", "1991-11-12", FIRST_DAYS)).toBeUndefined();
  });
});

describe("the three views on a date", () => {
  it.each([
    ["2023-04-05", "18.3323", "18.1185", "18.1070"],
    ["2023-04-06", "18.3323", "18.1185", "18.1185"],
    ["2023-04-09", "18.3323", "18.1185", "18.1185"],
    ["2023-04-10", "18.1765", "18.3323", "18.1185"],
    ["2023-04-11", "18.1870", "18.1765", "18.3323"],
  ])("over Easter, on %s: %s, %s and %s", (date, ...values) => {
    expect(VIEWS.map((view) => valueOn(view, date, EASTER_2023))).toEqual(values);
  });

  it.each([
    ["2023-12-22", "16.9738", "17.0590", "17.0673"],
    ["2023-12-25", "16.9738", "17.0590", "17.0590"],
    ["2023-12-26", "16.9727", "16.9738", "17.0590"],
    ["2023-12-27", "16.9220", "16.9727", "16.9738"],
    ["2024-01-02", "16.9190", "16.9190", "16.8935"],
    ["2024-01-03", "16.9190", "16.9190", "16.9190"],
  ])("over Christmas and New Year, on %s: %s, %s and %s", (date, ...values) => {
    expect(VIEWS.map((view) => valueOn(view, date, END_OF_2023))).toEqual(values);
  });

  it("take the FIX that the inverse says, on any day", () => {
    const fixings = businessDaysIn(MEXICO, "2015-01-01", "2025-12-31").map((date) => ({ date, values: ["1"] }));
    const isBankDay = bankDaysOf(MEXICO, fixings);
    fc.assert(
      fc.property(fc.constantFrom(...VIEWS), fc.integer({ min: 40, max: 3_900 }), (view, days) => {
        const date = addDays("2015-01-01", days);
        const found = inForceOn(inView(view, fixings, isBankDay), date);
        expect(found?.dates.determination).toBe(determinationOn(view, date, byRule));
      }),
      { numRuns: 60 },
    );
  });

  it("are found by another way: counting bank days from the published list", () => {
    const bankDays = businessDaysIn(MEXICO, "2022-01-01", "2025-12-31");
    for (let date = "2022-02-01"; date < "2025-12-31"; date = addDays(date, 1)) {
      const [upTo, before] = [bankDays.filter((day) => day <= date), bankDays.filter((day) => day < date)];
      expect([date, determinationOn("dof", date, byRule)]).toEqual([date, upTo.at(-2)]);
      expect([date, determinationOn("settlement", date, byRule)]).toEqual([date, before.at(-2)]);
    }
  });
});
