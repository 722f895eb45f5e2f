import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  dayNumber,
  daysBetween,
  isPlainDate,
  monthBounds,
  nextDay,
  utcDate,
  weekdayOf,
  yearsBetween,
} from "#core/time/dates.ts";
import { dates } from "../arbitraries.ts";

describe("isPlainDate", () => {
  it.each(["1991-11-12", "2024-02-29", "2000-02-29", "2023-12-31", "0001-01-01", "9999-12-31"])("takes %s", (text) =>
    expect(isPlainDate(text)).toBe(true),
  );

  it.each([
    ...["2023-02-29", "2023-02-30", "1900-02-29", "2023-04-31", "2023-00-01", "2023-13-01", "2023-01-00", "2023-01-32"],
    ...["2023-1-1", "23-01-01", "2023-01-01T00:00:00Z", " 2023-01-01", "2023-01-01\n", "2023/01/01", "01/02/2023", ""],
    ...["٢٠٢٣-٠١-٠١", "+002023-01-01", "-2023-01-01", "20230101", "today", "2023-01-01\u0000"],
  ])("refuses %j", (text) => expect(isPlainDate(text)).toBe(false));

  it("takes a text of that shape exactly where the calendar has the day", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2100 }), fc.nat(14), fc.nat(40), (year, month, day) => {
        const text = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
        const made = new Date(Date.UTC(year, month - 1, day));
        const exists = made.getUTCFullYear() === year && made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
        expect(isPlainDate(text)).toBe(exists);
      }),
    );
  });
});

describe("moving about the calendar", () => {
  it("goes to the next day as addDays does", () => {
    for (let date = "1999-12-01"; date < "2004-03-02"; date = nextDay(date))
      expect(nextDay(date)).toBe(addDays(date, 1));
    expect(nextDay("1900-02-28")).toBe("1900-03-01");
  });

  it("goes there and back", () => {
    fc.assert(
      fc.property(dates(), fc.integer({ min: -20_000, max: 20_000 }), (date, days) => {
        const there = addDays(date, days);
        expect(isPlainDate(there)).toBe(true);
        expect(addDays(there, -days)).toBe(date);
        expect(daysBetween(date, there)).toBe(days);
        expect(date < there).toBe(days > 0);
      }),
    );
  });

  it("agrees with the runtime on the date of an instant", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.parse("0000-01-01"), max: Date.parse("9999-12-31") }),
        (ms) => void expect(utcDate(ms)).toBe(new Date(ms).toISOString().slice(0, 10)),
      ),
    );
  });

  it("counts days from 1970 and weekdays from Sunday", () => {
    expect(dayNumber("1970-01-01")).toBe(0);
    expect([weekdayOf("2023-12-29"), weekdayOf("2023-12-31"), weekdayOf("1991-11-12")]).toEqual([5, 0, 2]);
  });

  it("lists the years between two dates, both included", () => {
    expect(yearsBetween("1991-11-12", "1994-01-01")).toEqual([1991, 1992, 1993, 1994]);
    expect(yearsBetween("2023-01-01", "2023-12-31")).toEqual([2023]);
    expect(yearsBetween("2024-01-01", "2023-12-31")).toEqual([]);
  });
});

describe("monthBounds", () => {
  it.each([
    ["2023-02", "2023-02-28"],
    ["2024-02", "2024-02-29"],
    ["2023-12", "2023-12-31"],
    ["9999-12", "9999-12-31"],
    ["0000-02", "0000-02-29"],
    ["0099-04", "0099-04-30"],
  ])("ends %s on %s", (month, to) => expect(monthBounds(month)).toEqual({ from: `${month}-01`, to }));

  it("holds every day of the month and no other", () => {
    fc.assert(
      fc.property(dates(), (date) => {
        const { from, to } = monthBounds(date.slice(0, 7));
        expect(from <= date && date <= to).toBe(true);
        expect([addDays(from, -1).slice(0, 7), addDays(to, 1).slice(0, 7)]).not.toContain(date.slice(0, 7));
      }),
    );
  });
});
