import { describe, expect, it } from "vitest";
import { banrep } from "#core/providers/banrep.ts";
import { bcch } from "#core/providers/bcch.ts";
import { cbr } from "#core/providers/cbr.ts";
import { ecb } from "#core/providers/ecb.ts";
import { closedWeekdays } from "#core/time/calendars.ts";
import { addDays } from "#core/time/dates.ts";
import { expectedLatest, nextDateAfter } from "#core/time/publication.ts";
import { bankDays, watchedPair } from "../../../web/lib/bank-days.ts";
import { changeOf, dateInMexico, groupsOf, showDate, showTime, showWait } from "../../../web/lib/format.ts";
import { extremesOf, indexOfDate, lineOf, nearest, withRate } from "../../../web/lib/line.ts";
import { meanAt, movingAverages } from "../../../web/lib/moving-average.ts";
import { pastedDates } from "../../../web/lib/pasted-dates.ts";
import { countriesOf, searchable } from "../../../web/lib/regions.ts";
import { POLL_MS, waitMs } from "../../../web/lib/schedule.ts";

describe("dates and times", () => {
  it("are those of the calendar, in the reader's words", () => {
    expect(showDate("2023-12-29", "es", "long")).toBe("viernes, 29 de diciembre de 2023");
    expect(showDate("2023-12-29", "en", "long")).toBe("Friday, 29 December 2023");
    expect(showDate("2024-03-01", "es", "short")).toBe("1 mar");
  });

  it("are Mexico City's where they are of an instant", () => {
    const ms = Date.parse("2024-01-03T04:30:05Z");
    expect(dateInMexico(ms)).toBe("2024-01-02");
    expect(showTime(ms, "es")).toBe("22:30");
    expect(showTime(ms, "en", true)).toBe("22:30:05");
  });

  it.each([
    [30_000, "1 min"],
    [59 * 60_000, "59 min"],
    [134 * 60_000, "2 h 14 min"],
    [(3 * 24 + 21) * 3_600_000, "3 d 21 h"],
  ])("%i ms to wait are %s", (ms, text) => expect(showWait(ms)).toBe(text));
});

describe("rates", () => {
  it("differ exactly", () => {
    expect(changeOf("17.1882", "17.2009")).toEqual({ direction: "down", absolute: "−0.0127", percent: "−0.07" });
    expect(changeOf("0.1156", "0.1155")).toEqual({ direction: "up", absolute: "+0.0001", percent: "+0.09" });
    expect(changeOf("17.10", "17.1")).toEqual({ direction: "none", absolute: "+0.00", percent: "+0.00" });
    // As doubles, 0.3 - 0.1 is 0.19999999999999998.
    expect(changeOf("0.3", "0.1").absolute).toBe("+0.2");
  });

  it.each(["1", "999.5", "1718.82", "17188.20", "1270107.52688172", "-12345.60"])(
    "%s keeps its digits in groups",
    (text) => expect(groupsOf(text).join("")).toBe(text),
  );

  it("are grouped from five digits on", () => {
    expect(groupsOf("1718.82")).toEqual(["1718.82"]);
    expect(groupsOf("1270107.52688172")).toEqual(["1", "270", "107.52688172"]);
  });

  it("average as the API does", () => {
    const rates = ["1.1", "1.2", "1.4", "10.00000000000001"];
    expect(meanAt(rates, 1, 3)).toBeUndefined();
    expect(meanAt(rates, 2, 3)).toBe("1.233333");
    expect(meanAt(rates, 3, 2)).toBe("5.70000000000000");
    expect(movingAverages(rates.slice(0, 3), 2)).toEqual([null, expect.closeTo(1.15), expect.closeTo(1.3)]);
  });
});

describe("a line", () => {
  const box = { width: 100, height: 50, left: 0, right: 0, top: 0, bottom: 0 };
  const points = [
    { date: "2023-12-22", rate: "17.0000" },
    { date: "2023-12-26", rate: "17.5000" },
    { date: "2024-01-01", rate: "16.5000" },
  ];

  it("has dates to scale and the highest on top", () => {
    const { xs, ys, low, high } = lineOf(points, box);
    expect(xs).toEqual([0, 40, 100]);
    expect(ys).toEqual([25, 0, 50]);
    expect([low, high]).toEqual([2, 1]);
    expect(nearest(xs, 69)).toBe(1);
    expect(nearest(xs, 71)).toBe(2);
  });

  it("of one value lies in the box", () => {
    const flat = points.map(({ date }) => ({ date, rate: "1" }));
    for (const y of lineOf(flat, box).ys) expect(y).toBe(50);
  });

  it("takes a rate in, or in place of that of its date", () => {
    const added = { date: "2023-12-28", rate: "17.1" };
    expect(withRate(points, added).map(({ date }) => date)).toEqual([
      "2023-12-22",
      "2023-12-26",
      "2023-12-28",
      "2024-01-01",
    ]);
    expect(withRate(points, { date: "2024-01-01", rate: "18" }).at(-1)?.rate).toBe("18");
    expect(withRate(points, { date: "2024-01-01", rate: null }).map(({ date }) => date)).toEqual([
      "2023-12-22",
      "2023-12-26",
    ]);
  });

  it.each([
    ["2023-12-26", 1],
    ["2023-12-25", 1],
    ["2023-01-01", 0],
    ["2024-01-02", 2],
    [undefined, 2],
  ])("has %s, or what follows it, at %i", (date, index) => {
    const dates = points.map((point) => point.date);
    expect(indexOfDate(dates, date)).toBe(index);
  });

  it("has the published text of its extremes", () => {
    expect(extremesOf(points.map(({ rate }) => rate))).toEqual({ low: "16.5000", high: "17.5000" });
  });
});

describe("what is waited for", () => {
  const quiet = { failures: 0, nowMs: 0, nextUpdateMs: undefined, isLive: false, random: 0.5 };

  it("is half a minute, or less where a rate is due", () => {
    expect(waitMs(quiet)).toBe(POLL_MS);
    expect(waitMs({ ...quiet, nextUpdateMs: 10_000 })).toBe(12_000);
    expect(waitMs({ ...quiet, nextUpdateMs: 3_600_000 })).toBe(POLL_MS);
    expect(waitMs({ ...quiet, isLive: true })).toBe(10 * POLL_MS);
    expect(waitMs({ ...quiet, isLive: true, nextUpdateMs: 58_000 })).toBe(60_000);
    // Overdue: nothing says when it will come.
    expect(waitMs({ ...quiet, nowMs: 60_000, nextUpdateMs: 10_000 })).toBe(POLL_MS);
  });

  it("grows while nothing answers, and never beyond half a minute and its spread", () => {
    const waits = [1, 2, 3, 4, 5, 50].map((failures) => waitMs({ ...quiet, failures }));
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(waitMs({ ...quiet, failures: 50, random: 1 })).toBeLessThanOrEqual(1.25 * POLL_MS);
  });
});

describe("a search", () => {
  it("finds a currency by the countries that use it, in both languages", () => {
    expect(countriesOf("EUR", "es")).toContain("Alemania");
    expect(countriesOf("EUR", "en")).toContain("Germany");
    expect(countriesOf("XDR", "es")).toEqual([]);
    expect(searchable("Perú, dólar ÑANDÚ")).toBe("peru, dolar nandu");
  });
});

describe("bank days", () => {
  it("are the weekdays that are not closed, up to the expected one", () => {
    const days = bankDays(
      "2023-12-29",
      { closed: new Set(["2023-12-25"]), dated: "same_day" },
      new Set(["2023-12-29", "2023-12-27"]),
      5,
    );
    expect(days).toEqual([
      { date: "2023-12-22", isThere: false },
      { date: "2023-12-26", isThere: false },
      { date: "2023-12-27", isThere: true },
      { date: "2023-12-28", isThere: false },
      { date: "2023-12-29", isThere: true },
    ]);
    expect(days.some(({ date }) => date === addDays("2023-12-22", 1))).toBe(false);
  });

  it.each([cbr, banrep, bcch, ecb])("of a provider that has published all are all there: $id", ({ publication }) => {
    const expected = expectedLatest(publication, Date.parse("2025-11-29T12:00:00Z"));
    const observed = new Set<string>();
    for (let date = "2025-08-01"; date <= expected; date = nextDateAfter(publication, date)) observed.add(date);
    const { calendar, dated } = publication;
    const closed = new Set([2024, 2025].flatMap((year) => closedWeekdays(calendar, year)));
    const days = bankDays(expected, { closed, dated }, observed, 60);
    expect(days.at(-1)).toEqual({ date: expected, isThere: true });
    expect(days.filter(({ isThere }) => !isThere)).toEqual([]);
    expect(days).toHaveLength(60);
  });

  it("are watched by the provider's own currency", () => {
    expect(watchedPair("MXN")).toEqual({ base: "USD", quote: "MXN" });
    expect(watchedPair("EUR")).toEqual({ base: "EUR", quote: "USD" });
  });
});

it("reads dates as they are pasted, days before months", () => {
  const text = "2026-03-15\n15/03/2026;5-3-26\t2026-02-30, 13/13/2026 2026-03-15T10:00:00 lunes";
  expect(pastedDates(text)).toEqual({
    dates: ["2026-03-15", "2026-03-15", "2026-03-05", "2026-03-15"],
    unread: ["2026-02-30", "13/13/2026", "lunes"],
  });
});
