import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseClosures } from "#core/time/closures.ts";
import { addDays, daysBetween, weekdayOf } from "#core/time/dates.ts";
import { easterSunday } from "#core/time/holidays.ts";
import {
  bankDaysAfter,
  closedWeekdays,
  isBankDay,
  lastBankDayOnOrBefore,
  mexicoCityDate,
  midnightMs,
  nextBankDay,
  previousBankDay,
  publicationMs,
  TIME_ZONE,
} from "../../../tools/simulators/banxico/mexico.ts";
import { countBankDays, dates, instants } from "../arbitraries.ts";

/** The wall clock as the runtime's own time zone data has it. */
const wall = new Intl.DateTimeFormat("sv-SE", { timeZone: TIME_ZONE, dateStyle: "short", timeStyle: "medium" });
const wallClock = (ms: number) => wall.format(ms);

describe("Mexico City's clock", () => {
  it("agrees with the time zone database on the date, at any instant", () => {
    fc.assert(
      fc.property(instants, (nowMs) => void expect(mexicoCityDate(nowMs)).toBe(wallClock(nowMs).slice(0, 10))),
      { numRuns: 1000 },
    );
  });

  it("says 12:00:00 at publication and 00:00:00 at midnight, on every day", () => {
    for (let date = "1991-11-12"; date < "2031-01-01"; date = addDays(date, 1)) {
      expect(wallClock(publicationMs(date))).toBe(`${date} 12:00:00`);
      expect(wallClock(midnightMs(date))).toBe(`${date} 00:00:00`);
    }
  });

  it.each([
    ["2023-12-29", "2023-12-29T18:00:00Z"], // no daylight saving since October 2022
    ["2023-07-03", "2023-07-03T18:00:00Z"],
    ["2022-07-01", "2022-07-01T17:00:00Z"], // the last summer with it
    ["2022-01-03", "2022-01-03T18:00:00Z"],
    ["2022-04-01", "2022-04-01T18:00:00Z"], // two days before it began
    ["2022-04-04", "2022-04-04T17:00:00Z"],
    ["1995-07-03", "1995-07-03T18:00:00Z"], // the year before its introduction
  ])("has 12:00 of %s at %s", (date, instant) => expect(publicationMs(date)).toBe(Date.parse(instant)));

  it("agrees with it in each hour around the end of daylight saving", () => {
    const hours = Array.from({ length: 48 }, (_, index) => Date.parse("2022-10-29T12:00:00Z") + index * 3_600_000);
    expect(hours.map(mexicoCityDate)).toEqual(hours.map((ms) => wallClock(ms).slice(0, 10)));
  });

  it("is still today there when it is tomorrow in UTC", () => {
    expect(mexicoCityDate(Date.parse("2023-12-30T05:59:59.999Z"))).toBe("2023-12-29");
    expect(mexicoCityDate(Date.parse("2023-12-30T06:00:00Z"))).toBe("2023-12-30");
    expect(midnightMs("2023-12-30")).toBe(Date.parse("2023-12-30T06:00:00Z"));
    expect(midnightMs("2021-07-01")).toBe(Date.parse("2021-07-01T05:00:00Z"));
  });

  it("answers the same when asked about more hours than it remembers", () => {
    const hours = Array.from({ length: 500 }, (_, index) => Date.parse("2021-01-01") + index * 17 * 3_600_000);
    const first = hours.map(mexicoCityDate);
    expect(hours.map(mexicoCityDate)).toEqual(first);
    expect(first).toEqual(hours.map((ms) => wallClock(ms).slice(0, 10)));
  });
});

describe("Easter", () => {
  // United States Naval Observatory, "The Date of Easter".
  it.each([
    "1991-03-31 1992-04-19 1999-04-04 2000-04-23 2008-03-23 2011-04-24 2016-03-27 2019-04-21 2020-04-12 2021-04-04",
    "2022-04-17 2023-04-09 2024-03-31 2025-04-20 2026-04-05 2027-03-28 2028-04-16 2029-04-01 2030-04-21 2038-04-25",
  ])("falls on %s", (list) => {
    for (const date of list.split(" ")) expect(easterSunday(Number(date.slice(0, 4)))).toBe(date);
  });

  it("is a Sunday between 22 March and 25 April", () => {
    for (let year = 1900; year < 2200; year++) {
      const easter = easterSunday(year);
      expect(weekdayOf(easter)).toBe(0);
      expect(easter >= `${year}-03-22` && easter <= `${year}-04-25`).toBe(true);
    }
  });
});

describe("bank days", () => {
  const weekdayHolidays = (year: number) => {
    const days: string[] = [];
    for (let date = `${year}-01-01`; date <= `${year}-12-31`; date = addDays(date, 1))
      if (weekdayOf(date) % 6 !== 0 && !isBankDay(date)) days.push(date.slice(5));
    return days.join(" ");
  };

  // The weekdays on which Banxico determined no FIX.
  it.each([
    [2007, "01-01 02-05 03-19 04-05 04-06 05-01 11-02 11-19 12-12 12-25"],
    [2008, "01-01 02-04 03-17 03-20 03-21 05-01 09-16 11-17 12-12 12-25"],
    [2010, "01-01 02-01 03-15 04-01 04-02 09-16 09-17 11-02 11-15"],
    [2012, "02-06 03-19 04-05 04-06 05-01 11-02 11-19 12-12 12-25"],
    [2018, "01-01 02-05 03-19 03-29 03-30 05-01 11-02 11-19 12-12 12-25"],
    [2022, "02-07 03-21 04-14 04-15 09-16 11-02 11-21 12-12"],
    [2023, "02-06 03-20 04-06 04-07 05-01 11-02 11-20 12-12 12-25"],
    [2024, "01-01 02-05 03-18 03-28 03-29 05-01 09-16 10-01 11-18 12-12 12-25"],
    [2030, "01-01 02-04 03-18 04-18 04-19 05-01 09-16 10-01 11-18 12-12 12-25"],
  ])("of %i leave out the weekdays %s", (year, days) => {
    expect(weekdayHolidays(year)).toBe(days);
    expect(closedWeekdays(year).map((date) => date.slice(5))).toEqual(days.split(" "));
  });

  it("keep 1 October and 1 December in years without an inauguration", () => {
    expect(["2025-10-01", "2026-10-01", "2023-12-01", "2024-12-02"].map((date) => isBankDay(date))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(isBankDay("2006-12-01")).toBe(false);
  });

  it("never lie more than five days apart, or on a weekend", () => {
    for (let day = "2007-01-02"; day < "2040-01-01"; day = nextBankDay(day)) {
      expect(weekdayOf(day) % 6).not.toBe(0);
      expect(daysBetween(day, nextBankDay(day))).toBeLessThanOrEqual(5);
    }
  });

  it("are found before and after any date", () => {
    fc.assert(
      fc.property(dates(), (date) => {
        expect(previousBankDay(nextBankDay(date))).toBe(lastBankDayOnOrBefore(date));
        expect(nextBankDay(date) > date && previousBankDay(date) < date).toBe(true);
        expect(
          [nextBankDay(date), previousBankDay(date), lastBankDayOnOrBefore(date)].every((day) => isBankDay(day)),
        ).toBe(true);
        expect(lastBankDayOnOrBefore(date) === date).toBe(isBankDay(date));
      }),
    );
  });

  it("are counted as one by one", () => {
    fc.assert(
      fc.property(dates(), fc.integer({ min: -400, max: 1500 }), (after, days) => {
        const upTo = addDays(after, days);
        expect(bankDaysAfter(after, upTo)).toBe(countBankDays(after, upTo));
      }),
      { numRuns: 300 },
    );
  });

  it("are counted over decades, and none backwards", () => {
    expect(bankDaysAfter("1991-11-12", "2023-12-29")).toBe(countBankDays("1991-11-12", "2023-12-29"));
    expect(bankDaysAfter("2023-12-29", "2023-12-29")).toBe(0);
    expect(bankDaysAfter("2023-12-29", "1991-11-12")).toBe(0);
  });
});

describe("closures that no rule foresees", () => {
  const day = dates("2009-01-01", "2011-12-31");
  const sets = fc.array(day, { maxLength: 30 }).map((list) => new Set(["2010-09-17", ...list]));

  it("are no bank days, and nothing else changes", () => {
    fc.assert(
      fc.property(day, sets, (date, closures) => {
        expect(isBankDay(date, closures)).toBe(isBankDay(date) && !closures.has(date));
        expect(isBankDay(nextBankDay(date, closures), closures)).toBe(true);
        expect(previousBankDay(nextBankDay(date, closures), closures)).toBe(lastBankDayOnOrBefore(date, closures));
      }),
    );
  });

  it("are left out of every count once, holidays and weekends among them", () => {
    fc.assert(
      fc.property(day, day, sets, (after, upTo, closures) => {
        let count = 0;
        for (let at = addDays(after, 1); at <= upTo; at = addDays(at, 1)) if (isBankDay(at, closures)) count++;
        expect(bankDaysAfter(after, upTo, closures)).toBe(count);
      }),
    );
  });

  it("are listed with the year's holidays, weekdays alone", () => {
    const closures = parseClosures("banxico:2023-12-26, banxico:2023-12-25,banxico:2023-12-30,banxico:2024-05-06")?.get(
      "banxico",
    );
    expect(closedWeekdays(2023, closures)).toEqual([
      ...["2023-02-06", "2023-03-20", "2023-04-06", "2023-04-07", "2023-05-01", "2023-11-02", "2023-11-20"],
      ...["2023-12-12", "2023-12-25", "2023-12-26"],
    ]);
  });
});

describe("declared closures", () => {
  it("are read by provider", () => {
    expect(parseClosures("")).toEqual(new Map());
    expect(parseClosures("banxico:2026-11-30, ecb:2027-05-05,banxico:2027-05-05,")).toEqual(
      new Map([
        ["banxico", new Set(["2026-11-30", "2027-05-05"])],
        ["ecb", new Set(["2027-05-05"])],
      ]),
    );
  });

  it.each([
    ...["2026-11-30", "banxico:2026-02-30", "banxico:30/11/2026", "banxico 2026-11-30", "banxico:"],
    ...["__proto__:2026-11-30", "BANXICO:2026-11-30", "banxico:2026-11-30;banxico:2026-12-01"],
  ])("are refused as %j", (text) => expect(parseClosures(text)).toBeUndefined());
});
