import { describe, expect, it } from "vitest";
import {
  businessDaysIn,
  closedWeekdays,
  isBusinessDay,
  lastBusinessDay,
  MEXICO,
  nextBusinessDay,
  TARGET,
  WEEKDAYS,
} from "#core/time/calendars.ts";
import { addDays } from "#core/time/dates.ts";
import { isBankDay } from "../../../tools/simulators/banxico/mexico.ts";

describe("TARGET", () => {
  // Weekdays without a reference rate of the ECB's.
  it.each([
    [1999, "01-01 12-31"],
    [2000, "04-21 04-24 05-01 12-25 12-26"],
    [2001, "01-01 04-13 04-16 05-01 12-25 12-26 12-31"],
    [2008, "01-01 03-21 03-24 05-01 12-25 12-26"],
    [2023, "04-07 04-10 05-01 12-25 12-26"],
    [2026, "01-01 04-03 04-06 05-01 12-25"],
  ])("is closed in %i on the weekdays %s", (year, days) =>
    expect(
      closedWeekdays(TARGET, year)
        .map((date) => date.slice(5))
        .join(" "),
    ).toBe(days),
  );

  it("opens 254 to 259 days a year, never more than five days apart", () => {
    for (let year = 1999; year < 2040; year++) {
      const count = businessDaysIn(TARGET, `${year}-01-01`, `${year}-12-31`).length;
      expect(count >= 254 && count <= 259).toBe(true);
    }
    for (let day = "1999-01-04"; day < "2040-01-01"; ) {
      const next = nextBusinessDay(TARGET, day);
      expect(next <= addDays(day, 5)).toBe(true);
      day = next;
    }
  });

  it("knows nothing of Mexico's holidays, nor Mexico of its", () => {
    expect(isBusinessDay(TARGET, "2026-09-16")).toBe(true);
    expect(isBusinessDay(MEXICO, "2026-09-16")).toBe(false);
    expect(isBusinessDay(MEXICO, "2026-04-06")).toBe(true);
    expect(isBusinessDay(TARGET, "2026-04-06")).toBe(false);
  });
});

describe("calendars", () => {
  it("give the last day on or before a date and the next one after it", () => {
    expect(lastBusinessDay(TARGET, "2026-04-06")).toBe("2026-04-02");
    expect(lastBusinessDay(TARGET, "2026-04-02")).toBe("2026-04-02");
    expect(nextBusinessDay(TARGET, "2026-04-02")).toBe("2026-04-07");
    expect(lastBusinessDay(WEEKDAYS, "2026-04-05")).toBe("2026-04-03");
  });

  it("of Mexico are those of the FIX", () => {
    for (let date = "2026-01-01"; date < "2027-01-01"; date = addDays(date, 1))
      expect(isBusinessDay(MEXICO, date)).toBe(isBankDay(date));
  });

  it("without holidays are closed on no weekday, and say that they do not know", () => {
    expect(closedWeekdays(WEEKDAYS, 2026)).toEqual([]);
    expect([TARGET.isExact, MEXICO.isExact, WEEKDAYS.isExact]).toEqual([true, true, false]);
  });
});
