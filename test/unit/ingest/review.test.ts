import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Candidate, reviewerOf } from "#core/ingest/review.ts";
import { banxico } from "#core/providers/banxico.ts";
import { weekdayOf } from "#core/time/dates.ts";
import { mexicoCityDate } from "../../../tools/simulators/banxico/mexico.ts";
import { dates, rates } from "../arbitraries.ts";

const nowMs = Date.parse("2023-12-29T20:00:00Z");
const FIX = "banxico.SF43718";

const review = ({ series, date, value }: Candidate, atMs: number) => reviewerOf(series, atMs)(date, value);
const verdict = (date: string, value: string, series = FIX) => review({ series, date, value }, nowMs);

describe("review", () => {
  it("lets a rate of a bank day through", () => {
    expect(verdict("2023-12-29", "16.9190")).toBeUndefined();
    expect(verdict("1991-11-12", "3.0735")).toBeUndefined();
  });

  it.each(["banxico.SF0", "SF43718", "", "__proto__"])("refuses the series %j", (series) =>
    expect(verdict("2023-12-29", "16.9190", series)).toBe("unknown_series"),
  );

  it.each(["N/E", "0", "0.0000", "-16.9", "16,9190", "", "1e1", "NaN", " 16.9190"])("refuses the value %j", (value) =>
    expect(verdict("2023-12-29", value)).toBe("not_a_rate"),
  );

  it("refuses what is of a later day than today in Mexico City", () => {
    expect(verdict("2024-01-02", "16.9")).toBe("in_the_future");
    const lateEvening = Date.parse("2023-12-29T05:00:00Z"); // the 29th in UTC, still the 28th there
    const candidate = { series: FIX, value: "16.9190" };
    expect(review({ ...candidate, date: "2023-12-29" }, lateEvening)).toBe("in_the_future");
    expect(review({ ...candidate, date: "2023-12-28" }, lateEvening)).toBeUndefined();
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

  it("refuses what is of a day before the series began", () => {
    for (const { id, since } of banxico.series) {
      expect(verdict(since, "16.9", id)).toBeUndefined();
      expect(verdict("1991-11-11", "16.9", id)).toBe("before_first_date");
    }
    expect(verdict("1998-12-31", "11.5", "banxico.SF46410")).toBe("before_first_date");
  });

  it.each([
    // The TRM of Friday evening is Saturday's and holds until Monday; nothing of the ECB is of a weekend.
    ["banrep.USD", "2023-12-30", undefined],
    ["cbr.USD", "2023-12-30", undefined],
    ["ecb.USD", "2023-12-23", "on_a_weekend"],
    ["bdi.TRY", "2023-12-23", "on_a_weekend"],
    // What is in force tomorrow or next week is published today, by some.
    ["cbr.USD", "2024-01-09", undefined],
    ["cbr.USD", "2024-01-10", "in_the_future"],
    ["ecb.USD", "2024-01-02", "in_the_future"],
    ["ecb.USD", "1998-12-31", "before_first_date"],
  ])("takes the provider's word for %s on %s", (series, date, reason) =>
    expect(verdict(date, "16.9190", series)).toBe(reason),
  );

  it("knows each provider's today", () => {
    const midnight = Date.parse("2023-12-28T23:30:00Z"); // the 29th in Frankfurt, not yet in New York
    expect(review({ series: "ecb.USD", date: "2023-12-29", value: "1.1" }, midnight)).toBeUndefined();
    expect(review({ series: "boc.USD", date: "2023-12-29", value: "1.3" }, midnight)).toBe("in_the_future");
  });

  it("does not depend on the clock, once the day has come", () => {
    fc.assert(
      fc.property(dates("1991-11-12", "2023-12-29"), rates, fc.nat(1000), (date, value, later) => {
        const candidate = { series: FIX, date, value };
        const then = Date.parse(date) + 86_400_000;
        fc.pre(mexicoCityDate(then) >= date);
        expect(review(candidate, then + later * 86_400_000)).toBe(review(candidate, then));
      }),
    );
  });
});
