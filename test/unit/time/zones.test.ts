import { describe, expect, it } from "vitest";
import { PROVIDERS } from "#core/providers/provider-list.ts";
import * as zones from "#core/time/zones.ts";

const HOUR_MS = 3_600_000;
/** Those that providers define for themselves too. */
const ALL = new Set([
  ...Object.values(zones).filter((value): value is zones.Zone => typeof value === "object"),
  ...PROVIDERS.map(({ publication }) => publication.zone),
]);
const END_MS = Date.UTC(2031, 0, 1);

/** What the runtime's time zone database adds to UTC. */
function offsetIn(id: string): (ms: number) => number {
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: id, dateStyle: "short", timeStyle: "medium" });
  return (ms) => Date.parse(`${clock.format(ms).replace(" ", "T")}Z`) - ms;
}

describe.each([...ALL])("the clock of $id", ({ id, sinceMs, offsetMs }) => {
  const startMs = Math.max(sinceMs, Date.UTC(1999, 0, 1));
  const expected = offsetIn(id);

  it("agrees with the time zone database at noon of each day until 2030", () => {
    const wrong: string[] = [];
    for (let ms = startMs + 12 * HOUR_MS; ms < END_MS; ms += 24 * HOUR_MS)
      if (offsetMs(ms) !== expected(ms)) wrong.push(new Date(ms).toISOString());
    expect(wrong).toEqual([]);
  });

  it("agrees with it in each hour around each change", () => {
    const wrong: string[] = [];
    let changes = 0;
    for (let ms = startMs; ms < END_MS; ms += 24 * HOUR_MS) {
      if (offsetMs(ms) === offsetMs(ms + 24 * HOUR_MS)) continue;
      changes++;
      for (let hour = ms - 24 * HOUR_MS; hour <= ms + 48 * HOUR_MS; hour += HOUR_MS)
        // The database's clock shows no milliseconds.
        for (const instant of [hour - 1, hour])
          if (offsetMs(instant) !== expected(Math.floor(instant / 1_000) * 1_000))
            wrong.push(new Date(instant).toISOString());
    }
    expect(wrong).toEqual([]);
    const isFixed = /Bogota|Paulo|Buenos|Moscow|UTC/.test(id);
    expect(changes > 0).toBe(!isFixed);
  });

  it("gives the instants at which it shows a time", () => {
    for (let ms = startMs + 12 * HOUR_MS; ms < END_MS; ms += 7 * 24 * HOUR_MS) {
      const date = zones.dateIn({ id, sinceMs, offsetMs }, ms);
      const instant = zones.instantOf({ id, sinceMs, offsetMs }, date, zones.minutesOf("16:15"));
      expect(new Date(instant + expected(instant)).toISOString()).toBe(`${date}T16:15:00.000Z`);
    }
  });
});

describe("an instant", () => {
  it("on the day of a change is that of the wall clock", () => {
    expect(zones.instantOf(zones.BERLIN, "2026-03-29", 0)).toBe(Date.parse("2026-03-28T23:00:00Z"));
    expect(zones.instantOf(zones.BERLIN, "2026-03-29", 16 * 60)).toBe(Date.parse("2026-03-29T14:00:00Z"));
    expect(zones.instantOf(zones.TORONTO, "2026-11-01", 0)).toBe(Date.parse("2026-11-01T04:00:00Z"));
    expect(zones.instantOf(zones.TORONTO, "2026-11-01", 16 * 60 + 30)).toBe(Date.parse("2026-11-01T21:30:00Z"));
    expect(zones.dateIn(zones.SANTIAGO, Date.parse("2026-09-06T03:59:59Z"))).toBe("2026-09-05");
    expect(zones.dateIn(zones.SANTIAGO, Date.parse("2026-09-06T04:00:00Z"))).toBe("2026-09-06");
  });
});
