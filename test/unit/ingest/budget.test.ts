import fc from "fast-check";
import { expect, test } from "vitest";
import { countedFields, isWithinBudget, usageOf, uselessFields } from "#core/ingest/budget.ts";

const START_MS = Date.parse("2023-12-29T05:00:00Z");
const policy = { BANXICO_REQUESTS_PER_DAY: 40, BANXICO_REQUESTS_PER_5_MIN: 7 };

test("whenever requests are made, no five minutes and no day in Mexico City has more than the budget", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 400 }), (gapsMs) => {
      let counts: Record<string, number> = {};
      const madeMs: number[] = [];
      let nowMs = START_MS;
      for (const gapMs of gapsMs) {
        nowMs += gapMs;
        if (!isWithinBudget(usageOf(counts, nowMs, policy), policy)) continue;
        for (const field of countedFields(nowMs)) counts[field] = (counts[field] ?? 0) + 1;
        const expired = uselessFields(counts, nowMs, policy);
        counts = Object.fromEntries(Object.entries(counts).filter(([field]) => !expired.includes(field)));
        madeMs.push(nowMs);
      }
      for (const ms of madeMs) {
        const window = madeMs.filter((other) => other >= ms && other < ms + 300_000).length;
        expect(window).toBeLessThanOrEqual(policy.BANXICO_REQUESTS_PER_5_MIN);
      }
      const days = Map.groupBy(madeMs, (ms) => countedFields(ms)[0]);
      for (const [, ofDay] of days) expect(ofDay.length).toBeLessThanOrEqual(policy.BANXICO_REQUESTS_PER_DAY);
    }),
  );
});

test("the day is Mexico City's", () => {
  expect(countedFields(Date.parse("2023-12-30T05:59:59Z"))[0]).toBe("requests:day:2023-12-29");
  expect(countedFields(Date.parse("2023-12-30T06:00:00Z"))[0]).toBe("requests:day:2023-12-30");
});

test("counts that make no sense count as none and are removed, and fields that are not counts are left alone", () => {
  const [day, minute] = countedFields(START_MS);
  for (const garbage of ["x", "-4", "NaN", "1e9", "999999999999999999", "81", ""]) {
    const counts = { "newest:x": "1", [day]: garbage, [minute]: garbage };
    expect(usageOf(counts, START_MS, policy)).toEqual({ today: 0, inFiveMinutes: 0 });
    expect(uselessFields(counts, START_MS, policy)).toEqual([day, minute]);
  }
  const later = `requests:minute:${Math.floor(START_MS / 60_000) + 99}`;
  expect(uselessFields({ "requests:minute:x": "1", [minute]: 1, [later]: 1 }, START_MS, policy)).toEqual([
    "requests:minute:x",
    later,
  ]);
});
