import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barsOf, INTERVALS, intervalBounds } from "#core/rates/bars.ts";
import type { Fixing } from "#core/rates/fixing.ts";
import { addDays, daysBetween } from "#core/time/dates.ts";
import { OCTOBER_2008 } from "../api/figures.ts";
import { dates, fixingLists } from "../arbitraries.ts";

import { routeOf } from "../catalogues.ts";

const USD_MXN = routeOf("USD", "MXN");
const intervals = fc.constantFrom(...INTERVALS);
const value = ({ values: [text] }: Fixing) => Number(text);

/** The interval of a date by another way: the ISO week, or parts of the date's text. */
function labelOf(date: string, interval: (typeof INTERVALS)[number]): string {
  const [year = "", month = ""] = date.split("-");
  if (interval === "year") return year;
  if (interval === "month") return `${year}-${month}`;
  if (interval === "quarter") return `${year}-Q${"0111222333444"[Number(month)]}`;
  // 1970-01-05 was a Monday.
  return `week ${Math.floor(daysBetween("1970-01-05", date) / 7)}`;
}

describe("bars", () => {
  it("are those of grouping the fixings by their interval", () => {
    fc.assert(
      fc.property(fixingLists(9), intervals, (fixings, interval) => {
        const groups = [...Map.groupBy(fixings, ({ date }) => labelOf(date, interval)).values()];
        const bars = barsOf(USD_MXN, fixings, interval, "1990-01-01", "2040-12-31");
        expect(bars.map(({ open, close, observations }) => [open, close, observations])).toEqual(
          groups.map((group) => [group[0], group.at(-1), group.length]),
        );
        expect(bars.map(({ high, low }) => [value(high), value(low)])).toEqual(
          groups.map((group) => [Math.max(...group.map(value)), Math.min(...group.map(value))]),
        );
      }),
    );
  });

  it("of a longer interval are made of those of a shorter one", () => {
    fc.assert(
      fc.property(fixingLists(9), (fixings) => {
        const months = barsOf(USD_MXN, fixings, "month", "1990-01-01", "2040-12-31");
        for (const year of barsOf(USD_MXN, fixings, "year", "1990-01-01", "2040-12-31")) {
          const own = months.filter(({ from }) => from >= year.from && from <= year.to);
          expect(own.reduce((total, { observations }) => total + observations, 0)).toBe(year.observations);
          expect(Math.max(...own.map(({ high }) => value(high)))).toBe(value(year.high));
          expect([own[0]?.open, own.at(-1)?.close]).toEqual([year.open, year.close]);
        }
      }),
    );
  });

  it("name the first date of the highest and of the lowest, and none is drawn where there is no fixing", () => {
    const fixings = ["5", "7", "3", "7", "3"].map((value, day) => ({ date: `2023-01-0${day + 2}`, values: [value] }));
    const march = { date: "2023-03-15", values: ["4"] };
    const bars = barsOf(USD_MXN, [...fixings, march], "month", "2023-01-03", "2023-03-20");
    expect(bars.map(({ from, to, high, low }) => [from, to, high.date, low.date])).toEqual([
      ["2023-01-03", "2023-01-31", "2023-01-03", "2023-01-04"],
      ["2023-03-01", "2023-03-20", "2023-03-15", "2023-03-15"],
    ]);
    expect(barsOf(USD_MXN, [], "week", "2023-01-01", "2023-12-31")).toEqual([]);
  });

  it("of October 2008 are those of the published figures", () => {
    const fixings = OCTOBER_2008.map(([date, value]) => ({ date, values: [value] }));
    const october = barsOf(USD_MXN, fixings, "month", "2008-09-30", "2008-11-03")[1];
    expect(october).toEqual({
      from: "2008-10-01",
      to: "2008-10-31",
      open: { date: "2008-10-01", values: ["10.9811"] },
      high: { date: "2008-10-22", values: ["13.5592"] },
      low: { date: "2008-10-01", values: ["10.9811"] },
      close: { date: "2008-10-31", values: ["12.7125"] },
      observations: 23,
    });
  });
});

describe("an interval", () => {
  it("holds its date and borders on the next one", () => {
    fc.assert(
      fc.property(dates(), intervals, (date, interval) => {
        const { from, to } = intervalBounds(date, interval);
        expect(from <= date && date <= to).toBe(true);
        expect(labelOf(from, interval)).toBe(labelOf(to, interval));
        expect(intervalBounds(addDays(to, 1), interval).from).toBe(addDays(to, 1));
        expect(intervalBounds(addDays(from, -1), interval).to).toBe(addDays(from, -1));
      }),
    );
  });

  it.each([
    ["2024-12-30", "week", "2024-12-30", "2025-01-05"],
    ["2023-01-01", "week", "2022-12-26", "2023-01-01"],
    ["2024-02-29", "quarter", "2024-01-01", "2024-03-31"],
    ["2023-12-31", "quarter", "2023-10-01", "2023-12-31"],
    ["2024-02-10", "month", "2024-02-01", "2024-02-29"],
  ] as const)("of %s by %s is from %s to %s", (date, interval, from, to) =>
    expect(intervalBounds(date, interval)).toEqual({ from, to }),
  );
});
