import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freshnessOf, outlookAt } from "#core/rates/freshness.ts";
import { MEXICO, TARGET, WEEKDAYS } from "#core/time/calendars.ts";
import { addDays } from "#core/time/dates.ts";
import {
  announcedAtMs,
  expectedLatest,
  nextDateAfter,
  type Publication,
  publicationsAfter,
} from "#core/time/publication.ts";
import { BERLIN, BOGOTA, MEXICO_CITY, SANTIAGO, WARSAW } from "#core/time/zones.ts";

const common = { dated: "same_day", toleranceDays: 0, graceMinutes: 60 } as const;
const ecb: Publication = { ...common, zone: BERLIN, calendar: TARGET, at: "16:00" };
const banxico: Publication = { ...common, zone: MEXICO_CITY, calendar: MEXICO, at: "12:00", graceMinutes: 15 };
const trm: Publication = {
  ...common,
  zone: BOGOTA,
  calendar: WEEKDAYS,
  at: "18:00",
  dated: "next_day",
  toleranceDays: 4,
};
const chile: Publication = { ...common, zone: SANTIAGO, calendar: WEEKDAYS, at: "18:00", dated: "next_business_day" };
const weekly: Publication = { ...common, zone: WARSAW, calendar: WEEKDAYS, at: "12:15", weekday: 3 };

const at = (instant: string) => Date.parse(instant);
const isStale = (publication: Publication, latest: string, nowMs: number) =>
  freshnessOf(latest, outlookAt(publication, nowMs)).stale;
const missedAt = (publication: Publication, latest: string, nowMs: number) =>
  publicationsAfter(publication, latest, expectedLatest(publication, nowMs));
const nextAfterMs = (publication: Publication, date: string) =>
  announcedAtMs(publication, nextDateAfter(publication, date));

describe("the newest value that must be there", () => {
  it.each([
    [ecb, "2026-03-13T15:59:59Z", "2026-03-12"], // Friday, grace until 17:00 in Berlin
    [ecb, "2026-03-13T16:00:00Z", "2026-03-13"],
    [ecb, "2026-03-31T15:00:00Z", "2026-03-31"], // summer time
    [ecb, "2026-04-06T20:00:00Z", "2026-04-02"], // Easter Monday
    [ecb, "2026-04-07T14:59:59Z", "2026-04-02"],
    [ecb, "2026-04-07T15:00:00Z", "2026-04-07"],
    [banxico, "2026-04-06T18:14:59Z", "2026-04-01"], // after Maundy Thursday and Good Friday
    [banxico, "2026-04-06T18:15:00Z", "2026-04-06"],
    [trm, "2026-03-20T23:59:59Z", "2026-03-20"], // announced on Thursday
    [trm, "2026-03-21T00:00:00Z", "2026-03-21"], // Friday, 19:00 in Bogotá: the rate of Saturday
    [chile, "2026-03-13T22:00:00Z", "2026-03-16"], // Friday, 19:00 in Santiago: the rate of Monday
    [weekly, "2026-03-10T12:00:00Z", "2026-03-04"],
    [weekly, "2026-03-11T12:15:00Z", "2026-03-11"],
  ])("of %o at %s is that of %s", (publication, now, date) => expect(expectedLatest(publication, at(now))).toBe(date));
});

describe("staleness", () => {
  it("is a missed announcement, beyond what holidays may explain", () => {
    expect(isStale(ecb, "2026-04-02", at("2026-04-07T14:00:00Z"))).toBe(false);
    expect(isStale(ecb, "2026-04-02", at("2026-04-07T15:00:00Z"))).toBe(true);
    expect(isStale(trm, "2026-03-21", at("2026-03-26T04:59:59Z"))).toBe(false); // the 25th in Bogotá
    expect(isStale(trm, "2026-03-21", at("2026-03-26T05:00:00Z"))).toBe(true);
  });

  it("is counted in announcements", () => {
    expect(missedAt(ecb, "2026-04-02", at("2026-04-08T20:00:00Z"))).toBe(2);
    expect(missedAt(ecb, "2026-04-08", at("2026-04-08T20:00:00Z"))).toBe(0);
    expect(missedAt(chile, "2026-03-13", at("2026-03-13T22:00:00Z"))).toBe(1);
    expect(missedAt(trm, "2026-03-20", at("2026-03-23T12:00:00Z"))).toBe(1);
    expect(missedAt(weekly, "2026-02-25", at("2026-03-12T12:00:00Z"))).toBe(2);
  });
});

describe("announcements", () => {
  it("of a date happen at their time on the wall", () => {
    expect(announcedAtMs(ecb, "2026-03-13")).toBe(at("2026-03-13T15:00:00Z"));
    expect(announcedAtMs(trm, "2026-03-21")).toBe(at("2026-03-20T23:00:00Z"));
    expect(announcedAtMs(chile, "2026-03-16")).toBe(at("2026-03-13T21:00:00Z"));
  });

  it("that come next are on the next day of publication", () => {
    expect(nextAfterMs(ecb, "2026-04-01")).toBe(at("2026-04-02T14:00:00Z"));
    expect(nextAfterMs(ecb, "2026-04-02")).toBe(at("2026-04-07T14:00:00Z"));
    expect(nextAfterMs(weekly, "2026-03-04")).toBe(at("2026-03-11T11:15:00Z"));
  });

  it("and expectations agree at any instant", () => {
    const publications = fc.constantFrom(ecb, banxico, trm, chile, weekly);
    const instants = fc.integer({ min: at("2020-01-01"), max: at("2030-12-31") });
    fc.assert(
      fc.property(publications, instants, (publication, nowMs) => {
        const expected = expectedLatest(publication, nowMs);
        expect(announcedAtMs(publication, expected) + publication.graceMinutes * 60_000).toBeLessThanOrEqual(nowMs);
        expect(isStale(publication, expected, nowMs)).toBe(false);
        expect(isStale(publication, addDays(expected, -publication.toleranceDays - 7), nowMs)).toBe(true);
        const nextDueMs = nextAfterMs(publication, expected) + publication.graceMinutes * 60_000;
        expect(nextDueMs).toBeGreaterThan(nowMs);
        expect(expectedLatest(publication, nextDueMs)).toBe(nextDateAfter(publication, expected));
      }),
    );
  });
});
