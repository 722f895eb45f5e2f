import fc from "fast-check";
import { expect, test } from "vitest";
import { allowanceOf, countedFields, usageOf, uselessFields } from "#core/ingest/budget.ts";
import { MEXICO_CITY } from "#core/time/zones.ts";

const START_MS = Date.parse("2023-12-29T05:00:00Z");
const budget = { perDay: 40, perFiveMinutes: 7 };
const zone = MEXICO_CITY;

test("whenever requests are made, no five minutes and no day in Mexico City has more than the budget", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 400 }), (gapsMs) => {
      let counts: Record<string, number> = {};
      const madeMs: number[] = [];
      let nowMs = START_MS;
      for (const gapMs of gapsMs) {
        nowMs += gapMs;
        if (allowanceOf(usageOf(counts, nowMs, zone, budget), budget) < 1) continue;
        for (const field of countedFields(nowMs, zone)) counts[field] = (counts[field] ?? 0) + 1;
        const expired = uselessFields(counts, nowMs, zone, budget);
        counts = Object.fromEntries(Object.entries(counts).filter(([field]) => !expired.includes(field)));
        madeMs.push(nowMs);
      }
      for (const ms of madeMs) {
        const window = madeMs.filter((other) => other >= ms && other < ms + 300_000).length;
        expect(window).toBeLessThanOrEqual(budget.perFiveMinutes);
      }
      const days = Map.groupBy(madeMs, (ms) => countedFields(ms, zone)[0]);
      for (const [, ofDay] of days) expect(ofDay.length).toBeLessThanOrEqual(budget.perDay);
    }),
  );
});

test("the day is Mexico City's", () => {
  expect(countedFields(Date.parse("2023-12-30T05:59:59Z"), zone)[0]).toBe("requests:day:2023-12-29");
  expect(countedFields(Date.parse("2023-12-30T06:00:00Z"), zone)[0]).toBe("requests:day:2023-12-30");
});

test("counts that make no sense count as none and are removed, and fields that are not counts are left alone", () => {
  const [day, minute] = countedFields(START_MS, zone);
  for (const garbage of ["x", "-4", "NaN", "1e9", "999999999999999999", "81", ""]) {
    const counts = { "newest:x": "1", [day]: garbage, [minute]: garbage };
    expect(usageOf(counts, START_MS, zone, budget)).toEqual({ today: 0, inFiveMinutes: 0 });
    expect(uselessFields(counts, START_MS, zone, budget)).toEqual([day, minute]);
  }
  const later = `requests:minute:${Math.floor(START_MS / 60_000) + 99}`;
  expect(uselessFields({ "requests:minute:x": "1", [minute]: 1, [later]: 1 }, START_MS, zone, budget)).toEqual([
    "requests:minute:x",
    later,
  ]);
});

test("a share of the budget leaves the rest to others", () => {
  expect(allowanceOf({ today: 20, inFiveMinutes: 0 }, budget, 0.6)).toBe(4);
  expect(allowanceOf({ today: 0, inFiveMinutes: 3 }, budget, 0.6)).toBe(1);
  expect(allowanceOf({ today: 30, inFiveMinutes: 0 }, budget, 0.6)).toBe(0);
});
