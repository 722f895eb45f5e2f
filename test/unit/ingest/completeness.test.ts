import { describe, expect, test } from "vitest";
import { completeRange as completeRangeOf, joined } from "#core/ingest/completeness.ts";
import { banxico } from "#core/providers/banxico.ts";
import { bdi } from "#core/providers/bdi.ts";
import { nbp } from "#core/providers/nbp.ts";
import type { DateRange } from "#core/providers/provider.ts";
import type { Observation } from "#core/rates/page.ts";
import { businessDaysIn, WEEKDAYS, withClosures } from "#core/time/calendars.ts";
import type { Closures } from "#core/time/closures.ts";
import { addDays } from "#core/time/dates.ts";
import { isBankDay } from "../../../tools/simulators/banxico/mexico.ts";

const WINDOW = { from: "2025-11-18", to: "2025-11-28" };
const YEAR = { from: "2025-01-01", to: "2025-11-28" };
const ANNOUNCED = "2025-11-28";

function days({ from, to }: { from: string; to: string }): string[] {
  const all: string[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) if (isBankDay(date)) all.push(date);
  return all;
}
function completeRange(observations: Observation[], asked: DateRange, announced: string, closures?: Closures) {
  const { publication } = banxico;
  const calendar = withClosures(publication.calendar, closures);
  return completeRangeOf(observations, {
    asked,
    vouched: null,
    isInPieces: false,
    publication: { ...publication, calendar },
    announced,
  });
}
const observed = (dates: readonly string[]): Observation[] => dates.map((date) => [date, "18.5000"]);

describe("the dates for which a response is whole", () => {
  test("are those that were requested, if it has a value for nearly each bank day", () => {
    expect(completeRange(observed(days(WINDOW)), WINDOW, ANNOUNCED)).toEqual(WINDOW);
    const taken = days(WINDOW).filter((date) => !["2025-11-20", "2025-11-25", "2025-11-28"].includes(date));
    expect(completeRange(observed(taken), WINDOW, ANNOUNCED)).toEqual(WINDOW);
    const longAgo = { from: "1998-01-01", to: "1998-12-31" };
    const otherHolidays = days(longAgo).filter((_, index) => index % 40 !== 0);
    expect(completeRange(observed(otherHolidays), longAgo, ANNOUNCED)).toEqual(longAgo);
  });

  test("include a day whose value is not out yet", () => {
    const range = { from: "2025-11-18", to: "2025-12-01" };
    expect(completeRange(observed(days(WINDOW)), range, ANNOUNCED)).toEqual(range);
  });

  test("include a week of declared closures, at an end and in between", () => {
    const closed = days({ from: "2025-11-24", to: "2025-11-28" });
    const closures = new Set(closed);
    const before = observed(days({ from: "2025-11-18", to: "2025-11-21" }));
    expect(completeRange(before, WINDOW, ANNOUNCED)).toEqual({ from: "2025-11-18", to: "2025-11-21" });
    expect(completeRange(before, WINDOW, ANNOUNCED, closures)).toEqual(WINDOW);
    const later = { from: "2025-11-18", to: "2025-12-05" };
    const around = observed(days(later).filter((date) => !closures.has(date)));
    expect(completeRange(around, later, "2025-12-05")).toBeNull();
    expect(completeRange(around, later, "2025-12-05", closures)).toEqual(later);
  });

  test("end where a response is cut, and begin there", () => {
    const all = days(YEAR);
    expect(completeRange(observed(all.slice(0, 100)), YEAR, ANNOUNCED)).toEqual({ from: YEAR.from, to: all[99] });
    expect(completeRange(observed(all.slice(100)), YEAR, ANNOUNCED)).toEqual({ from: all[100], to: YEAR.to });
    expect(completeRange(observed(days(WINDOW).slice(-2)), WINDOW, ANNOUNCED)?.from).toBe("2025-11-27");
  });

  test("are none if many are missing in between, or all", () => {
    const all = days(YEAR);
    expect(completeRange(observed([...all.slice(0, 50), ...all.slice(70)]), YEAR, ANNOUNCED)).toBeNull();
    expect(completeRange(observed(all.filter((_, index) => index % 2 === 0)), YEAR, ANNOUNCED)).toBeNull();
    expect(completeRange([], WINDOW, ANNOUNCED)).toBeNull();
  });

  test("may hold nothing in the first days of a year", () => {
    const january = { from: "2026-01-01", to: "2026-01-02" };
    expect(completeRange([], january, "2026-01-02")).toEqual(january);
  });
});

describe("the dates that an adapter vouches for", () => {
  const range = { from: "2026-03-02", to: "2026-03-06" };
  const coverage = { asked: range, publication: nbp.publication, announced: "2026-03-06", isInPieces: false };
  const some = observed(["2026-03-02", "2026-03-06"]);

  test("count where holidays are not known, and nothing else does", () => {
    expect(completeRangeOf(some, { ...coverage, vouched: null })).toBeNull();
    expect(completeRangeOf(some, { ...coverage, vouched: { from: "2026-02-20", to: "2026-03-04" } })).toEqual({
      from: "2026-03-02",
      to: "2026-03-04",
    });
    expect(completeRangeOf(some, { ...coverage, vouched: { from: "2026-02-20", to: "2026-02-27" } })).toBeNull();
  });

  test("end where a response is cut, and are none if most are missing in between, where holidays are not known too", () => {
    const year = { from: "2026-01-01", to: "2026-03-31" };
    const all = businessDaysIn(WEEKDAYS, year.from, year.to);
    const whole = { ...coverage, asked: year, vouched: year, announced: year.to };
    const rangeOf = (dates: readonly string[]) => completeRangeOf(observed(dates), whole);
    expect(rangeOf(all.slice(3, -3))).toEqual(year);
    expect(rangeOf(all.slice(-3))).toEqual({ from: all.at(-3), to: year.to });
    expect(rangeOf(all.slice(0, 10))).toEqual({ from: year.from, to: all[9] });
    expect(rangeOf(all.filter((_, index) => index % 3 === 0))).toBeNull();
  });

  test("count too where a day's response may have come without its table", () => {
    const joinedUp = { ...coverage, publication: bdi.publication, vouched: { from: "2026-03-06", to: "2026-03-06" } };
    expect(completeRangeOf(some, { ...joinedUp, isInPieces: true })).toEqual({ from: "2026-03-06", to: "2026-03-06" });
    expect(completeRangeOf(some, { ...joinedUp, isInPieces: true, vouched: null })).toBeNull();
    expect(completeRangeOf(some, joinedUp)).toEqual(range);
  });

  test("of two responses are one range if nothing is published between them", () => {
    const [friday, monday] = ["2026-03-06", "2026-03-09"];
    const joinedDays = joined({ from: friday, to: friday }, { from: monday, to: monday }, bdi.publication);
    expect(joinedDays).toEqual({ from: friday, to: monday });
    expect(
      joined({ from: "2026-03-05", to: "2026-03-05" }, { from: monday, to: monday }, bdi.publication),
    ).toBeUndefined();
  });
});
